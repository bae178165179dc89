import { z } from 'zod';
import { costsSchema } from './costs.ts';
import { modes, slotNames } from './pipeline.ts';

const fraction = z.number().min(0).max(1);
const modeSchema = z.enum(modes);

/** A desk: a venue account, a universe, and which modules stand in which slots, in which mode and order. */
export const deskSchema = z.strictObject({
  venue: z.string().describe('The venue that the account is at.'),
  accountCurrency: z.string().describe('The currency that money is counted in.'),
  moneyDecimals: z.int().min(0).max(8).describe('Decimals that money is counted to.'),
  universe: z.array(z.string()).min(1),
  decisionGridMs: z.int().positive().describe("Time between two ticks of the desk's clock."),
  barIntervalMs: z.int().positive().describe('Length of the bars that decisions are made of.'),
  barrierWaitMs: z.int().min(0).describe('Longest wait for the bars of a minute that are still missing.'),
  slots: z
    .partialRecord(z.enum(slotNames), z.array(z.string()))
    .describe('Names of the modules in each slot, in the order in which they are asked.'),
  modes: z
    .record(z.string(), modeSchema)
    .describe('How far the word of a module counts; ACTIVE where nothing is said.'),
  modeCap: modeSchema.describe('No module counts further than this.'),
  shadowLimit: z.int().min(0).max(32).describe('Modules that are scored in the shadow at one time.'),
});
export type DeskPolicy = Readonly<z.infer<typeof deskSchema>>;

/** The hard limits. Zero switches a ceiling off where its meaning says so; the kill switch is not a policy. */
export const limitsSchema = z.strictObject({
  /** Units held in one instrument; 0 is off. */
  maximumPositionUnits: z.number().min(0),
  /** Loss of equity since the day's first mark, in account currency; 0 is off. */
  maximumDailyLoss: z.number().min(0),
  maximumPositions: z.int().min(0),
  maximumNetUnits: z.number().min(0),
  maximumLeverage: z.number().positive().describe('Worth of all positions as a multiple of equity.'),
  maximumOrderNotional: z.number().min(0).describe('Worth of one order in account currency; 0 is off.'),
  maximumOrdersPerMinute: z.int().positive().describe('Orders sent in a minute.'),
  priceCollarBps: z.number().positive().describe("How far an order's price may be from the mid, in basis points."),
  maximumCurrencyExposure: z
    .number()
    .min(0)
    .describe('Net exposure to one currency as a multiple of equity; 0 is off.'),
  markAgeMsMax: z.int().positive().describe('Age from which on a price is too old for an increase.'),
});
export type LimitsPolicy = Readonly<z.infer<typeof limitsSchema>>;

/** How the FX strategy reads the market: guards, direction, cooldowns and exits. May differ by instrument. */
export const strategySchema = z.strictObject({
  guardProfile: z.enum(['seed', 'calibrated']),
  minimumCoherence: fraction,
  minimumStability: fraction,
  maximumRupture: fraction,
  maximumEntropy: fraction,
  coherencePercentile: fraction.describe(
    'Percentile of its own last days that coherence must reach under the calibrated guards.',
  ),
  entropyPercentile: fraction.describe(
    'Percentile of its own last days that entropy must stay below under the calibrated guards.',
  ),
  rupturePercentile: fraction.describe(
    'Percentile of its own last days that rupture must stay below under the calibrated guards.',
  ),
  signaturePrecision: z.int().min(0).max(6),
  signatureLookbackMinutes: z.int().min(1).max(1440),
  directionMode: z.enum(['combined']),
  directionLookback: z.int().min(1).max(480),
  directionThresholdBps: z.number().min(0),
  deltaCoherenceMode: z.enum(['pattern', 'coherence', 'off']),
  deltaCoherenceMinimum: z.number().min(-1).max(1),
  entryCooldownSeconds: z.int().min(0),
  exitCooldownSeconds: z.int().min(0),
  exitSlopeEnabled: z.boolean(),
  /** Null stands for the direction threshold. */
  exitSlopeBps: z.number().min(0).nullable(),
  exitPnlEnabled: z.boolean(),
  exitPnlTakeProfit: z.number().positive(),
  exitPnlStopLoss: z.number().negative(),
  exitPnlUnit: z.enum(['price_pct', 'account_ccy', 'margin_pct']),
  bracketEnabled: z.boolean(),
  bracketMode: z.enum(['fixed', 'atr']),
  bracketIntervalMinutes: z.int().positive(),
  bracketLength: z.int().min(1).max(500),
  bracketMultiple: z.number().positive(),
  bracketRewardRisk: z.number().positive(),
  stopLossPips: z.number().positive(),
  sessionTradingEnabled: z.boolean(),
  sessionExitMinutes: z.int().min(0),
  gapHoldBars: z.int().min(0).describe('Bars without an entry after a gap longer than an hour.'),
});
export type StrategyPolicy = Readonly<z.infer<typeof strategySchema>>;

/** Lifts a document from one version to the next. */
export type PolicyUpgrade = (document: Record<string, unknown>) => Record<string, unknown>;

/** One policy domain: its schema, its current version and the chain that lifts older documents to it. */
export interface PolicyDomain {
  readonly schema: z.ZodObject;
  readonly version: number;
  /** `upgrades[n]` lifts version n + 1 to n + 2. */
  readonly upgrades: readonly PolicyUpgrade[];
  /** True where one document holds for the whole desk: one for an instrument would have no effect, so it is refused. */
  readonly isDeskWide?: boolean;
  /** A desk whose documents of this domain every run keeps, even where no module of the run reads them. */
  readonly keptForDesk?: string;
}

/** The domains of the house. Each module adds its own parameters as a domain named after itself. */
export const housePolicies: Readonly<Record<'desk' | 'limits' | 'costs' | 'strategy', PolicyDomain>> = {
  desk: { schema: deskSchema, version: 1, upgrades: [], isDeskWide: true },
  limits: { schema: limitsSchema, version: 1, upgrades: [], isDeskWide: true },
  costs: { schema: costsSchema, version: 1, upgrades: [], isDeskWide: true },
  strategy: { schema: strategySchema, version: 1, upgrades: [] },
};

/** The parts of a document key `domain/desk[/instrument symbol]`. */
export interface PolicyKey {
  readonly domain: string;
  readonly desk: string;
  readonly symbol: string | undefined;
}

export function parsePolicyKey(key: string): PolicyKey | undefined {
  const match = /^([a-z][a-z0-9-]*)\/([a-z]+)(?:\/([A-Z0-9_]+))?$/.exec(key);
  if (match === null || match[1] === undefined || match[2] === undefined) return undefined;
  return { domain: match[1], desk: match[2], symbol: match[3] };
}

/** Lifts a document from the version it was written with to the domain's current one. */
function upgradePolicy(
  domain: PolicyDomain,
  document: Record<string, unknown>,
  version: number,
): Record<string, unknown> {
  let lifted = document;
  for (const upgrade of domain.upgrades.slice(version - 1)) lifted = upgrade(lifted);
  return lifted;
}

/**
 * The document in force, or the first thing that is wrong with it. A document for one instrument holds only what differs,
 * so it is checked against the partial schema.
 */
export function parsePolicy(
  domain: PolicyDomain,
  document: Record<string, unknown>,
  schemaVersion: number,
  isPartial: boolean,
): { readonly document: Record<string, unknown> } | { readonly problem: string } {
  if (schemaVersion < 1 || schemaVersion > domain.version) {
    return { problem: `schema version ${schemaVersion} is not 1 to ${domain.version}` };
  }
  const schema = isPartial ? domain.schema.partial() : domain.schema;
  const lifted = upgradePolicy(domain, document, schemaVersion);
  const parsed = schema.safeParse(lifted);
  if (parsed.success) return { document: isPartial ? onlyStated(parsed.data, Object.keys(lifted)) : parsed.data };
  const issue = parsed.error.issues[0];
  return { problem: `'${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is not as expected'}` };
}

/** Leaves out what a schema's defaults filled in: a document of one instrument must not override what it does not name. */
function onlyStated(document: Record<string, unknown>, stated: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).filter(([field]) => stated.includes(field)));
}
