import type { EvaluationSummary } from '#domain/events.ts';
import { parameterKey } from '#domain/parameter-key.ts';
import type { StrategyPolicy } from '#domain/policies.ts';
import type { ShadowRun } from '#metrics/shadow-run/shadow-run.ts';
import { summaryBetween } from '#metrics/shadow-run/slice-summary.ts';
import type { Candidate, SelectionParameters } from './selection-parameters.ts';

const dayMs = 86_400_000;

/** The fields of a strategy that a choice may change. */
export const candidateFields = [
  'coherencePercentile',
  'minimumCoherence',
  'directionLookback',
  'directionThresholdBps',
  'entryCooldownSeconds',
  'exitCooldownSeconds',
] as const satisfies readonly (keyof Candidate & keyof StrategyPolicy)[];

export type ChoiceCode =
  | 'history-short'
  | 'no-candidate'
  | 'current-best'
  | 'hold-out-unprofitable'
  | 'hold-out-not-better'
  | 'chosen';

/** What came of one choice; `changes` holds only fields that differ from the strategy in force, none unless a candidate was chosen. */
export interface ParameterChoice {
  readonly code: ChoiceCode;
  readonly changes: Partial<Record<(typeof candidateFields)[number], number>>;
  readonly reason: string;
}

type ChoiceRules = Pick<SelectionParameters, 'selectionDays' | 'holdOutDays' | 'minimumTrades'>;

/** A run with its result on the selection days. */
interface Ranked {
  readonly run: ShadowRun;
  readonly key: string;
  readonly summary: EvaluationSummary;
}

/**
 * Chooses among the runs of one instrument, the first of which is of the strategy in force. The best on the selection days, which end where
 * the held-out days begin, is the only one that is looked at on the held-out days; there it must have made a profit and be better than
 * the present strategy. Going down the list would choose on the days that are held out (FX desk specification k.20).
 */
export function chooseParameters(runs: readonly ShadowRun[], rules: ChoiceRules, at: number): ParameterChoice {
  const [current] = runs;
  const heldFromAt = at - rules.holdOutDays * dayMs;
  const fromAt = heldFromAt - rules.selectionDays * dayMs;
  if (current === undefined || runs.some(({ startedAt }) => startedAt === null || startedAt > fromAt)) {
    return without('history-short', 'the runs do not span the selection and the held-out days');
  }
  const ranked: Ranked[] = [];
  for (const run of runs) {
    const summary = summaryBetween(run, { fromAt, untilAt: heldFromAt });
    if (summary.trades >= rules.minimumTrades) ranked.push({ run, key: parameterKey(run.settings), summary });
  }
  const best = ranked.sort((first, second) => byRank(first, second, current))[0];
  if (best === undefined) return without('no-candidate', `no run made ${rules.minimumTrades} round trips`);
  if (best.run === current) return without('current-best', `'${best.key}' is in force and the best`);
  const heldOut = (run: ShadowRun): EvaluationSummary =>
    summaryBetween(run, { fromAt: heldFromAt, untilAt: Number.POSITIVE_INFINITY });
  const [proof, rival] = [heldOut(best.run), heldOut(current)];
  if (!(proof.pnlTotal > 0))
    return without('hold-out-unprofitable', `'${best.key}' made no profit on the held-out days`);
  if (compareSummaries(proof, rival) >= 0) {
    return without(
      'hold-out-not-better',
      `'${best.key}' was no better than the strategy in force on the held-out days`,
    );
  }
  return {
    code: 'chosen',
    changes: changesBetween(current, best.run),
    reason: `'${best.key}' was best over ${rules.selectionDays} days and held over the ${rules.holdOutDays} after them`,
  };
}

/** Calmar, then profit, then round trips, each the higher the better (FX desk specification h.5): below 0 where the first is better. */
export function compareSummaries(first: EvaluationSummary, second: EvaluationSummary): number {
  return second.calmar - first.calmar || second.pnlTotal - first.pnlTotal || second.trades - first.trades;
}

/** Of equal results the one in force comes first, then the smaller key: the order of candidates decides nothing. */
function byRank(first: Ranked, second: Ranked, current: ShadowRun): number {
  const difference = compareSummaries(first.summary, second.summary);
  if (difference !== 0 || first.run === second.run) return difference;
  if (first.run === current || second.run === current) return first.run === current ? -1 : 1;
  return first.key < second.key ? -1 : 1;
}

function changesBetween(current: ShadowRun, chosen: ShadowRun): ParameterChoice['changes'] {
  const changes: Partial<Record<(typeof candidateFields)[number], number>> = {};
  for (const field of candidateFields) {
    if (chosen.settings[field] !== current.settings[field]) changes[field] = chosen.settings[field];
  }
  return changes;
}

function without(code: Exclude<ChoiceCode, 'chosen'>, reason: string): ParameterChoice {
  return { code, changes: {}, reason };
}
