import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CandlesMode, usualPlight } from './account-plight.ts';
import { spoiltCandles } from './spoilt-candles.ts';
import { instantText } from './wire-text.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const candles = [0, 1, 2].map((minute) => ({
  complete: minute < 2,
  volume: 1,
  time: instantText(minute * minuteMs),
  mid: { o: '1.10000', h: '1.10000', l: '1.10000', c: '1.10000' },
}));

function spoilt(mode: CandlesMode): { times: unknown[]; last: unknown; middle: unknown } {
  const plight = usualPlight();
  plight.candles.push({ mode, left: 1 });
  const found = spoiltCandles(candles, plight, minuteMs);
  assert.deepEqual(plight.candles, []);
  assert.deepEqual(spoiltCandles(candles, plight, minuteMs), candles);
  const times = found.map(({ time }) => Date.parse(time) / minuteMs);
  return { times, last: found.at(-1)?.complete, middle: found[1] };
}

test('candles are spoilt the way a script wants the next answer', () => {
  assert.deepEqual(spoilt('duplicate').times, [0, 1, 1, 2]);
  assert.deepEqual(spoilt('missing').times, [0, 2]);
  assert.deepEqual(spoilt('unordered').times, [2, 1, 0]);
  assert.deepEqual(spoilt('overlapping').times, [0, 1.5, 2]);
  assert.deepEqual(spoilt('future').times, [0, 1, 2 + dayMs / minuteMs]);
  assert.equal(spoilt('future').last, true);
  assert.deepEqual(spoilt('empty').times, []);
  assert.deepEqual((spoilt('revised').middle as (typeof candles)[0]).mid.h, '1.10002');
  assert.equal((spoilt('nanoseconds').middle as (typeof candles)[0]).time, '60000000000');
  assert.equal((spoilt('unclosed').middle as (typeof candles)[0]).complete, false);
});

test('a spoiling lasts as many answers as it is told, and leaves alone what is too short', () => {
  const plight = usualPlight();
  plight.candles.push({ mode: 'empty', left: 2 });
  assert.equal(spoiltCandles(candles.slice(0, 1), plight, minuteMs).length, 1);
  assert.equal(spoiltCandles(candles, plight, minuteMs).length, 0);
  assert.equal(spoiltCandles(candles, plight, minuteMs).length, 0);
  assert.equal(spoiltCandles(candles, plight, minuteMs).length, 3);
});
