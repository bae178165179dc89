import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { averageTrueRange, createAverageTrueRange, pushTrueRange } from '#metrics/average-true-range.ts';
import { createBarResample, pushBar } from '#metrics/bar-resample.ts';
import { minuteBar, shadowMinutes } from '../../../tests/support/shadow-market.ts';
import { createBarHistory, rememberBar } from './bar-history.ts';
import { historyRange } from './history-range.ts';

const minuteMs = 60_000;

test('a range worked out backwards is the one that grows bar by bar', () => {
  fc.assert(
    fc.property(
      shadowMinutes({ min: 1, max: 150 }),
      fc.constantFrom(1, 5, 15),
      fc.integer({ min: 1, max: 20 }),
      (minutes, interval, length) => {
        const settings = { barIntervalMs: minuteMs, intervalMs: interval * minuteMs, length };
        const history = createBarHistory(1000);
        const resample = createBarResample(minuteMs, settings.intervalMs);
        const average = createAverageTrueRange(length);
        for (const { bar } of minutes) {
          rememberBar(history, bar);
          for (const closed of pushBar(resample, { ...bar })) pushTrueRange(average, closed);
          assert.equal(historyRange(history, history.end, settings), averageTrueRange(average));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('an earlier bar has the range it had then', () => {
  fc.assert(
    fc.property(shadowMinutes({ min: 20, max: 60 }), fc.integer({ min: 1, max: 19 }), (minutes, end) => {
      const settings = { barIntervalMs: minuteMs, intervalMs: 5 * minuteMs, length: 3 };
      const whole = createBarHistory(100);
      const early = createBarHistory(100);
      for (const { bar } of minutes) rememberBar(whole, bar);
      for (const { bar } of minutes.slice(0, end)) rememberBar(early, bar);
      assert.equal(historyRange(whole, end, settings), historyRange(early, end, settings));
    }),
  );
});

test('there is no range before a longer bar has closed', () => {
  const history = createBarHistory(10);
  const settings = { barIntervalMs: minuteMs, intervalMs: 5 * minuteMs, length: 14 };
  for (let minute = 0; minute < 4; minute += 1) {
    rememberBar(history, minuteBar(minute, { open: 100, high: 110, low: 95, close: 105 }));
    assert.equal(historyRange(history, history.end, settings), 0);
  }
  rememberBar(history, minuteBar(4, { open: 100, high: 112, low: 95, close: 105 }));
  assert.equal(historyRange(history, history.end, settings), 17);
});

test('an interval that bars do not fill, and bars that are not held, stop', () => {
  const history = createBarHistory(10);
  rememberBar(history, minuteBar(0, { open: 1, close: 1 }));
  assert.throws(() => historyRange(history, 1, { barIntervalMs: minuteMs, intervalMs: 90_000, length: 1 }), /multiple/);
  assert.throws(
    () => historyRange(history, 2, { barIntervalMs: minuteMs, intervalMs: minuteMs, length: 1 }),
    /remembered/,
  );
  assert.throws(
    () => historyRange(history, 0, { barIntervalMs: minuteMs, intervalMs: minuteMs, length: 1 }),
    /remembered/,
  );
});
