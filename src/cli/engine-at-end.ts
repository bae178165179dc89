import type { Engine } from '#engine/engine.ts';
import { createReplay, replayEvent, unshown } from '#engine/replay.ts';
import { engineBefore, recordedEvents } from '#runtime/read-run.ts';
import { RunError, readManifest } from '#runtime/run-folder.ts';

/** An engine as a run's journal leaves it. */
export interface EndOfRun {
  readonly engine: Engine;
  /** False where the journal ends within a step, as a crash leaves it. */
  readonly isWhole: boolean;
}

/** The engine from the newest snapshot and the journal's tail. Throws a `RunError` where the tail is not decided as it was recorded. */
export function engineAtEnd(folder: string, onProgress?: (events: number) => void): EndOfRun {
  readManifest(folder);
  const { engine, fromSequence } = engineBefore(folder, Number.MAX_SAFE_INTEGER);
  const replay = createReplay(engine);
  for (const { sequence, event } of recordedEvents(folder, fromSequence)) {
    if (replayEvent(replay, event, sequence) !== undefined) {
      throw new RunError(
        `the journal of '${folder}' cannot be decided anew from sequence ${sequence} on: 'replay' names the difference`,
      );
    }
    if (replay.events % 20_000 === 0) onProgress?.(replay.events);
  }
  return { engine, isWhole: unshown(replay).length === 0 };
}
