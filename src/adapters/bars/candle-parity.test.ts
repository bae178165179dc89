import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCandlesLikeOriginal } from './candle-parity.ts';

const at = 1_704_067_200_000;
const prices = { o: 1.1, h: 1.3, l: 1, c: 1.2 };

function times(...entries: unknown[]): number[] {
  return parseCandlesLikeOriginal(JSON.stringify(entries), 'x').candles.map(({ openAt }) => openAt);
}

function only(entry: unknown) {
  return parseCandlesLikeOriginal(JSON.stringify(entry), 'x').candles;
}

test('the time under t is a number, truncated, and a text skips the candle', () => {
  assert.deepEqual(times({ t: at + 0.9, ...prices }, { t: -1.5, ...prices }), [at, -1]);
  assert.deepEqual(times({ t: String(at), time: '2024-01-01T00:00:00Z', ...prices }), []);
});

test('a negative or fractional timestamp is silently 0', () => {
  assert.deepEqual(
    times({ timestamp: at, ...prices }, { timestamp: -5, ...prices }, { timestamp: at + 0.5, ...prices }),
    [at, 0, 0],
  );
  assert.deepEqual(
    times(
      { timestamp: String(at), ...prices },
      { timestamp: '2024-01-01T00:00:00Z', ...prices },
      { timestamp: 'soon', ...prices },
    ),
    [at, at],
  );
});

test('the key time is read as a text only', () => {
  assert.deepEqual(
    times({ time: '60000', ...prices }, { time: '2024-01-01 00:00:00', ...prices }, { time: at, ...prices }),
    [60_000, at],
  );
});

test('a bad short price skips the candle though the long one is good', () => {
  assert.deepEqual(only({ t: at, ...prices, o: 'x', open: 1.1 }), []);
  assert.equal(only({ t: at, ...prices, o: '1.15' })[0]?.open, 1.15);
});

test('nested prices and the key vol are not read', () => {
  assert.deepEqual(only({ t: at, mid: prices, v: 1 }), []);
  assert.equal(only({ t: at, ...prices, vol: 9 })[0]?.volume, 0);
});

test('a bad volume is 0', () => {
  assert.equal(only({ t: at, ...prices, v: 'many', volume: 3 })[0]?.volume, 0);
  assert.equal(only({ t: at, ...prices, volume: '3.5' })[0]?.volume, 3.5);
});

test('nothing is sorted, de-duplicated or judged', () => {
  assert.deepEqual(
    times({ t: 3, ...prices }, { t: 1, ...prices, complete: false }, { t: 3, o: -1, h: 0, l: 5, c: 1 }),
    [3, 1, 3],
  );
});

test('any syntax error, and one candle a line, gives no candle', () => {
  const candle = JSON.stringify({ t: at, ...prices });
  for (const text of ['', '[', `[${candle}`, `${candle}\n${candle}`, `\uFEFF${candle}`, '7']) {
    assert.deepEqual(parseCandlesLikeOriginal(text, 'x').candles, [], text);
  }
});

test('an array, an object of candles and one candle are read', () => {
  const candle = JSON.stringify({ t: at, ...prices });
  for (const text of [candle, `[${candle}]`, `{"candles":[${candle}]}`])
    assert.equal(parseCandlesLikeOriginal(text, 'x').candles.length, 1, text);
});
