import { type Event, type EventByType, originOf } from '#domain/events.ts';
import type { Engine } from '#engine/engine.ts';
import { isJournalled, step } from '#engine/step.ts';
import { askAtRest, changeAtRest } from '../change-at-rest.ts';
import type { DeskAtRest } from '../desk-at-rest.ts';
import { RunError } from '../run-folder.ts';
import { writePolicySnapshot } from './policy-snapshot-files.ts';
import { currentPolicies, type PolicyOutcome, type PolicyUpdate, preparePolicy } from './policy-store.ts';

/** The changes of policy that a stopped desk shall take in, and what is said of them. */
export interface PlannedPolicies<T> {
  readonly changes: readonly EventByType['policy.changed'][];
  readonly result: T;
}

/**
 * Writes changes of policy into a run's journal while nothing runs, at the time of its last event, then the snapshot beside it. A dry run
 * plans and writes nothing. Throws a `RunError` where the journal cannot be decided anew, or where a change would send an order,
 * which only a running desk may do.
 */
export async function changePoliciesAtRest<T>(
  folder: string,
  plan: (engine: Engine) => PlannedPolicies<T>,
  isDryRun: boolean,
): Promise<T> {
  if (isDryRun) return askAtRest(folder, (desk) => plan(wholeEngine(folder, desk)).result);
  return changeAtRest(folder, (desk) => {
    const engine = wholeEngine(folder, desk);
    const { changes, result } = plan(engine);
    const events = changes.length === 0 ? [] : [...desk.lost, ...changes.flatMap((change) => decided(engine, change))];
    return {
      events,
      result,
      afterwards: () => void writePolicySnapshot(folder, currentPolicies(engine)),
    };
  });
}

/** Carries an update out while nothing runs. A refused one is journalled with its refusal, as on a running desk. */
export function updatePolicyAtRest(folder: string, update: PolicyUpdate, isDryRun: boolean): Promise<PolicyOutcome> {
  const plan = (engine: Engine): PlannedPolicies<PolicyOutcome> => {
    const { event, outcome } = preparePolicy(engine, update);
    return { changes: [event], result: outcome };
  };
  return changePoliciesAtRest(folder, plan, isDryRun);
}

/** Everything one change causes, in order, as it will be decided again when the desk starts. */
function decided(engine: Engine, change: EventByType['policy.changed']): Event[] {
  const events: Event[] = [];
  for (const event of step(engine, change)) {
    if (originOf(event.type) === 'command') {
      throw new RunError(
        `policy '${change.key}' would send '${event.type}', which only a running desk may do; nothing was applied`,
      );
    }
    if (isJournalled(engine.state, event)) events.push(event);
  }
  return events;
}

function wholeEngine(folder: string, { engine, difference }: DeskAtRest): Engine {
  if (difference === undefined) return engine;
  throw new RunError(
    `the journal of '${folder}' cannot be decided anew from sequence ${difference.sequence} on: 'replay' names the difference`,
  );
}
