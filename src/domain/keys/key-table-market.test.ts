import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyTableMarket } from './key-table-market.ts';

test('the keys of the market are those of the specification, in its order', () => {
  assert.deepEqual(
    keyTableMarket.map(({ pattern, type, ttlMs }) => [pattern, type, ttlMs === null ? null : ttlMs / 1000]),
    [
      ['md:candles:{inst}:{gran}', 'sortedSet', null],
      ['sep:signal:{inst}:{ts_ns}', 'string', 3_024_000],
      ['sep:signal_index:{inst}', 'sortedSet', 3_024_000],
      ['sep:signal_inserts:{inst}', 'sortedSet', 3_024_000],
      ['manifold:{inst}:{YYYY-MM-DD}', 'string', 3_024_000],
      ['ws:last:manifold:{inst}', 'string', 300],
      ['ws:manifold', 'channel', null],
      ['ws:manifold:hist:{inst}', 'sortedSet', 7_200],
      ['pricing:history:{gran}:{inst}', 'string', 300],
    ],
  );
});

test('a candle without a volume, or with a price of nothing, is none', () => {
  const schema = keyTableMarket[0]?.schema;
  const candle = { t: 1, o: 1.1, h: 1.2, l: 1, c: 1.1, v: 0 };
  assert.equal(schema?.safeParse(candle).success, true);
  assert.equal(schema?.safeParse({ ...candle, v: undefined }).success, false);
  assert.equal(schema?.safeParse({ ...candle, l: 0 }).success, false);
});
