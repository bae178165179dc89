import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { jobContext } from '../../../tests/support/job-context.ts';
import { walkBacktest } from '../../../tests/support/walk-backtest.ts';
import { recordedEvents } from '../read-run.ts';
import { journalFolder } from '../run-folder.ts';
import { verifyJournalJob } from './verify-journal.ts';

test('a whole chain is proven, and one flipped bit refutes it', async (t) => {
  const folder = join(temporaryFolder(t), 'run');
  const { summary } = await walkBacktest({ folder });
  const entries = [...recordedEvents(folder)].length;
  const { runId } = summary;
  assert.deepEqual(await verifyJournalJob({ folder }, jobContext()), { runId, isProven: true, entries, problem: null });
  const segment = readdirSync(journalFolder(folder)).sort()[0] ?? '';
  const path = join(journalFolder(folder), segment);
  const bytes = readFileSync(path);
  const place = Math.floor(bytes.length / 2);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const refuted = await verifyJournalJob({ folder }, jobContext());
  assert.partialDeepStrictEqual(refuted, { runId, isProven: false, entries: null });
  assert.match(String(refuted['problem']), new RegExp(segment));
});

test('a folder without a run, or an input that is none, is a failure', async (t) => {
  const folder = temporaryFolder(t);
  assert.throws(() => verifyJournalJob({ folder }, jobContext()), { name: 'RunError' });
  assert.throws(() => verifyJournalJob({ path: folder }, jobContext()), { name: 'ZodError' });
});
