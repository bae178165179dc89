import type { GatesDocument } from '#domain/events.ts';
import { bufferOf } from './adaptive-floors.ts';
import { isInCooldown } from './eligibility-counters.ts';
import type { EvaluatorContext, EvaluatorState } from './evaluator-state.ts';
import { gateReasons, sessionAt } from './gate-reasons.ts';

/**
 * The document of all gates (FX desk specification d.6), by symbol in the order of the instruments. Under echo alone buffers and cooldowns
 * are 0. The hazard is that of the newest window, which is its rupture; repetitions are counted as of that window too.
 */
export function gatesDocument(state: EvaluatorState, sequence: number, context: EvaluatorContext): GatesDocument {
  const gates: Record<string, 0 | 1> = {};
  const cooldowns: Record<string, 0 | 1> = {};
  const bufs: Record<string, number> = {};
  const reasons: Record<string, string[]> = {};
  const sessions: Record<string, { open: boolean; minutesToClose: number }> = {};
  const repetition: Record<string, { count: number; firstSeenAt: number }> = {};
  const hazard: Record<string, number> = {};
  for (const instrument of context.universe) {
    const symbol = context.view.markets[instrument]?.instrument.symbol;
    if (symbol === undefined) continue;
    const evaluation = state.byInstrument[instrument];
    const parameters = context.parameters(instrument);
    const isEcho = parameters.mode === 'echo';
    const closedBy = gateReasons(evaluation, instrument, context);
    const session = sessionAt(evaluation, context);
    const published = context.view.manifolds[instrument];
    gates[symbol] = closedBy.length === 0 ? 1 : 0;
    cooldowns[symbol] = !isEcho && evaluation !== undefined && isInCooldown(evaluation.counters, context.at) ? 1 : 0;
    bufs[symbol] = isEcho ? 0 : bufferOf(parameters, symbol);
    reasons[symbol] = closedBy;
    sessions[symbol] = { open: session.isOpen, minutesToClose: session.minutesToClose };
    if (published === undefined) continue;
    repetition[symbol] = { count: published.repetitionCount, firstSeenAt: published.firstSeenAt };
    hazard[symbol] = published.rupture;
  }
  const { intervalSeconds } = context.parameters();
  return {
    ts: context.at,
    v: 1,
    seq: sequence,
    intervalSeconds,
    gates,
    cooldowns,
    bufs,
    reasons,
    sessions,
    repetition,
    hazard,
  };
}
