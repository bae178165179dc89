import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StrategyPolicy } from '#domain/policies.ts';
import { createShadowRun, type ShadowRun } from '#metrics/shadow-run/shadow-run.ts';
import { shadowSettings } from '#metrics/shadow-run/shadow-settings.ts';
import { addTrip } from '#metrics/shadow-run/trip-ledger.ts';
import { shadowStrategy } from '../../../tests/support/shadow-market.ts';
import { chooseParameters, compareSummaries } from './parameter-choice.ts';

const dayMs = 86_400_000;
const at = 100 * dayMs;
const rules = { selectionDays: 30, holdOutDays: 7, minimumTrades: 2 };

/** A run that began forty days ago, with round trips as pairs of days ago and profit. */
function runOf(
  changes: Partial<StrategyPolicy>,
  trips: readonly (readonly [number, number])[],
  startedDays = 40,
): ShadowRun {
  const run = createShadowRun(shadowSettings(shadowStrategy, changes));
  run.startedAt = at - startedDays * dayMs;
  for (const [daysAgo, sum] of trips) {
    const path = { sum, peak: Math.max(0, sum), trough: Math.min(0, sum), drawdown: Math.max(0, -sum) };
    addTrip(run.trips, at - daysAgo * dayMs, at - daysAgo * dayMs + 1, path);
  }
  return run;
}

const poor: readonly (readonly [number, number])[] = [
  [30, -2],
  [20, 1],
  [5, 1],
  [4, -3],
];
const good: readonly (readonly [number, number])[] = [
  [30, -1],
  [20, 4],
  [5, 2],
  [4, -1],
];

test('the best candidate that holds on the days it was not chosen on is chosen', () => {
  const choice = chooseParameters([runOf({}, poor), runOf({ directionLookback: 24 }, good)], rules, at);
  assert.equal(choice.code, 'chosen');
  assert.deepEqual(choice.changes, { directionLookback: 24 });
  assert.equal(choice.reason, "'c0.0:l24:t2.0:ec60:xc60' was best over 30 days and held over the 7 after them");
});

test('only what differs from the strategy in force is changed', () => {
  const changes = { directionThresholdBps: 4, entryCooldownSeconds: 60, exitCooldownSeconds: 300 };
  const choice = chooseParameters([runOf({}, poor), runOf(changes, good)], rules, at);
  assert.deepEqual(choice.changes, { directionThresholdBps: 4, exitCooldownSeconds: 300 });
});

test('the held-out days take no part in the ranking', () => {
  // Brilliant of late, poor before: the ranking must not know.
  const lucky = runOf({ directionLookback: 48 }, [
    [30, -5],
    [20, 1],
    [5, 90],
    [4, 90],
  ]);
  const choice = chooseParameters([runOf({}, poor), lucky], rules, at);
  assert.equal(choice.code, 'current-best');
  assert.deepEqual(choice.changes, {});
});

test('a round trip of thirty-seven days ago counts, one before it and one of seven days ago do not', () => {
  const edge = runOf({ directionLookback: 24 }, [
    [37.1, 50],
    [37, 2],
    [7.1, 2],
    [7, 5],
  ]);
  assert.equal(chooseParameters([runOf({}, poor), edge], rules, at).code, 'chosen');
  assert.equal(chooseParameters([runOf({}, poor), edge], { ...rules, minimumTrades: 3 }, at).code, 'no-candidate');
});

test('a candidate that lost on the held-out days is not chosen, and the next best is not looked at', () => {
  const best = runOf({ directionLookback: 48 }, [
    [30, -1],
    [20, 9],
    [5, -1],
  ]);
  const choice = chooseParameters([runOf({}, poor), best, runOf({ directionLookback: 24 }, good)], rules, at);
  assert.equal(choice.code, 'hold-out-unprofitable');
});

test('a candidate without a round trip on the held-out days has proved nothing', () => {
  const best = runOf({ directionLookback: 48 }, [
    [30, -1],
    [20, 9],
  ]);
  assert.equal(chooseParameters([runOf({}, poor), best], rules, at).code, 'hold-out-unprofitable');
});

test('a candidate no better than the strategy in force on the held-out days is not chosen', () => {
  const current = runOf({}, [
    [30, -2],
    [20, 1],
    [5, 2],
    [4, -1],
  ]);
  assert.equal(
    chooseParameters([current, runOf({ directionLookback: 24 }, good)], rules, at).code,
    'hold-out-not-better',
  );
});

test('too few round trips make no candidate', () => {
  const few = chooseParameters([runOf({}, [[30, 1]]), runOf({ directionLookback: 24 }, [[20, 9]])], rules, at);
  assert.equal(few.code, 'no-candidate');
});

test('every run must span the selection and the held-out days', () => {
  assert.equal(chooseParameters([], rules, at).code, 'history-short');
  assert.equal(chooseParameters([runOf({}, poor, 36.9)], rules, at).code, 'history-short');
  assert.equal(chooseParameters([runOf({}, poor, 37)], rules, at).code, 'current-best');
  const young = runOf({ directionLookback: 24 }, good, 30);
  assert.equal(chooseParameters([runOf({}, poor), young], rules, at).code, 'history-short');
});

test('of equal results the strategy in force stays', () => {
  const choice = chooseParameters([runOf({ directionLookback: 24 }, good), runOf({}, good)], rules, at);
  assert.equal(choice.code, 'current-best');
});

test('calmar decides before profit, and profit before the number of round trips', () => {
  const summary = (calmar: number, pnlTotal: number, trades: number) => ({
    calmar,
    pnlTotal,
    trades,
    winRate: 0,
    maxDrawdown: 0,
  });
  assert.ok(compareSummaries(summary(2, 1, 1), summary(1, 9, 9)) < 0);
  assert.ok(compareSummaries(summary(1, 2, 1), summary(1, 1, 9)) < 0);
  assert.ok(compareSummaries(summary(1, 1, 2), summary(1, 1, 1)) < 0);
  assert.equal(compareSummaries(summary(1, 1, 1), summary(1, 1, 1)), 0);
});

test('the order in which candidates are listed decides nothing', () => {
  const profits = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(profits, { minLength: 1, maxLength: 5 }), (drawn) => {
      const candidates = drawn.map((sums, index) => {
        const trips = sums.map((sum, trip) => [36 - trip * 6, sum] as const);
        return runOf({ directionLookback: 13 + index }, trips);
      });
      const current = runOf({}, poor);
      const forward = chooseParameters([current, ...candidates], rules, at);
      const backward = chooseParameters([current, ...candidates.toReversed()], rules, at);
      assert.deepEqual(forward, backward);
    }),
  );
});
