import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Redis } from 'ioredis';
import { missingStore, type StoreProcess, startStore } from '../../../tests/support/store-process.ts';
import { type CandleSelector, parseCandleSelector, readCandleRange, type TimedCandle } from './candle-range.ts';
import { connectValkey } from './connect.ts';
import { StoreError } from './store-error.ts';

const dayMs = 86_400_000;
const firstDay = Date.UTC(2025, 0, 1);

interface TestCandle extends TimedCandle {
  readonly close: number;
}

/** Reads `{t, v, c}` and calls everything else malformed. */
function readMember(member: unknown): TestCandle | string {
  if (typeof member !== 'object' || member === null) return 'malformed';
  const { t, v, c } = member as Record<string, unknown>;
  return typeof t === 'number' && typeof v === 'number' && typeof c === 'number'
    ? { openAt: t, volume: v, close: c }
    : 'malformed';
}

let store: StoreProcess | undefined;
let client: Redis | undefined;

before(async () => {
  if (missingStore !== false) return;
  store = await startStore();
  client = await connectValkey(store.url);
});
after(async () => {
  client?.disconnect();
  await store?.stop();
});

function selector(text: string): CandleSelector {
  const parsed = parseCandleSelector(text);
  assert.ok(typeof parsed !== 'string', String(parsed));
  return parsed;
}

async function put(instrument: string, ...members: (readonly [number, string])[]): Promise<Redis> {
  assert.ok(client !== undefined);
  for (const [score, member] of members) await client.zadd(`md:candles:${instrument}:M1`, score, member);
  return client;
}

function member(t: number, c: number, v = 1): readonly [number, string] {
  return [t, JSON.stringify({ t, c, v })];
}

test('a selector covers whole days from the first to the last', () => {
  assert.deepEqual(parseCandleSelector('valkey:EUR_USD:2025-01-01:2025-01-03'), {
    instrument: 'EUR_USD',
    fromAt: firstDay,
    untilAt: firstDay + 3 * dayMs,
  });
  assert.equal(selector('valkey:EUR_USD:2025-01-01:2025-01-01').untilAt, firstDay + dayMs);
});

test('a selector that is none says what was expected', () => {
  for (const text of [
    'valkey:EUR_USD:2025-01-01',
    'valkey::2025-01-01:2025-01-02',
    'valkey:EUR_USD:2025-02-30:2025-03-01',
    'valkey:EUR_USD:2025-01-02:2025-01-01',
    'valkey:EUR_USD:1970-01-01:2025-01-01',
    'valkey:EUR USD:2025-01-01:2025-01-02',
    'EUR_USD.csv',
  ]) {
    const problem = parseCandleSelector(text);
    assert.ok(typeof problem === 'string', text);
    assert.match(problem, /expected 'valkey:EUR_USD:2025-01-01:2025-01-31', found /);
  }
});

test('a range holds both its ends: the first candle of the following day too', { skip: missingStore }, async () => {
  const minutes = [-1, 0, 1, 1439, 1440, 2879, 2880, 2881].map((minute) => firstDay + minute * 60_000);
  const connection = await put('ENDS', ...minutes.map((at, index) => member(at, index)));
  const range = await readCandleRange(connection, selector('valkey:ENDS:2025-01-01:2025-01-02'), {
    readMember,
    keepsDuplicates: false,
  });
  assert.deepEqual(
    range.candles.map(({ close }) => close),
    [1, 2, 3, 4, 5, 6],
  );
  assert.equal(range.membersRead, 6);
  assert.deepEqual(range.skipped, {});
});

test('bad members are left out and counted by reason', { skip: missingStore }, async () => {
  const connection = await put(
    'BAD',
    member(firstDay, 1),
    [firstDay + 1, '{"t":'],
    [firstDay + 2, '{"t":1}'],
    member(firstDay + 60_000, 2),
  );
  const range = await readCandleRange(connection, selector('valkey:BAD:2025-01-01:2025-01-01'), {
    readMember,
    keepsDuplicates: false,
  });
  assert.equal(range.candles.length, 2);
  assert.equal(range.membersRead, 4);
  assert.deepEqual(range.skipped, { malformed: 2 });
});

test('of several members of one minute the one with most volume is kept, or all where the original reader is followed', {
  skip: missingStore,
}, async () => {
  const connection = await put(
    'TWICE',
    member(firstDay, 1, 9),
    member(firstDay, 2, 10),
    member(firstDay, 3, 8),
    member(firstDay + 60_000, 4),
  );
  const read = (keepsDuplicates: boolean) =>
    readCandleRange(connection, selector('valkey:TWICE:2025-01-01:2025-01-01'), { readMember, keepsDuplicates });
  const kept = await read(false);
  assert.deepEqual(
    kept.candles.map(({ close }) => close),
    [2, 4],
  );
  assert.deepEqual(kept.skipped, { duplicate: 2 });
  assert.equal((await read(true)).candles.length, 4);
});

test('a range without members is empty, and progress tells each day', { skip: missingStore }, async () => {
  assert.ok(client !== undefined);
  const told: string[] = [];
  const range = await readCandleRange(client, selector('valkey:NOTHING:2025-01-01:2025-01-02'), {
    readMember,
    keepsDuplicates: false,
    onProgress: (days, total) => void told.push(`${days}/${total}`),
  });
  assert.deepEqual(range, { candles: [], membersRead: 0, skipped: {} });
  assert.deepEqual(told, ['0/2', '1/2', '2/2']);
});

test('a key that is no sorted set is a failure of the store', { skip: missingStore }, async () => {
  assert.ok(client !== undefined);
  await client.set('md:candles:TEXT:M1', 'text');
  const reading = readCandleRange(client, selector('valkey:TEXT:2025-01-01:2025-01-01'), {
    readMember,
    keepsDuplicates: false,
  });
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, 'failed');
    assert.match(error.message, /md:candles:TEXT:M1.*WRONGTYPE/);
    return true;
  });
});
