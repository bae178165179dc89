import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { latestSnapshot, listSnapshots, writeSnapshot } from '#adapters/journal/snapshot-files.ts';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function snapshotAt(sequence: number): { sequence: number; chainHash: string; codeVersion: string; value: unknown } {
  return {
    sequence,
    chainHash: `hash-${sequence}`,
    codeVersion: '0.1.0',
    value: { sequence, weights: new Float64Array([1, -0, sequence]) },
  };
}

test('a state of maps, typed arrays and plain data comes back', async (t) => {
  const folder = temporaryFolder(t);
  const value = {
    orders: new Map([['a', { filled: -0 }]]),
    prices: new Int32Array([1, 2]),
    absent: undefined,
    list: [1, 'two', null],
  };
  await writeSnapshot(folder, { ...snapshotAt(7), value });
  const { snapshot, skipped } = latestSnapshot(folder);
  assert.deepStrictEqual(snapshot, { ...snapshotAt(7), value });
  assert.deepEqual(skipped, []);
});

test('the state may change as soon as the write has begun', async (t) => {
  const folder = temporaryFolder(t);
  const value = { count: 1 };
  const written = writeSnapshot(folder, { ...snapshotAt(1), value });
  value.count = 2;
  await written;
  assert.deepEqual(latestSnapshot(folder).snapshot?.value, { count: 1 });
});

test('the newest three are kept by default, and what was left unfinished goes', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'snapshot-0000000000000003.tws.tmp'), 'unfinished');
  writeFileSync(join(folder, 'segment-0000000000000001.twj'), 'not ours');
  for (const sequence of [10, 20, 30, 40, 50]) await writeSnapshot(folder, snapshotAt(sequence));
  assert.deepEqual(
    listSnapshots(folder).map((file) => file.sequence),
    [50, 40, 30],
  );
  assert.equal(readdirSync(folder).length, 4);
  await writeSnapshot(folder, snapshotAt(60), { keep: 1 });
  assert.deepEqual(
    listSnapshots(folder).map((file) => file.sequence),
    [60],
  );
});

test('the newest at or before a sequence number is read', async (t) => {
  const folder = temporaryFolder(t);
  for (const sequence of [10, 20, 30]) await writeSnapshot(folder, snapshotAt(sequence));
  const found = [9, 10, 29, 30].map((sequence) => latestSnapshot(folder, sequence).snapshot?.sequence);
  assert.deepEqual(found, [undefined, 10, 20, 30]);
});

test('any flipped bit or cut makes a snapshot be passed over with its reason', async (t) => {
  const folder = temporaryFolder(t);
  await writeSnapshot(folder, snapshotAt(10));
  const { name } = await writeSnapshot(folder, snapshotAt(20));
  const path = join(folder, name);
  const whole = readFileSync(path);
  for (let place = 0; place < whole.length; place++) {
    const damaged = Buffer.from(whole);
    damaged[place] = (damaged[place] ?? 0) ^ 0x20;
    for (const bytes of [damaged, whole.subarray(0, place)]) {
      writeFileSync(path, bytes);
      const { snapshot, skipped } = latestSnapshot(folder);
      assert.equal(snapshot?.sequence, 10, `byte ${place}`);
      assert.equal(skipped[0]?.name, name);
      assert.match(skipped[0]?.reason ?? '', /^expected /);
    }
  }
});

test('a snapshot under the name of another is passed over', async (t) => {
  const folder = temporaryFolder(t);
  const { name } = await writeSnapshot(folder, snapshotAt(10));
  writeFileSync(join(folder, name.replace('10.tws', '11.tws')), readFileSync(join(folder, name)));
  const { snapshot, skipped } = latestSnapshot(folder);
  assert.equal(snapshot?.sequence, 10);
  assert.deepEqual(
    skipped.map((file) => file.reason),
    ['expected the snapshot of sequence 11, found that of 10'],
  );
});

test('a folder that does not exist has no snapshot', () => {
  assert.deepEqual(latestSnapshot(join(tmpdir(), 'tradewind-nowhere')), { snapshot: undefined, skipped: [] });
});
