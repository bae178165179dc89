import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { systemFiles } from '#adapters/journal/file-operations.ts';
import { sealableFiles } from './sealable-files.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-sealable-files-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a sealed journal keeps what it held, takes nothing more and can be closed', async (t) => {
  const folder = newFolder(t);
  const files = sealableFiles(systemFiles);
  const journal = openJournal(folder, { runId: 'run', operations: files.operations });
  journal.append('kept');
  journal.flushSync();
  journal.append('parted');
  files.seal();
  assert.throws(() => journal.flushSync(), { name: 'JournalWriteError', code: 'SEALED', isRetryable: false });
  journal.openReserve();
  await assert.rejects(journal.flush(), { code: 'SEALED' });
  await assert.rejects(journal.close(), { code: 'SEALED' });
  const again = openJournal(folder, { runId: 'run' });
  assert.deepEqual([again.lastSequence, again.repairs], [1, []]);
  await again.close();
});

test('no new segment is begun once the files are sealed', async (t) => {
  const files = sealableFiles(systemFiles);
  const journal = openJournal(newFolder(t), { runId: 'run', operations: files.operations });
  files.seal();
  journal.append('parted');
  assert.throws(() => journal.flushSync(), { code: 'SEALED' });
  await assert.rejects(journal.close(), { code: 'SEALED' });
});
