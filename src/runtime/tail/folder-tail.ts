import { journalInfo } from '#adapters/journal/journal-info.ts';
import { journalFolder, readManifest } from '../run-folder.ts';
import { OlderEntries } from './older-entries.ts';
import type { TailSource } from './tail-source.ts';

/** The tail of a run at rest: what its journal holds. Nothing is waited for, since nobody writes. */
export function folderTail(folder: string): TailSource {
  const { runId } = readManifest(folder);
  const { lastSequence } = journalInfo(journalFolder(folder));
  const older = new OlderEntries(folder);
  return {
    head: async () => ({ runId, lastSequence }),
    read: async (fromSequence, { max }) => ({
      entries: fromSequence > lastSequence ? [] : older.take(fromSequence, max, lastSequence),
      lastSequence,
    }),
  };
}
