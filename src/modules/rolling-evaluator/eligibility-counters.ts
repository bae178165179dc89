import type { EvaluatorParameters } from './evaluator-parameters.ts';

/** The flag of one instrument and what moves it. */
export interface EligibilityCounters {
  isEligible: boolean;
  passes: number;
  fails: number;
  misses: number;
  /** End of the cooldown, 0 for none so far. */
  cooldownUntilAt: number;
}

export function createCounters(): EligibilityCounters {
  return { isEligible: false, passes: 0, fails: 0, misses: 0, cooldownUntilAt: 0 };
}

/** What a new result means for one that is out, and for one that is in. */
export interface ResultVerdict {
  readonly isPass: boolean;
  readonly isFail: boolean;
}

type CounterRules = Pick<EvaluatorParameters, 'requiredConsecutive' | 'missLimit' | 'cooldownSeconds'>;

/**
 * Takes in one new result (FX desk specification d.3 and d.4). Out: a pass counts toward the flag, anything else is a miss. In: a fail
 * counts against the flag and as a miss, anything else clears both. Enough misses in a row arm the cooldown; the misses of a flag that
 * has just fallen count on. During a cooldown nothing is counted, so that its end finds the instrument with nothing earned.
 */
export function countResult(
  counters: EligibilityCounters,
  verdict: ResultVerdict,
  rules: CounterRules,
  at: number,
): void {
  if (isInCooldown(counters, at)) return;
  if (counters.isEligible) countInside(counters, verdict.isFail, rules.requiredConsecutive);
  else countOutside(counters, verdict.isPass, rules.requiredConsecutive);
  if (counters.misses < rules.missLimit) return;
  counters.isEligible = false;
  counters.passes = 0;
  counters.fails = 0;
  counters.misses = 0;
  counters.cooldownUntilAt = at + rules.cooldownSeconds * 1000;
}

export function isInCooldown(counters: Readonly<EligibilityCounters>, at: number): boolean {
  return at < counters.cooldownUntilAt;
}

function countOutside(counters: EligibilityCounters, isPass: boolean, required: number): void {
  if (!isPass) {
    counters.passes = 0;
    counters.misses += 1;
    return;
  }
  counters.passes += 1;
  counters.misses = 0;
  if (counters.passes >= required) turnFlag(counters, true);
}

function countInside(counters: EligibilityCounters, isFail: boolean, required: number): void {
  if (!isFail) {
    counters.fails = 0;
    counters.misses = 0;
    return;
  }
  counters.fails += 1;
  counters.misses += 1;
  if (counters.fails >= required) turnFlag(counters, false);
}

function turnFlag(counters: EligibilityCounters, isEligible: boolean): void {
  counters.isEligible = isEligible;
  counters.passes = 0;
  counters.fails = 0;
}
