import { openJournal } from '#adapters/journal/file-journal.ts';
import { lockFolder } from '#adapters/journal/folder-lock.ts';
import type { Event } from '#domain/events.ts';
import { type DeskAtRest, deskAtRest } from './desk-at-rest.ts';
import { journalFolder, RunError, readManifest } from './run-folder.ts';

/** What is written into a journal at rest, and what is said of it. */
export interface RestChange<T> {
  readonly events: readonly Event[];
  readonly result: T;
  /** Done once the events are durable and the folder is still held. */
  afterwards?(): void;
}

/**
 * Lets a change be decided on a desk while nothing runs and writes what comes of it into the journal: durable when this returns, in
 * force from the next start on. Throws a `FolderLockedError` while a desk runs, and a `RunError` for a backtest, which goes on no more.
 */
export async function changeAtRest<T>(folder: string, decide: (desk: DeskAtRest) => RestChange<T>): Promise<T> {
  const { runId } = requireDesk(folder);
  const lock = lockFolder(folder);
  try {
    // Opening mends what a crash has left torn, so it comes before reading.
    const journal = openJournal(journalFolder(folder), { runId });
    try {
      const change = decide(deskAtRest(folder));
      for (const event of change.events) journal.append(event);
      journal.flushSync();
      change.afterwards?.();
      return change.result;
    } finally {
      await journal.close();
    }
  } finally {
    lock.release();
  }
}

/** Lets a question be answered by a desk while nothing runs; nothing in its folder changes. */
export function askAtRest<T>(folder: string, answer: (desk: DeskAtRest) => T): T {
  requireDesk(folder);
  const lock = lockFolder(folder);
  try {
    return answer(deskAtRest(folder));
  } finally {
    lock.release();
  }
}

function requireDesk(folder: string): { readonly runId: string } {
  const { kind, runId } = readManifest(folder);
  if (kind === 'backtest')
    throw new RunError(`'${folder}' holds a backtest, which is finished: expected the run of a desk`);
  return { runId };
}
