import { z } from 'zod';
import type { DecisionEntry } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Signal } from '#domain/pipeline.ts';
import { isInSession } from '#domain/trading-session.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { slopeBps } from '#metrics/combined-direction.ts';

const parameters = z.strictObject({
  isEnabled: z.boolean().default(false),
  /** Time without an entry of the desk after which a pulse is sent. */
  intervalSeconds: z.int().positive().default(270),
  /** Cap of a pulse as a share of the desk's budget. */
  sizeFraction: z.number().gt(0).max(1).default(0.02),
});
type Context = ModuleContext<z.infer<typeof parameters>>;

/** When the desk last sent an order that may open; 0 for never. */
interface LastEntry {
  enteredAt: number;
}

const noEntries: readonly DecisionEntry[] = [];

/**
 * Where the desk has not entered for a while, signals the best open instrument in a tiny size (FX desk specification g). It
 * trades by schedule and not by signal, so it is off by default.
 */
export const pulseTrader = defineModule<LastEntry, z.infer<typeof parameters>>({
  name: 'pulse-trader',
  displayName: 'Pulse trader',
  purpose: 'Signals the best open instrument in a tiny size where the desk has not entered for a while.',
  parameters,
  initialState: () => ({ enteredAt: 0 }),
  evolve: {
    'order.submitted': (state, event) => {
      if (event.order.purpose === 'entry') state.enteredAt = event.at;
    },
  },
  propose: {
    signal: (value, state, context) => {
      const { isEnabled, intervalSeconds, sizeFraction } = context.parameters();
      if (!isEnabled) return { value, entries: noEntries, reason: 'disabled' };
      const isWaiting = state.enteredAt > 0 && context.at - state.enteredAt < intervalSeconds * 1000;
      if (isWaiting) return { value, entries: noEntries, reason: 'waiting' };
      const best = bestInstrument(value, context);
      if (best === undefined) return { value, entries: noEntries, reason: 'no-open-instrument' };
      const signal = pulseOf(best, sizeFraction, context);
      if (signal === undefined) return { value, entries: [{ subject: best, code: 'flat', value: 0 }] };
      const entry = { subject: best, code: `pulse-${signal.direction}`, value: signal.confidence };
      return { value: [...value, signal], entries: [entry] };
    },
  },
});

/** The open instrument without a position or a signal that scores highest; of equals, the first by id. */
function bestInstrument(signals: readonly Signal[], context: Context): InstrumentId | undefined {
  let best: InstrumentId | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const instrument of context.universe) {
    const score = scoreOf(instrument, context);
    if (score === undefined || score <= bestScore) continue;
    if ((context.view.positions[instrument]?.signedQuantity ?? 0) !== 0) continue;
    if (signals.some((signal) => signal.instrument === instrument) || !isOpen(instrument, context)) continue;
    best = instrument;
    bestScore = score;
  }
  return best;
}

/** The allocator's score, which it publishes by symbol; where no weights have been published, the coherence of the newest window. */
function scoreOf(instrument: InstrumentId, context: Context): number | undefined {
  const { markets, weights } = context.view;
  const market = markets[instrument];
  if (market === undefined) return undefined;
  if (weights !== null) return weights.scores[market.instrument.symbol];
  return market.manifold.windowCount === 0 ? undefined : market.manifold.window.coherence;
}

/** Inside its sessions and not near their end. A gate that the evaluator has closed would block the pulse, so it counts too. */
function isOpen(instrument: InstrumentId, context: Context): boolean {
  const { calendar, gates, markets } = context.view;
  const market = markets[instrument];
  if (market === undefined) return false;
  if (gates !== null && gates.gates[market.instrument.symbol] !== 1) return false;
  return isInSession(calendar, market.instrument, context.strategy(instrument), context.at);
}

/**
 * The signal in the direction of the slope: what the combined direction gives without its threshold, and also what is left
 * of it where coherence or price do not agree. Undefined where price stands where it stood.
 */
function pulseOf(instrument: InstrumentId, sizeFraction: number, context: Context): Signal | undefined {
  const close = context.closeAgo(instrument, 0);
  const closeBefore = context.closeAgo(instrument, context.strategy(instrument).directionLookback);
  if (close === undefined || closeBefore === undefined) return undefined;
  const slope = slopeBps(close, closeBefore);
  if (slope === 0) return undefined;
  const coherence = context.view.markets[instrument]?.manifold.window.coherence ?? 0;
  return {
    instrument,
    direction: slope > 0 ? 'long' : 'short',
    confidence: Math.max(0, Math.min(1, coherence)),
    strategy: 'pulse',
    reason: 'pulse',
    sizeFraction,
  };
}
