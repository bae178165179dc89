import type { Event } from '#domain/events.ts';
import { isJournalled, step } from '#engine/step.ts';
import { changeAtRest } from './change-at-rest.ts';

/** Who disarms, and why. */
export interface Disarming {
  readonly actor: string;
  readonly reason: string;
}

/** Disarms a desk in its journal while nothing runs. Returns what was done, in one sentence. */
export function disarmAtRest(folder: string, { actor, reason }: Disarming): Promise<string> {
  return changeAtRest(folder, ({ engine, lost, lastAt, difference }) => {
    const { state } = engine;
    if (difference === undefined && !state.isArmed) return { events: [], result: 'the desk was disarmed already' };
    const at = difference === undefined ? state.at : lastAt;
    const input: Event = { type: 'desk.disarmed', at, actor, reason };
    const decided =
      difference === undefined ? step(engine, input).filter((event) => isJournalled(state, event)) : [input];
    return { events: [...(difference === undefined ? lost : []), ...decided], result: 'the desk is disarmed' };
  });
}
