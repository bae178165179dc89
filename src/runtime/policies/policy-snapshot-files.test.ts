import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { cryptoPolicies } from '#domain/policies/crypto-policies.ts';
import { type PolicySnapshot, policySnapshot } from '#domain/policies/policy-snapshot.ts';
import { readPolicySnapshot, writePolicySnapshot } from './policy-snapshot-files.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'policy-snapshot-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function snapshotOf(version: number): PolicySnapshot {
  const commit = { sequence: version, at: version, actor: 'ann', reason: 'r', traceparent: null };
  const document = cryptoPolicies.universe.schema.parse({ max_symbols: version });
  return policySnapshot({ 'universe/crypto': { version, document, commit } }, 'run');
}

function pathOf(folder: string, place: number): string {
  return join(folder, 'policies', place === 0 ? 'policy_snapshot.json' : `policy_snapshot.${place}.json`);
}

function filled(t: TestContext, versions: number): string {
  const folder = newFolder(t);
  for (let version = 1; version <= versions; version += 1) writePolicySnapshot(folder, snapshotOf(version));
  return folder;
}

test('the newest is read back as it was written', (t) => {
  const folder = filled(t, 2);
  assert.deepEqual(readPolicySnapshot(folder), { snapshot: snapshotOf(2), source: 'newest', notices: [] });
});

test('five are kept, the newest first', (t) => {
  const folder = filled(t, 7);
  const versions = [0, 1, 2, 3, 4].map(
    (place) =>
      (JSON.parse(readFileSync(pathOf(folder, place), 'utf8')) as { snapshot: PolicySnapshot }).snapshot.meta.version,
  );
  assert.deepEqual(versions, [7, 6, 5, 4, 3]);
  assert.equal(readdirSync(join(folder, 'policies')).length, 5);
});

test('an unchanged one is not written again', (t) => {
  const folder = filled(t, 2);
  assert.equal(writePolicySnapshot(folder, snapshotOf(2)), false);
  assert.equal(writePolicySnapshot(folder, snapshotOf(3)), true);
  assert.equal(existsSync(pathOf(folder, 3)), false);
});

test('a truncated newest one is passed over with a notice, and the next writing pushes no whole one out', (t) => {
  const folder = filled(t, 5);
  const text = readFileSync(pathOf(folder, 0), 'utf8');
  writeFileSync(pathOf(folder, 0), text.slice(0, text.length / 2));
  const { snapshot, source, notices } = readPolicySnapshot(folder);
  assert.deepEqual([snapshot.meta.version, source, notices.length], [4, 'older', 1]);
  assert.match(notices[0] ?? '', /policy_snapshot\.json' was passed over/);
  writePolicySnapshot(folder, snapshotOf(6));
  assert.deepEqual(
    [0, 1, 4].map((place) => versionAt(folder, place)),
    [6, 4, 1],
  );
});

function versionAt(folder: string, place: number): number {
  return (JSON.parse(readFileSync(pathOf(folder, place), 'utf8')) as { snapshot: PolicySnapshot }).snapshot.meta
    .version;
}

test('a flipped bit is either harmless or found: what is read is always what was once written', (t) => {
  const folder = filled(t, 2);
  const whole = readFileSync(pathOf(folder, 0));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(7), (place, bit) => {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      writeFileSync(pathOf(folder, 0), bytes);
      const { snapshot, source } = readPolicySnapshot(folder);
      assert.deepEqual(snapshot, snapshotOf(source === 'newest' ? 2 : 1));
    }),
    { numRuns: 300 },
  );
});

test('a changed figure under its old checksum is found', (t) => {
  const folder = filled(t, 2);
  const text = readFileSync(pathOf(folder, 0), 'utf8');
  writeFileSync(pathOf(folder, 0), text.replaceAll('"max_symbols": 2', '"max_symbols": 3'));
  const { source, notices } = readPolicySnapshot(folder);
  assert.equal(source, 'older');
  assert.match(notices[0] ?? '', /expected checksum '[0-9a-f]{64}', found '[0-9a-f]{64}'/);
});

test('where all five are bad the defaults stand in, SAFE and loudly', (t) => {
  const folder = filled(t, 6);
  for (const place of [0, 1, 2, 3, 4]) writeFileSync(pathOf(folder, place), place === 2 ? '' : '{"format":1}');
  const { snapshot, source, notices } = readPolicySnapshot(folder);
  assert.deepEqual([source, notices.length], ['defaults', 6]);
  assert.equal(snapshot.risk_policy?.['active_mode'], 'SAFE');
  assert.match(notices.at(-1) ?? '', /the defaults stand in, with the risk mode SAFE/);
});

test('a folder without a snapshot gives the same', (t) => {
  const { source, notices } = readPolicySnapshot(newFolder(t));
  assert.deepEqual([source, notices.length], ['defaults', 2]);
  assert.match(notices[0] ?? '', /there is none/);
});

test('a crash between writing aside and renaming leaves the snapshot before it, and the next one takes its place', (t) => {
  const folder = filled(t, 2);
  writeFileSync(`${pathOf(folder, 0)}.tmp`, '{"format":1,"sha2');
  assert.deepEqual(readPolicySnapshot(folder), { snapshot: snapshotOf(2), source: 'newest', notices: [] });
  writePolicySnapshot(folder, snapshotOf(3));
  assert.equal(existsSync(`${pathOf(folder, 0)}.tmp`), false);
  assert.equal(readPolicySnapshot(folder).snapshot.meta.version, 3);
});

test('a crash while older ones move back leaves a whole one under the newest name', (t) => {
  const folder = filled(t, 3);
  // The ladder has moved and the copy is torn, but the rename has not come.
  writeFileSync(pathOf(folder, 1), '{"form');
  assert.equal(readPolicySnapshot(folder).snapshot.meta.version, 3);
  writePolicySnapshot(folder, snapshotOf(4));
  assert.deepEqual([versionAt(folder, 0), versionAt(folder, 1)], [4, 3]);
});

test('a snapshot that cannot be written throws and leaves what was there', (t) => {
  const folder = newFolder(t);
  mkdirSync(join(folder, 'policies', 'policy_snapshot.json.tmp'), { recursive: true });
  assert.throws(() => writePolicySnapshot(folder, snapshotOf(1)), /EISDIR/);
  assert.equal(readPolicySnapshot(folder).source, 'defaults');
});
