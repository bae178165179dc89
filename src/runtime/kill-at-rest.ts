import type { Event } from '#domain/events.ts';
import { isJournalled, step } from '#engine/step.ts';
import { changeAtRest, type RestChange } from './change-at-rest.ts';
import type { DeskAtRest } from './desk-at-rest.ts';
import { RunError } from './run-folder.ts';

/** A change of the kill switch asked for while nothing runs. */
export interface KillChange {
  readonly isEngaging: boolean;
  readonly isFlattening: boolean;
  readonly actor: string;
  readonly reason: string;
}

/**
 * Writes a change of the kill switch into a run's journal while nothing runs, so that the next start has it: durable when this
 * returns, at the time of the last event. What the change causes (cancels, closing orders) is decided and written with it, and sent at
 * the next start. Throws a `FolderLockedError` while a desk runs. Returns what was done, in one sentence.
 */
export function changeKillAtRest(folder: string, change: KillChange): Promise<string> {
  return changeAtRest(folder, (desk) => eventsOf(desk, change));
}

function eventsOf(desk: DeskAtRest, change: KillChange): RestChange<string> {
  const { engine, lastAt, lost, difference } = desk;
  const { kill, at } = engine.state;
  const inputs = inputsOf(change, kill.isEngaged, at);
  if (difference !== undefined) {
    if (!change.isEngaging) {
      throw new RunError(
        `the journal cannot be decided anew from sequence ${difference.sequence} on, so the switch is not released: see 'replay'`,
      );
    }
    const message =
      "the kill switch is engaged; this version decides otherwise than the journal, so look at 'replay' before the next start";
    return { events: [{ type: 'kill.engaged', at: lastAt, ...authorOf(change) }], result: message };
  }
  if (inputs.length === 0)
    return { events: [], result: `the kill switch was ${kill.isEngaged ? 'engaged' : 'released'} already` };
  const events = [...lost];
  for (const input of inputs) {
    for (const event of step(engine, input)) if (isJournalled(engine.state, event)) events.push(event);
  }
  return { events, result: `the kill switch is ${change.isEngaging ? 'engaged' : 'released'} from the next start on` };
}

function inputsOf(change: KillChange, isEngaged: boolean, at: number): Event[] {
  const author = authorOf(change);
  if (!change.isEngaging) return isEngaged ? [{ type: 'kill.released', at, ...author }] : [];
  const inputs: Event[] = isEngaged ? [] : [{ type: 'kill.engaged', at, ...author }];
  if (change.isFlattening) inputs.push({ type: 'flatten.requested', at, ...author });
  return inputs;
}

function authorOf({ actor, reason }: KillChange): { readonly actor: string; readonly reason: string } {
  return { actor, reason };
}
