import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HistoryBar } from '#engine/live-port.ts';
import { barKeeper, fillGap, noteHistory, takeBar, toldBarsMax, waitingBarsMax } from './bar-keeper.ts';

const minuteMs = 60_000;

function bar(minute: number, close = 100): HistoryBar {
  return { instrument: 'A', openAt: minute * minuteMs, open: 100, high: 110, low: 90, close, volume: 1, spread: 0 };
}

test('each minute is told once and in order (F80)', () => {
  const keeper = barKeeper();
  assert.equal(takeBar(keeper, bar(5)).type, 'told');
  assert.equal(takeBar(keeper, bar(5)).type, 'repeated');
  assert.equal(takeBar(keeper, bar(4)).type, 'repeated');
  assert.equal(takeBar(keeper, bar(6)).type, 'told');
});

test('another bar of a minute that was told is a revision, and is not told (F83)', () => {
  const keeper = barKeeper();
  takeBar(keeper, bar(5));
  assert.equal(takeBar(keeper, bar(5, 101)).type, 'revised');
});

test('a bar beyond a gap waits for what the history has of it (F80)', () => {
  const keeper = barKeeper();
  takeBar(keeper, bar(5));
  assert.deepEqual(takeBar(keeper, bar(8)), { type: 'gap', fromAt: 6 * minuteMs, untilAt: 8 * minuteMs });
  assert.equal(takeBar(keeper, bar(9)).type, 'gap');
  const told = fillGap(keeper, [bar(6), bar(7), bar(8)]);
  assert.deepEqual(
    told.map(({ openAt }) => openAt / minuteMs),
    [6, 7, 8, 9],
  );
});

test('a minute that the venue does not have stays a gap and holds nothing back', () => {
  const keeper = barKeeper();
  takeBar(keeper, bar(5));
  takeBar(keeper, bar(8));
  assert.deepEqual(
    fillGap(keeper, [bar(7)]).map(({ openAt }) => openAt / minuteMs),
    [7, 8],
  );
});

test('what was read before counts as told', () => {
  const keeper = barKeeper();
  noteHistory(keeper, [bar(3), bar(4)]);
  assert.equal(takeBar(keeper, bar(4)).type, 'repeated');
  assert.equal(takeBar(keeper, bar(5)).type, 'told');
  assert.equal(takeBar(keeper, bar(7)).type, 'gap');
});

test('what is remembered and what waits are bounded', () => {
  const keeper = barKeeper();
  for (let minute = 0; minute < toldBarsMax + 10; minute++) takeBar(keeper, bar(minute));
  assert.equal(keeper.told.size, toldBarsMax);
  for (let minute = 0; minute < waitingBarsMax + 10; minute++) takeBar(keeper, bar(toldBarsMax + 20 + minute));
  assert.equal(keeper.waiting.size, waitingBarsMax);
});

test('in whatever order bars come, they are told rising and none twice (F38, F80)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(20), { maxLength: 60 }),
      fc.array(fc.boolean(), { maxLength: 60 }),
      (minutes, fills) => {
        const keeper = barKeeper();
        const told: number[] = [];
        minutes.forEach((minute, i) => {
          const verdict = takeBar(keeper, bar(minute));
          if (verdict.type === 'told') told.push(...verdict.bars.map(({ openAt }) => openAt));
          if (verdict.type === 'gap' && fills[i] === true)
            told.push(...fillGap(keeper, []).map(({ openAt }) => openAt));
        });
        assert.deepEqual(
          told,
          [...new Set(told)].sort((a, b) => a - b),
        );
      },
    ),
  );
});
