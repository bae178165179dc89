import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import { recordedEvents } from '../read-run.ts';
import { OlderEntries } from './older-entries.ts';

test('pieces are the same whoever reads them in whatever order', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-older-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const desk = openPaperDesk(folder);
  await desk.stop();
  const recorded = [...recordedEvents(folder)];
  const older = new OlderEntries(folder);
  const last = recorded.length;
  // More followers than readings are kept, each at its own pace.
  const followers = Array.from({ length: 12 }, (_, place) => ({ next: 1, step: place + 1 }));
  for (let round = 0; round < 3; round += 1) {
    for (const follower of followers) {
      const piece = older.take(follower.next, follower.step, last);
      assert.deepEqual(piece, recorded.slice(follower.next - 1, follower.next - 1 + follower.step));
      follower.next += piece.length;
    }
  }
  assert.deepEqual(older.take(last, 5, last), recorded.slice(-1));
  assert.deepEqual(older.take(1, 1_000_000, 4), recorded.slice(0, 4));
});
