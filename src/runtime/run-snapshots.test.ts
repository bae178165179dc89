import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createEngine } from '#engine/engine.ts';
import { snapshotFolder } from './run-folder.ts';
import { newestSnapshot, RunSnapshots } from './run-snapshots.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-run-snapshots-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function valueAt(nextTickAt: number): object {
  return { state: createEngine([]).state, nextTickAt };
}

test('the newest snapshot within the journal is found, and one beyond its end is set aside', async (t) => {
  const folder = newFolder(t);
  const snapshots = new RunSnapshots(folder, assert.fail);
  assert.deepEqual(newestSnapshot(folder, 10), { snapshot: undefined, notices: [] });
  for (const sequence of [5, 10, 15]) {
    snapshots.write(sequence, valueAt(sequence));
    await snapshots.settled();
  }
  const found = newestSnapshot(folder, 10);
  assert.deepEqual(found.snapshot, { sequence: 10, value: valueAt(10) });
  const [beyond = ''] = ['snapshot-0000000000000015.tws'];
  assert.deepEqual(found.notices, [`snapshot '${beyond}' was set aside: the journal ends at sequence 10`]);
  assert.ok(readdirSync(snapshotFolder(folder)).includes(`${beyond}.ahead`));
  // A journal that has grown past it does not take it for its own.
  assert.equal(newestSnapshot(folder, 20).snapshot?.sequence, 10);
});

test('a snapshot that cannot be written is told and rejects nothing', async (t) => {
  const folder = newFolder(t);
  writeFileSync(snapshotFolder(folder), '');
  const told: string[] = [];
  const snapshots = new RunSnapshots(folder, (problem) => void told.push(problem));
  snapshots.write(1, valueAt(1));
  await snapshots.settled();
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /^the snapshot was not written: E/);
});
