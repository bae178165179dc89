import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import { recordedEvents } from '../read-run.ts';
import { RunError } from '../run-folder.ts';
import { folderTail } from './folder-tail.ts';

test('a folder at rest gives its journal and says where it ends', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-folder-tail-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const desk = openPaperDesk(folder);
  const { runId } = desk.engine.state;
  await desk.stop();
  const recorded = [...recordedEvents(folder)];
  const tail = folderTail(folder);
  assert.deepEqual(await tail.head(), { runId, lastSequence: recorded.length });
  const { entries, lastSequence } = await tail.read(2, { max: 3, waitMs: 60_000 });
  assert.deepEqual(entries, recorded.slice(1, 4));
  assert.equal(lastSequence, recorded.length);
  assert.deepEqual((await tail.read(recorded.length + 1, { max: 3, waitMs: 60_000 })).entries, []);
});

test('a folder without a run is refused', () => {
  assert.throws(() => folderTail(join(tmpdir(), 'tradewind-no-run')), RunError);
});
