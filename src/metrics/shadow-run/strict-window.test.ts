import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shadowStrategy } from '../../../tests/support/shadow-market.ts';
import { createShadowRun, type ShadowRun } from './shadow-run.ts';
import { shadowSettings } from './shadow-settings.ts';
import { sliceSummary } from './slice-summary.ts';
import { createStrictWindow, strictSummary } from './strict-window.ts';
import { addTrip, TRIPS_MAX } from './trip-ledger.ts';

const dayMs = 86_400_000;

/** The path through levels that starts at 0. */
function pathOf(levels: readonly number[]): { sum: number; peak: number; trough: number; drawdown: number } {
  const path = { sum: 0, peak: 0, trough: 0, drawdown: 0 };
  for (const level of levels) {
    path.sum = level;
    path.peak = Math.max(path.peak, level);
    path.trough = Math.min(path.trough, level);
    path.drawdown = Math.max(path.drawdown, path.peak - level);
  }
  return path;
}

function newRun(): ShadowRun {
  return createShadowRun(shadowSettings(shadowStrategy));
}

const levels = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 8 });
const drawnTrip = fc.record({ gap: fc.integer({ min: 1, max: dayMs }), levels });

test('the sliding window says what the slice folded trip by trip says', () => {
  fc.assert(
    fc.property(
      fc.array(drawnTrip, { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 20 }),
      levels,
      (drawn, days, last) => {
        const run = newRun();
        const window = createStrictWindow(days);
        let at = 0;
        for (const trip of drawn) {
          at += trip.gap;
          addTrip(run.trips, at, at, pathOf(trip.levels.map((level) => level / 1e5)));
          // The position of the present, open at the evaluation only.
          run.sign = trip.gap % 2 === 0 ? 1 : 0;
          run.tripEntryAt = at;
          run.path = pathOf(last.map((level) => level / 1e5));
          if (trip.gap % 3 === 0) continue;
          const fast = strictSummary(window, run, at + 1);
          const slow = sliceSummary(run, days, at + 1);
          assert.equal(fast.trades, slow.trades);
          assert.equal(fast.winRate, slow.winRate);
          assert.equal(fast.pnlTotal, slow.pnlTotal);
          assert.ok(
            Math.abs(fast.maxDrawdown - slow.maxDrawdown) < 1e-12,
            `${fast.maxDrawdown} and ${slow.maxDrawdown}`,
          );
        }
      },
    ),
  );
});

test('a ledger that forgets trips before their time does not break the window', () => {
  const run = newRun();
  const window = createStrictWindow(30);
  for (let index = 0; index < 2 * TRIPS_MAX; index += 1) {
    addTrip(run.trips, index + 1, index + 1, pathOf([-0.001, 0.002]));
    if (index % 5000 === 0) strictSummary(window, run, index + 1);
  }
  assert.equal(strictSummary(window, run, 2 * TRIPS_MAX).trades, TRIPS_MAX);
});

test('a window spans some days', () => {
  assert.throws(() => createStrictWindow(0), /spans some days/);
});
