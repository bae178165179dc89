import { assert, present } from '#base/assert.ts';
import type { Event } from '#domain/events.ts';
import type { Engine } from './engine.ts';
import { isJournalled, step } from './step.ts';

/** The first place where a replay and its journal part. */
export interface ReplayDifference {
  readonly sequence: number;
  readonly recorded: Event | undefined;
  readonly decided: Event | undefined;
}

/** A replay in progress: the events the last input must have caused and which the journal has yet to show. */
export interface Replay {
  readonly engine: Engine;
  expected: Event[];
  next: number;
  events: number;
  inputs: number;
}

export function createReplay(engine: Engine): Replay {
  return { engine, expected: [], next: 0, events: 0, inputs: 0 };
}

/**
 * Takes the next recorded event. While the last input's consequences are not all shown, it must equal the next of them;
 * otherwise it is an input and is decided anew. Returns the difference, if any.
 */
export function replayEvent(replay: Replay, recorded: Event, sequence: number): ReplayDifference | undefined {
  replay.events += 1;
  if (replay.next < replay.expected.length) {
    const decided = replay.expected[replay.next];
    replay.next += 1;
    return isSame(decided, recorded) ? undefined : { sequence, recorded, decided };
  }
  replay.inputs += 1;
  const { engine } = replay;
  const produced = step(engine, recorded);
  replay.expected = produced.filter((event) => isJournalled(engine.state, event));
  replay.next = 1;
  assert(
    isSame(present(replay.expected[0], 'replayed input'), recorded),
    'an input comes out of its step as it went in',
  );
  return undefined;
}

/** What the last input caused beyond the end of the journal: nothing in a whole run, the lost tail after a crash. */
export function unshown(replay: Replay): readonly Event[] {
  return replay.expected.slice(replay.next);
}

/** Deep equality of plain data, keys in any order; absent and undefined are one. */
export function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const leftKeys = Object.keys(left).filter((key) => Reflect.get(left, key) !== undefined);
  const rightKeys = Object.keys(right).filter((key) => Reflect.get(right, key) !== undefined);
  if (leftKeys.length !== rightKeys.length) return false;
  return leftKeys.every((key) => isSame(Reflect.get(left, key), Reflect.get(right, key)));
}
