import { z } from 'zod';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import { calendarSchema } from './calendar.ts';
import { orderAnswerSchemas, orderIntentSchemas } from './events/order-events.ts';
import { venueEventSchemas } from './events/venue-events.ts';
import { instrumentSchema } from './instrument.ts';
import { jobIdSchema } from './job.ts';
import { modes, slotNames } from './pipeline.ts';

const at = z.int();
const instrument = z.string();
const code = z.string().min(1);
const actor = z.string().min(1);
/** The W3C trace that an operator's request came in; absent where it came in none. */
const traceparent = z
  .string()
  .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
  .optional();

/** What each module call said of one subject: a short code, and the figure behind it (a quantity, a price, a score). */
export const decisionEntrySchema = z.strictObject({ subject: z.string(), code, value: z.number().nullable() });
export type DecisionEntry = DeepReadonly<z.infer<typeof decisionEntrySchema>>;

export const summarySchema = z.strictObject({
  trades: z.int(),
  winRate: z.number(),
  pnlTotal: z.number(),
  maxDrawdown: z.number(),
  calmar: z.number(),
});
export type EvaluationSummary = DeepReadonly<z.infer<typeof summarySchema>>;

export const gatesSchema = z.strictObject({
  ts: z.int(),
  v: z.literal(1),
  seq: z.int(),
  intervalSeconds: z.int(),
  gates: z.record(z.string(), z.union([z.literal(0), z.literal(1)])),
  cooldowns: z.record(z.string(), z.union([z.literal(0), z.literal(1)])),
  bufs: z.record(z.string(), z.number().min(0).max(0.3)),
  reasons: z.record(z.string(), z.array(z.string())),
  sessions: z.record(z.string(), z.strictObject({ open: z.boolean(), minutesToClose: z.number() })),
  repetition: z.record(z.string(), z.strictObject({ count: z.int(), firstSeenAt: z.int() })),
  hazard: z.record(z.string(), z.number()),
});
export type GatesDocument = DeepReadonly<z.infer<typeof gatesSchema>>;

export const weightsSchema = z.strictObject({
  publishedAt: z.int(),
  topK: z.int(),
  weights: z.record(z.string(), z.number()),
  exposureFractions: z.record(z.string(), z.number()),
  scores: z.record(z.string(), z.number()),
  isHeld: z.boolean(),
  heldSinceAt: z.int().nullable(),
  isFallback: z.boolean(),
  eligibleCount: z.int(),
  gatesAgeSeconds: z.number().nullable(),
  reason: z.string(),
});
export type WeightsDocument = DeepReadonly<z.infer<typeof weightsSchema>>;

/**
 * The event table: every fact the system knows, by name. The union type, the journal, replay, the API stream, the bus
 * envelope, the generators of property tests and the reference page are derived from it.
 */
export const eventSchemas = {
  'run.started': z.strictObject({
    type: z.literal('run.started'),
    at,
    runId: z.string(),
    kind: z.enum(['live', 'paper', 'backtest']),
    desk: z.string(),
    seed: z.int(),
    startBalance: z.int(),
    /** False where only inputs, decisions and commands are journalled, as in long backtests. */
    recordsFacts: z.boolean(),
    configHash: z.string(),
    dataHash: z.string(),
    codeVersion: z.string(),
  }),
  'policy.changed': z.strictObject({
    type: z.literal('policy.changed'),
    at,
    key: z.string(),
    version: z.int().min(1),
    schemaVersion: z.int().min(1),
    document: z.record(z.string(), z.unknown()),
    actor,
    reason: z.string(),
    traceparent,
  }),
  'policy.refused': z.strictObject({
    type: z.literal('policy.refused'),
    at,
    key: z.string(),
    actor,
    reason: z.string(),
  }),
  'calendar.loaded': z.strictObject({ type: z.literal('calendar.loaded'), at, calendar: calendarSchema }),
  'instrument.listed': z.strictObject({
    type: z.literal('instrument.listed'),
    at,
    instrument: instrumentSchema,
    hasVolume: z.boolean(),
    priceBasis: z.enum(['bid', 'mid']),
  }),
  /** History has been taken in; from here on the desk decides. */
  'warmup.completed': z.strictObject({ type: z.literal('warmup.completed'), at, bars: z.int() }),
  'time.ticked': z.strictObject({ type: z.literal('time.ticked'), at }),
  /** A time that the desk had set itself is here: a venue's own stop is waited for no longer, or no stop at all. */
  'deadline.reached': z.strictObject({
    type: z.literal('deadline.reached'),
    at,
    kind: z.enum(['venueStop', 'protection']),
    instrument,
  }),
  'bar.closed': z.strictObject({
    type: z.literal('bar.closed'),
    at,
    instrument,
    openAt: z.int(),
    open: z.int(),
    high: z.int(),
    low: z.int(),
    close: z.int(),
    volume: z.number(),
    spread: z.int(),
  }),
  'quote.updated': z.strictObject({
    type: z.literal('quote.updated'),
    at,
    instrument,
    bidPrice: z.int(),
    askPrice: z.int(),
  }),
  'feed.stalled': z.strictObject({ type: z.literal('feed.stalled'), at, instrument, reason: z.string() }),
  ...orderAnswerSchemas,
  ...venueEventSchemas,
  'kill.engaged': z.strictObject({ type: z.literal('kill.engaged'), at, actor, reason: z.string(), traceparent }),
  'kill.released': z.strictObject({ type: z.literal('kill.released'), at, actor, reason: z.string(), traceparent }),
  /** The desk may trade for real from here on; typed by an operator. */
  'desk.armed': z.strictObject({ type: z.literal('desk.armed'), at, actor, reason: z.string(), traceparent }),
  'desk.disarmed': z.strictObject({ type: z.literal('desk.disarmed'), at, actor, reason: z.string(), traceparent }),
  'flatten.requested': z.strictObject({
    type: z.literal('flatten.requested'),
    at,
    actor,
    reason: z.string(),
    traceparent,
  }),
  /** An operator asks for less of one instrument; never for more. */
  'reduction.requested': z.strictObject({
    type: z.literal('reduction.requested'),
    at,
    instrument,
    quantity: z.int().positive(),
    actor,
    reason: z.string(),
    traceparent,
  }),
  'module.overran': z.strictObject({ type: z.literal('module.overran'), at, module: z.string(), reason: z.string() }),
  /** Slow work is asked for; a schedule's request says for which of its slots. */
  'job.requested': z.strictObject({
    type: z.literal('job.requested'),
    at,
    jobId: jobIdSchema,
    kind: code,
    input: z.record(z.string(), z.unknown()),
    /** The schedule's name where `dueAt` is there, else who asked. */
    requestedBy: actor,
    dueAt: z.int().optional(),
  }),
  'job.completed': z.strictObject({
    type: z.literal('job.completed'),
    at,
    jobId: jobIdSchema,
    kind: code,
    result: z.record(z.string(), z.unknown()),
    attempts: z.int().min(0),
  }),
  'job.failed': z.strictObject({
    type: z.literal('job.failed'),
    at,
    jobId: jobIdSchema,
    kind: code,
    reason: z.string(),
    attempts: z.int().min(0),
  }),
  'job.canceled': z.strictObject({
    type: z.literal('job.canceled'),
    at,
    jobId: jobIdSchema,
    kind: code,
    attempts: z.int().min(0),
  }),

  'module.decided': z.strictObject({
    type: z.literal('module.decided'),
    at,
    module: z.string(),
    slot: z.enum(slotNames),
    mode: z.enum(modes),
    outcome: z.enum(['kept', 'changed', 'refused', 'failed']),
    reason: z.string(),
    entries: z.array(decisionEntrySchema),
  }),
  'directive.issued': z.strictObject({
    type: z.literal('directive.issued'),
    at,
    module: z.string(),
    action: z.enum(['holdEntries']),
    instrument: z.string().nullable(),
    expiresAt: z.int(),
    reason: z.string(),
  }),

  ...orderIntentSchemas,

  'manifold.published': z.strictObject({
    type: z.literal('manifold.published'),
    at,
    instrument,
    windowEndAt: z.int(),
    endPrice: z.number(),
    coherence: z.number(),
    stability: z.number(),
    entropy: z.number(),
    rupture: z.number(),
    patternCoherence: z.number(),
    downRunRatio: z.number(),
    hazardLambda: z.number(),
    sigmaEffective: z.number(),
    signature: z.string(),
    repetitionCount: z.int(),
    firstSeenAt: z.int(),
  }),
  'evaluation.completed': z.strictObject({
    type: z.literal('evaluation.completed'),
    at,
    instrument,
    parameterKey: z.string(),
    days: z.int(),
    summary: summarySchema,
    floors: z.strictObject({ minimumTrades: z.number(), calmarMinimum: z.number(), pnlMinimum: z.number() }),
    isEligible: z.boolean(),
    /** Passes, fails and misses in a row after this result; absent in journals of earlier versions. */
    counters: z.strictObject({ passes: z.int(), fails: z.int(), misses: z.int() }).optional(),
  }),
  'gates.published': z.strictObject({ type: z.literal('gates.published'), at, document: gatesSchema }),
  'weights.published': z.strictObject({ type: z.literal('weights.published'), at, document: weightsSchema }),
  'alert.raised': z.strictObject({ type: z.literal('alert.raised'), at, name: z.string(), reason: z.string() }),
  'alert.cleared': z.strictObject({ type: z.literal('alert.cleared'), at, name: z.string() }),
  'roundTrip.closed': z.strictObject({
    type: z.literal('roundTrip.closed'),
    at,
    instrument,
    direction: z.enum(['long', 'short']),
    openedAt: z.int(),
    quantity: z.int(),
    entryPrice: z.number(),
    exitPrice: z.number(),
    realizedPnl: z.int(),
    fees: z.int(),
    financing: z.int(),
    spreadCost: z.int(),
    maximumAdverse: z.int(),
    maximumFavorable: z.int(),
    reason: z.string(),
  }),
} as const;

export type EventType = keyof typeof eventSchemas;
type EventOf<T extends EventType> = DeepReadonly<z.infer<(typeof eventSchemas)[T]>>;
export type EventByType = { [T in EventType]: EventOf<T> };
export type Event = EventByType[EventType];

/** Where an event comes from, and so what is journalled: facts only where the journal keeps everything. */
export type EventOrigin = 'input' | 'decision' | 'command' | 'fact';

const decisions: readonly EventType[] = ['module.decided', 'directive.issued', 'order.denied', 'policy.refused'];
const commands: readonly EventType[] = ['order.submitted', 'order.cancelRequested', 'order.amendRequested'];
const facts: readonly EventType[] = [
  'manifold.published',
  'evaluation.completed',
  'gates.published',
  'weights.published',
  'alert.raised',
  'alert.cleared',
  'roundTrip.closed',
];

const originByType: ReadonlyMap<EventType, EventOrigin> = new Map<EventType, EventOrigin>([
  ...decisions.map((type): [EventType, EventOrigin] => [type, 'decision']),
  ...commands.map((type): [EventType, EventOrigin] => [type, 'command']),
  ...facts.map((type): [EventType, EventOrigin] => [type, 'fact']),
]);

/** Inputs come from outside; everything else follows from them. */
export function originOf(type: EventType): EventOrigin {
  return originByType.get(type) ?? 'input';
}

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(eventSchemas, text);
}
