import type { Event } from '#domain/events.ts';
import type { Engine } from '#engine/engine.ts';
import { createReplay, type ReplayDifference, replayEvent, unshown } from '#engine/replay.ts';
import { engineBefore, recordedEvents } from './read-run.ts';

/** Events between two readings of progress. */
const progressEvents = 20_000;

/** A run as its folder tells it while nothing runs. */
export interface DeskAtRest {
  readonly engine: Engine;
  /** Time of the journal's last event; 0 where it is empty. */
  readonly lastAt: number;
  /** What the last input caused and a crash kept from the journal. */
  readonly lost: readonly Event[];
  /** Where the code of today decides otherwise than the journal; the engine stands just before it. */
  readonly difference: ReplayDifference | undefined;
}

/** Brings an engine to the end of a run's journal, from its newest snapshot. Changes nothing in the folder. */
export function deskAtRest(folder: string, onProgress?: (events: number) => void): DeskAtRest {
  const { engine, fromSequence } = engineBefore(folder, Infinity);
  const replay = createReplay(engine);
  let lastAt = engine.state.at;
  let difference: ReplayDifference | undefined;
  for (const { sequence, event } of recordedEvents(folder, fromSequence)) {
    lastAt = event.at;
    difference ??= replayEvent(replay, event, sequence);
    if (replay.events % progressEvents === 0) onProgress?.(replay.events);
  }
  return { engine, lastAt, lost: difference === undefined ? unshown(replay) : [], difference };
}
