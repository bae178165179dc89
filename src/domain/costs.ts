import { z } from 'zod';
import { assert, present } from '#base/assert.ts';
import { type Instrument, pipTicks } from './instrument.ts';

const hourMs = 3_600_000;
/** 1970-01-05 was a Monday: hour 0 of the week is Monday 00:00 UTC. */
const firstMondayAt = 4 * 24 * hourMs;

/**
 * What trading one instrument costs. `spreadPips` has one figure (the same all week) or 168 (by UTC hour of the week,
 * Monday 00:00 first). Slippage is paid on every market or stop fill. Commission is per million of base currency and side.
 */
export const instrumentCostSchema = z.strictObject({
  spreadPips: z
    .array(z.number().min(0))
    .refine((list) => list.length === 1 || list.length === 168, 'one figure or 168')
    .describe('One spread for all hours, or 168: one for each hour of the week from Monday 00:00 UTC.'),
  slippagePips: z.number().min(0).describe('Paid on every market or stop fill.'),
  commissionPerMillion: z.number().min(0).describe('Per million of base currency and side, in account currency.'),
});
export type InstrumentCost = Readonly<z.infer<typeof instrumentCostSchema>>;

/**
 * Costs of a desk. `financing` holds yearly interest rates by currency; a position pays or earns the difference of its two
 * currencies, less the markup, for each day it is held over 17:00 New York. Latencies are of the simulated venue.
 */
export const costsSchema = z.strictObject({
  instruments: z.record(z.string(), instrumentCostSchema).describe('Costs of single instruments, by symbol.'),
  otherwise: instrumentCostSchema.describe('Costs of every other instrument.'),
  financingRates: z.record(z.string(), z.number()).describe('Yearly interest rates by currency.'),
  financingMarkup: z.number().min(0).describe("The venue's share of every financing, as a yearly rate."),
  latencyMs: z.int().min(0).describe('Time between an order and its arrival at the simulated venue.'),
  closeOutFraction: z
    .number()
    .gt(0)
    .max(1)
    .describe('Share of the margin that equity must not fall below; there the venue closes out.'),
});
export type Costs = Readonly<z.infer<typeof costsSchema>>;

/** Hour of the week, 0 for Monday 00:00 UTC. */
export function hourOfWeek(at: number): number {
  const hours = Math.floor((at - firstMondayAt) / hourMs);
  return ((hours % 168) + 168) % 168;
}

export function instrumentCost(costs: Costs, instrument: Instrument): InstrumentCost {
  return costs.instruments[instrument.symbol] ?? costs.otherwise;
}

/** The spread in ticks that the cost table gives at a time; at least one tick where the table's figure is above zero. */
export function spreadTicksAt(costs: Costs, instrument: Instrument, at: number): number {
  const { spreadPips } = instrumentCost(costs, instrument);
  const index = spreadPips.length === 1 ? 0 : hourOfWeek(at);
  const pips = present(spreadPips[index], 'spread of the hour');
  return Math.ceil(pips * pipTicks(instrument) - 1e-9);
}

/** Slippage in ticks, rounded up against the trader. */
export function slippageTicks(costs: Costs, instrument: Instrument): number {
  return Math.ceil(instrumentCost(costs, instrument).slippagePips * pipTicks(instrument) - 1e-9);
}

/** Medians of curves already sorted once: a document's curve never changes, and the gate asks every minute. */
const medians = new WeakMap<readonly number[], number>();

/** The median of the table's spread as basis points of a price in ticks; the spread gate's default is twice this. */
export function medianSpreadBps(costs: Costs, instrument: Instrument, midPrice: number): number {
  assert(midPrice > 0, `a mid price is positive, found '${midPrice}'`);
  return ((medianOf(instrumentCost(costs, instrument).spreadPips) * pipTicks(instrument)) / midPrice) * 10_000;
}

function medianOf(curve: readonly number[]): number {
  const known = medians.get(curve);
  if (known !== undefined) return known;
  const sorted = curve.toSorted((a, b) => a - b);
  const median = present(sorted[Math.floor((sorted.length - 1) / 2)], 'median spread');
  medians.set(curve, median);
  return median;
}
