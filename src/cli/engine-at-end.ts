import type { Engine } from '#engine/engine.ts';
import { deskAtRest } from '#runtime/desk-at-rest.ts';
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
  const { engine, lost, difference } = deskAtRest(folder, onProgress);
  if (difference !== undefined) {
    throw new RunError(
      `the journal of '${folder}' cannot be decided anew from sequence ${difference.sequence} on: 'replay' names the difference`,
    );
  }
  return { engine, isWhole: lost.length === 0 };
}
