import { z } from 'zod';

/*
 * The whole public shape of the API: what a request may hold and what an answer holds. Money is in whole account units, prices are
 * decimals, shares are fractions, instants are ms UTC of event time.
 */

const figure = z.number();
const optional = z.number().nullable();

const instrumentSchema = z.strictObject({
  id: z.string(),
  symbol: z.string(),
  priceDecimals: z.int(),
  midPrice: optional,
  spreadBps: optional,
  session: z.strictObject({ isOpen: z.boolean(), minutesToClose: figure }),
  isEligible: z.boolean(),
  reasons: z.array(z.string()),
  buffer: optional,
  isCoolingDown: z.boolean(),
  weight: figure,
  coherence: optional,
  stability: optional,
  entropy: optional,
  rupture: optional,
  hazard: optional,
  manifoldAgeSeconds: optional,
  signedQuantity: z.int(),
  averagePrice: figure,
  unrealizedPnl: figure,
  marginUsed: figure,
  marginPerUnit: optional,
  denial: z.string().nullable(),
  trades30d: z.int().nullable(),
  calmar30d: optional,
});

const orderSchema = z.strictObject({
  clientOrderId: z.string(),
  instrument: z.string(),
  side: z.string(),
  quantity: z.int(),
  purpose: z.string(),
  state: z.string(),
  stopPrice: optional,
  limitPrice: optional,
});

const moduleSchema = z.strictObject({
  name: z.string(),
  displayName: z.string(),
  slot: z.string(),
  mode: z.string(),
  calls: z.int(),
  changed: z.int(),
  refused: z.int(),
  failed: z.int(),
});

/** A desk as it shows itself, whoever asks. */
export const deskStatusSchema = z.strictObject({
  desk: z.string(),
  kind: z.string(),
  runId: z.string(),
  at: z.int(),
  isWarm: z.boolean(),
  market: z.string(),
  isDemonstration: z.boolean(),
  speed: figure,
  isMarketOpen: z.boolean(),
  kill: z.strictObject({ isEngaged: z.boolean(), actor: z.string(), reason: z.string(), at: z.int() }),
  venue: z
    .strictObject({
      venue: z.string(),
      account: z.string(),
      environment: z.string(),
      isArmed: z.boolean(),
      impairments: z.array(
        z.strictObject({ part: z.string(), instrument: z.string().nullable(), reason: z.string(), at: z.int() }),
      ),
      unresolved: z.int(),
    })
    .nullable(),
  accountCurrency: z.string(),
  account: z.strictObject({
    balance: figure,
    equity: figure,
    unrealizedPnl: figure,
    marginUsed: figure,
    marginAvailable: figure,
    marginUtilization: figure,
    dayPnl: figure,
    realizedPnl: figure,
    fees: figure,
    financing: figure,
    spreadCosts: figure,
  }),
  budget: z.strictObject({ budget: figure, perPositionCap: figure }).nullable(),
  counts: z.record(z.string(), z.int()),
  gates: z.strictObject({ at: z.int(), ageSeconds: figure }).nullable(),
  weights: z
    .strictObject({
      at: z.int(),
      isHeld: z.boolean(),
      isFallback: z.boolean(),
      reason: z.string(),
      weights: z.record(z.string(), z.number()),
    })
    .nullable(),
  instruments: z.array(instrumentSchema),
  orders: z.array(orderSchema),
  modules: z.array(moduleSchema),
  alerts: z.array(z.strictObject({ name: z.string(), raisedAt: z.int(), reason: z.string() })),
  decisionsHash: z.string(),
});

/** The short answer about being alive; its names are those of the first releases. */
export const healthSchema = z.strictObject({
  status: z.enum(['ok', 'warming-up']),
  /** Wall time, ISO 8601. */
  timestamp: z.string(),
  kill_switch: z.boolean(),
  trading_active: z.boolean(),
  enabled_pairs: z.array(z.string()),
  service: z.literal('tradewind'),
});
export type Health = z.infer<typeof healthSchema>;

/** `GET /api/status`: the desk and, beside it, the short answer. */
export const statusAnswerSchema = z.strictObject({ ...deskStatusSchema.shape, ...healthSchema.shape });
export type StatusAnswer = z.infer<typeof statusAnswerSchema>;

/** `GET /api/kill-switch`. */
export const killStateSchema = z.strictObject({ kill_switch: z.boolean() });

const reasonLength = 500;

/**
 * `POST /api/kill-switch`: true engages, false releases, under either name. A body that says neither, or two different things,
 * changes nothing. To release needs `confirm: true`.
 */
export const killRequestSchema = z
  .object({
    enabled: z.boolean().optional(),
    kill_switch: z.boolean().optional(),
    reason: z
      .string()
      .transform((text) => text.trim().slice(0, reasonLength))
      .optional(),
    flatten: z.boolean().optional(),
    confirm: z.boolean().optional(),
  })
  .refine(({ enabled, kill_switch }) => enabled !== undefined || kill_switch !== undefined, {
    error: "expected 'enabled' or 'kill_switch', true or false",
  })
  .refine(({ enabled, kill_switch }) => enabled === undefined || kill_switch === undefined || enabled === kill_switch, {
    error: "expected 'enabled' and 'kill_switch' to say the same",
  })
  .transform(({ enabled, kill_switch, reason, flatten, confirm }) => ({
    isEngaging: enabled ?? kill_switch === true,
    reason: reason ?? '',
    isFlattening: flatten === true,
    isConfirmed: confirm === true,
  }));
export type KillRequest = z.infer<typeof killRequestSchema>;

/** What a change of the kill switch answers. */
export const killAnswerSchema = z.strictObject({ kill_switch: z.boolean(), message: z.string() });

/** Every refusal. */
export const errorSchema = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });
export type ErrorAnswer = z.infer<typeof errorSchema>;
