import { closedSession, type InstrumentSession, isNearClose } from '#domain/calendar.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { scheduledSession } from '#domain/instrument-schedule.ts';
import type { ShortfallCode } from './adaptive-floors.ts';
import { isInCooldown } from './eligibility-counters.ts';
import { type EvaluatorContext, type InstrumentEvaluation, runOf } from './evaluator-state.ts';

const dayMs = 86_400_000;

/** Why a gate is closed; each code explains itself and none carries a figure. */
export type GateReason =
  | 'session-closed'
  | 'near-close'
  | DataReason
  | 'not-evaluated'
  | 'cooldown'
  | ShortfallCode
  | 'awaiting-passes'
  | 'pattern-rare'
  | 'hazard-above-max'
  | 'echo-rare'
  | 'echo-hazard-above-max';

export type DataReason = 'no-bars' | 'history-short' | 'no-window' | 'window-stale';

/** Everything that keeps an instrument's gate closed, the widest reason first; none where it is open. */
export function gateReasons(
  evaluation: InstrumentEvaluation | undefined,
  instrument: InstrumentId,
  context: EvaluatorContext,
): GateReason[] {
  if (evaluation === undefined) return ['no-bars'];
  const { mode } = context.parameters(instrument);
  const isEcho = mode === 'echo';
  const missing = isEcho ? missingForEcho(instrument, context) : missingForResult(evaluation, instrument, context);
  return [
    ...sessionReasons(sessionAt(evaluation, context), context.strategy(instrument).sessionExitMinutes),
    ...(missing === undefined ? [] : [missing]),
    ...(isEcho || missing !== undefined ? [] : strictReasons(evaluation, context.at)),
    ...(isEcho ? [] : manifoldReasons(instrument, context)),
    ...(mode === 'strict' ? [] : echoReasons(instrument, context)),
  ];
}

/** The instrument's session now; closed while no calendar is known. */
export function sessionAt(evaluation: InstrumentEvaluation | undefined, context: EvaluatorContext): InstrumentSession {
  const schedule = evaluation?.set.schedule ?? null;
  const isCurrent = schedule !== null && schedule.calendarVersion === context.view.calendar?.version;
  return isCurrent ? scheduledSession(schedule, context.at) : closedSession;
}

/**
 * What is missing for a result of the backtest (FX desk specification d.4): bars, a run as long as the strict span, a window, or one that
 * is young enough.
 */
export function missingForResult(
  evaluation: InstrumentEvaluation,
  instrument: InstrumentId,
  context: EvaluatorContext,
): DataReason | undefined {
  const startedAt = runOf(evaluation)?.startedAt ?? null;
  if (startedAt === null) return 'no-bars';
  if (context.at - startedAt < context.parameters(instrument).windowDays * dayMs) return 'history-short';
  return missingForEcho(instrument, context);
}

/** What is missing to look at the newest window alone. */
function missingForEcho(instrument: InstrumentId, context: EvaluatorContext): DataReason | undefined {
  const manifold = context.view.markets[instrument]?.manifold;
  if (manifold === undefined || manifold.windowCount === 0) return 'no-window';
  const ageMs = context.at - (manifold.window.windowEndAt + context.desk.barIntervalMs);
  return ageMs > context.parameters(instrument).manifoldMaxAgeSeconds * 1000 ? 'window-stale' : undefined;
}

function sessionReasons(session: InstrumentSession, exitMinutes: number): GateReason[] {
  if (!session.isOpen) return ['session-closed'];
  return isNearClose(session, exitMinutes) ? ['near-close'] : [];
}

function strictReasons({ counters, hasResult, shortfalls }: InstrumentEvaluation, at: number): readonly GateReason[] {
  if (isInCooldown(counters, at)) return ['cooldown'];
  if (counters.isEligible) return [];
  if (!hasResult) return ['not-evaluated'];
  return shortfalls.length > 0 ? shortfalls : ['awaiting-passes'];
}

function manifoldReasons(instrument: InstrumentId, context: EvaluatorContext): GateReason[] {
  const { patternGateEnabled, patternMinimumOccurrences, maximumHazard } = context.parameters(instrument);
  const published = context.view.manifolds[instrument];
  const reasons: GateReason[] = [];
  if (patternGateEnabled && (published?.repetitionCount ?? 0) < patternMinimumOccurrences) reasons.push('pattern-rare');
  if (maximumHazard !== null && !((published?.hazardLambda ?? 1) <= maximumHazard)) reasons.push('hazard-above-max');
  return reasons;
}

/** The second generation's gate: a window seen often enough within the hour, and calm enough itself. */
function echoReasons(instrument: InstrumentId, context: EvaluatorContext): GateReason[] {
  const { echoMinimumRepetitions, echoHazardMaximum } = context.parameters(instrument);
  const published = context.view.manifolds[instrument];
  const reasons: GateReason[] = [];
  if ((published?.repetitionCount ?? 0) < echoMinimumRepetitions) reasons.push('echo-rare');
  if (!((published?.rupture ?? 1) <= echoHazardMaximum)) reasons.push('echo-hazard-above-max');
  return reasons;
}
