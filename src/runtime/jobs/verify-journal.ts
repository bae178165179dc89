import { z } from 'zod';
import type { JobFunction } from '#adapters/jobs/job-engine.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { journalFolder, readManifest } from '../run-folder.ts';

const inputSchema = z.strictObject({ folder: z.string().min(1) });

/** Walks the hash chain of a run's journal. Damage is a finding and no failure: tried again it would be the same. */
export const verifyJournalJob: JobFunction = (input, { progress }) => {
  const { folder } = inputSchema.parse(input);
  const { runId } = readManifest(folder);
  progress(0, 'walking the chain');
  try {
    return { runId, isProven: true, entries: verifyJournal(journalFolder(folder)), problem: null };
  } catch (error) {
    if (!(error instanceof JournalRefusedError)) throw error;
    return { runId, isProven: false, entries: null, problem: error.message };
  }
};
