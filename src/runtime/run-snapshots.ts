import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { latestSnapshot, listSnapshots, writeSnapshot } from '#adapters/journal/snapshot-files.ts';
import { codeVersion } from './code-version.ts';
import { snapshotFolder } from './run-folder.ts';

/** The newest whole snapshot of a run, and what was found on the way to it. */
export interface FoundSnapshot {
  readonly snapshot: { readonly sequence: number; readonly value: unknown } | undefined;
  readonly notices: readonly string[];
}

/**
 * Finds where a run may begin. A snapshot beyond the end of the journal tells of a past that was lost: it is set aside before the journal
 * grows past it with another one.
 */
export function newestSnapshot(folder: string, lastSequence: number): FoundSnapshot {
  const path = snapshotFolder(folder);
  const notices: string[] = [];
  for (const { name, sequence } of listSnapshots(path)) {
    if (sequence <= lastSequence) continue;
    renameSync(join(path, name), join(path, `${name}.ahead`));
    notices.push(`snapshot '${name}' was set aside: the journal ends at sequence ${lastSequence}`);
  }
  const { snapshot, skipped } = latestSnapshot(path, lastSequence);
  for (const { name, reason } of skipped) notices.push(`snapshot '${name}' was passed over: ${reason}`);
  if (snapshot === undefined) return { snapshot, notices };
  return { snapshot: { sequence: snapshot.sequence, value: snapshot.value }, notices };
}

/** Writes the snapshots of a run aside. One that cannot be written is told and stops nothing: it only shortens the next start. */
export class RunSnapshots {
  readonly #folder: string;
  readonly #onProblem: (problem: string) => void;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string, onProblem: (problem: string) => void) {
    this.#folder = snapshotFolder(folder);
    this.#onProblem = onProblem;
  }

  /** The value is copied before this returns. */
  write(sequence: number, value: object): void {
    const snapshot = { sequence, chainHash: '', codeVersion: codeVersion(), value };
    const written = writeSnapshot(this.#folder, snapshot).catch((error: unknown) => {
      this.#onProblem(`the snapshot was not written: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#writing = Promise.all([this.#writing, written]);
  }

  /** Resolves once nothing is being written. */
  async settled(): Promise<void> {
    await this.#writing;
  }
}
