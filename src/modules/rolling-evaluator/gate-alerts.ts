import type { GatesDocument } from '#domain/events.ts';
import type { PublishedFact } from '#engine/module.ts';
import type { EvaluatorParameters } from './evaluator-parameters.ts';

/** Names of the alerts (FX desk specification i.4). */
const eligibleAlert = 'eligible-below-minimum';
const cooldownAlert = 'cooldown-lockout';

/** Since when a condition has held, null while it does not, and whether it has been told. */
interface AlertTime {
  sinceAt: number | null;
  isRaised: boolean;
}

/** Both alerts of the evaluator: plain data. */
export interface AlertTimes {
  eligible: AlertTime;
  cooldown: AlertTime;
}

export function createAlertTimes(): AlertTimes {
  return { eligible: { sinceAt: null, isRaised: false }, cooldown: { sinceAt: null, isRaised: false } };
}

type AlertParameters = Pick<
  EvaluatorParameters,
  'eligibleAlertMinimum' | 'eligibleAlertSeconds' | 'cooldownAlertMinimum' | 'cooldownAlertSeconds'
>;

/**
 * Watches each published document: too few eligible, or too many in cooldown, for long enough. While every session is closed nobody could
 * trade anyway: both conditions count as over.
 */
export function watchGates(
  alerts: AlertTimes,
  document: GatesDocument,
  parameters: AlertParameters,
  publish: (fact: PublishedFact) => void,
): void {
  const isAnyOpen = Object.values(document.sessions).some(({ open }) => open);
  const eligible = count(document.gates);
  const cooling = count(document.cooldowns);
  const { eligibleAlertMinimum, eligibleAlertSeconds, cooldownAlertMinimum, cooldownAlertSeconds } = parameters;
  const watch = (time: AlertTime, condition: Condition): void => follow(time, condition, document.ts, publish);
  watch(alerts.eligible, {
    name: eligibleAlert,
    holds: isAnyOpen && eligible < eligibleAlertMinimum,
    spanMs: eligibleAlertSeconds * 1000,
    reason: `${eligible} eligible, expected at least ${eligibleAlertMinimum}`,
  });
  watch(alerts.cooldown, {
    name: cooldownAlert,
    holds: isAnyOpen && cooling >= cooldownAlertMinimum,
    spanMs: cooldownAlertSeconds * 1000,
    reason: `${cooling} in cooldown, expected fewer than ${cooldownAlertMinimum}`,
  });
}

interface Condition {
  readonly name: string;
  readonly holds: boolean;
  readonly spanMs: number;
  readonly reason: string;
}

function follow(time: AlertTime, condition: Condition, at: number, publish: (fact: PublishedFact) => void): void {
  const { name, holds, spanMs, reason } = condition;
  if (!holds) {
    time.sinceAt = null;
    if (time.isRaised) publish({ type: 'alert.cleared', at, name });
    time.isRaised = false;
    return;
  }
  time.sinceAt ??= at;
  if (time.isRaised || at - time.sinceAt < spanMs) return;
  time.isRaised = true;
  publish({ type: 'alert.raised', at, name, reason });
}

function count(flags: Readonly<Record<string, 0 | 1>>): number {
  return Object.values(flags).filter((flag) => flag === 1).length;
}
