import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import { type CommandEnding, runCommand } from '../../tests/support/command-scene.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerKeys } from './keys-command.ts';

const changes: readonly KeyChange[] = [
  { type: 'set', key: 'ops:kill_switch', value: '1', ttlMs: null },
  { type: 'set', key: 'ws:last:manifold:EUR_USD', value: '{"instrument":"EUR_USD","ts_ms":1}', ttlMs: 3_600_000 },
  { type: 'setCompressed', key: 'manifold:EUR_USD:2026-01-14', value: '{"count":2}', ttlMs: null },
  { type: 'hash', key: 'risk:alloc_budget', fields: { balance: '1.5', ts: '2' }, ttlMs: null },
  ...['a', 'b', 'c'].map(
    (value): KeyChange => ({ type: 'push', key: 'sep:ledger:events', value, keep: 10, ttlMs: null }),
  ),
  ...[1, 2, 3].map(
    (minute): KeyChange => ({
      type: 'add',
      key: 'md:candles:EUR_USD:M1',
      score: Date.UTC(2026, 0, 14, 12, minute),
      member: `{"c":${minute}}`,
      replacesScore: true,
      keep: null,
      ttlMs: null,
    }),
  ),
];

async function fill(store: KeyStore): Promise<void> {
  const position = { runId: 'run', version: 1, sequence: 1, at: 1, state: '{}' };
  await store.apply('keys', changes, undefined, position);
  await store.close();
}

async function filledFolder(t: TestContext): Promise<string> {
  const folder = join(temporaryFolder(t), 'desk');
  mkdirSync(folder);
  await fill(openKeyFile(join(folder, 'keys.sqlite'), { time: systemTime }));
  return folder;
}

function keys(...argv: string[]): Promise<CommandEnding> {
  return runCommand(registerKeys, ['keys', ...argv]);
}

test('a document is spread over lines, and its kind and life are told beside it', async (t) => {
  const folder = await filledFolder(t);
  const { code, result, work } = await keys('get', 'ws:last:manifold:EUR_USD', '--data-dir', folder);
  assert.equal(code, 0);
  assert.equal(result, '{\n  "instrument": "EUR_USD",\n  "ts_ms": 1\n}\n');
  assert.match(work, /^string, ends in 59 min\nThe newest window/);
  assert.equal((await keys('get', 'ops:kill_switch', '--data-dir', folder)).result, '1\n');
});

test('compressed values are shown unpacked', async (t) => {
  const folder = await filledFolder(t);
  const { result, work } = await keys('get', 'manifold:EUR_USD:2026-01-14', '--data-dir', folder);
  assert.equal(result, '{\n  "count": 2\n}\n');
  assert.match(work, /^string, unpacked, without end/);
});

test('hashes, lists and sorted sets are printed by element, the newest first', async (t) => {
  const folder = await filledFolder(t);
  const at = ['--data-dir', folder];
  assert.match((await keys('get', 'risk:alloc_budget', ...at)).result, /^field +value\nbalance +1\.5\nts +2\n$/);
  const list = await keys('get', 'sep:ledger:events', '--limit', '2', ...at);
  assert.equal(list.result, 'c\nb\n');
  assert.match(list.work, /^list of 3, without end[\s\S]*the newest 2 of 3; '--limit' shows more/);
  const candles = await keys('get', 'md:candles:EUR_USD:M1', '--limit', '2', ...at);
  assert.equal(
    candles.result,
    '2026-01-14 12:03 (1768392180000)  {"c":3}\n2026-01-14 12:02 (1768392120000)  {"c":2}\n',
  );
});

test('programs are given parsed values, the count of all elements and the row of the table', async (t) => {
  const folder = await filledFolder(t);
  const json = async (key: string): Promise<unknown> =>
    JSON.parse((await keys('get', key, '--json', '--limit', '1', '--data-dir', folder)).result);
  const none = { ttlMs: null, writer: 'mirror' };
  assert.deepEqual(await json('md:candles:EUR_USD:M1'), {
    key: 'md:candles:EUR_USD:M1',
    type: 'sortedSet',
    pattern: 'md:candles:{inst}:{gran}',
    ...none,
    count: 3,
    value: [{ score: 1_768_392_180_000, member: { c: 3 } }],
  });
  assert.deepEqual(await json('sep:ledger:events'), {
    key: 'sep:ledger:events',
    type: 'list',
    pattern: 'sep:ledger:events',
    ...none,
    count: 3,
    value: ['c'],
  });
  assert.deepEqual(await json('risk:alloc_budget'), {
    key: 'risk:alloc_budget',
    type: 'hash',
    pattern: 'risk:alloc_budget',
    ...none,
    value: { balance: '1.5', ts: '2' },
  });
});

test('a key that is not there ends with 1 and names the nearest one', async (t) => {
  const folder = await filledFolder(t);
  const { code, result, work } = await keys('get', 'md:candle:EURUSD:M1', '--data-dir', folder);
  assert.deepEqual([code, result], [1, '']);
  assert.match(work, /no key 'md:candle:EURUSD:M1' in '.*keys\.sqlite'; the nearest is 'md:candles:EUR_USD:M1'/);
  const ended = await keys('get', 'ws:last:manifold:USD_JPY', '--data-dir', folder);
  assert.match(ended.work, /it may have ended.*the nearest is 'ws:last:manifold:EUR_USD'/);
});

test('a channel, a key to come and one of a later generation say what they are', async (t) => {
  const at = ['--data-dir', await filledFolder(t)];
  assert.match((await keys('get', 'ws:manifold', ...at)).work, /'ws:manifold' is a channel/);
  assert.match((await keys('get', 'opt:best_config:EUR_USD', ...at)).work, /comes with issue 4/);
  const later = await keys('get', 'gate:last:EUR_USD', ...at);
  assert.equal(later.code, 1);
  assert.match(later.work, /is not written here: Of the third generation/);
});

test('keys are listed by pattern, up to a limit', async (t) => {
  const at = ['--data-dir', await filledFolder(t)];
  assert.equal((await keys('list', 'ws:*', ...at)).result, 'ws:last:manifold:EUR_USD\n');
  const some = await keys('list', '--limit', '2', ...at);
  assert.equal(some.result, 'manifold:EUR_USD:2026-01-14\nmd:candles:EUR_USD:M1\n');
  assert.match(some.work, /the first 2; '--limit' shows more/);
  const json = await keys('list', '*:EUR_USD*', '--json', ...at);
  assert.deepEqual(JSON.parse(json.result), {
    pattern: '*:EUR_USD*',
    keys: ['manifold:EUR_USD:2026-01-14', 'md:candles:EUR_USD:M1', 'ws:last:manifold:EUR_USD'],
    isComplete: true,
  });
  const none = await keys('list', 'nothing*', ...at);
  assert.deepEqual([none.code, none.result], [0, '']);
  assert.match(none.work, /no key matches 'nothing\*'/);
});

test('a folder without keys, both places at once and an address that is none are refused', async (t) => {
  const folder = temporaryFolder(t);
  const empty = await keys('list', '--data-dir', folder);
  assert.equal(empty.code, 2);
  assert.match(empty.work, /keys\.sqlite' is expected/);
  const both = await keys('list', '--data-dir', folder, '--url', 'redis://127.0.0.1:1');
  assert.equal(both.code, 2);
  assert.match(both.work, /found both/);
  const wrong = await keys('list', '--url', 'http://127.0.0.1');
  assert.equal(wrong.code, 2);
  assert.match(wrong.work, /begins with 'redis:\/\/'/);
});

test('a store that does not answer ends with 3, and its password is not told', async () => {
  const { code, work } = await keys('list', '--url', 'redis://:hush-hush@127.0.0.1:1/0');
  assert.equal(code, 3);
  assert.doesNotMatch(work, /hush-hush/);
});

test('the same documents are read from Valkey', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  await fill(await openValkeyKeyStore(server.url, { time: systemTime }));
  const at = ['--url', server.url];
  const folder = ['--data-dir', await filledFolder(t)];
  for (const key of ['ops:kill_switch', 'manifold:EUR_USD:2026-01-14', 'risk:alloc_budget', 'md:candles:EUR_USD:M1']) {
    const argv = ['get', key, '--json', '--limit', '5'];
    assert.equal((await keys(...argv, ...at)).result, (await keys(...argv, ...folder)).result, key);
  }
  const named = await runCommand(registerKeys, ['keys', 'list', 'ops:*'], { VALKEY_URL: server.url });
  assert.equal(named.result, 'ops:kill_switch\n');
});
