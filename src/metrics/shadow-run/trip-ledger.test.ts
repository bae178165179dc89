import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addTrip,
  createTripLedger,
  firstTripAt,
  sumsBefore,
  TRIP_LIFE_MS,
  TRIPS_MAX,
  tripPath,
} from './trip-ledger.ts';

const dayMs = 86_400_000;

function pathOf(sum: number): { sum: number; peak: number; trough: number; drawdown: number } {
  return { sum, peak: Math.max(0, sum), trough: Math.min(0, sum), drawdown: Math.max(0, -sum) };
}

test('sums between two trips are those of the trips between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 200 }),
      fc.nat(),
      fc.nat(),
      (profits, a, b) => {
        const ledger = createTripLedger();
        for (const [index, profit] of profits.entries())
          addTrip(ledger, (index + 1) * 1000, (index + 1) * 1000 + 500, pathOf(profit));
        const [from, until] = [a % (profits.length + 1), b % (profits.length + 1)].toSorted((x, y) => x - y);
        const slice = profits.slice(from, until);
        const [before, after] = [sumsBefore(ledger, from ?? 0), sumsBefore(ledger, until ?? 0)];
        assert.equal(
          after.profit - before.profit,
          slice.reduce((sum, profit) => sum + profit, 0),
        );
        assert.equal(after.wins - before.wins, slice.filter((profit) => profit > 0).length);
      },
    ),
  );
});

test('a trip is found by the instant of its entry', () => {
  const ledger = createTripLedger();
  for (const at of [10, 20, 30]) addTrip(ledger, at, at + 5, pathOf(1));
  assert.equal(firstTripAt(ledger, 0), 0);
  assert.equal(firstTripAt(ledger, 20), 1);
  assert.equal(firstTripAt(ledger, 21), 2);
  assert.equal(firstTripAt(ledger, 31), 3);
  assert.deepEqual(tripPath(ledger, 1), pathOf(1));
});

test('round trips are forgotten ninety days after their entry', () => {
  const ledger = createTripLedger();
  for (let day = 0; day <= 120; day += 1) addTrip(ledger, day * dayMs, day * dayMs, pathOf(1));
  assert.equal(ledger.first, 30);
  assert.equal(120 * dayMs - (ledger.entryAt[30 % ledger.entryAt.length] ?? 0), TRIP_LIFE_MS);
  assert.throws(() => tripPath(ledger, 29), /is held/);
});

test('a ledger never holds more than its capacity, and its sums stay those of all trips', () => {
  const ledger = createTripLedger();
  const count = TRIPS_MAX + 1000;
  for (let index = 0; index < count; index += 1) addTrip(ledger, index + 1, index + 1, pathOf(1));
  assert.equal(ledger.end - ledger.first, TRIPS_MAX);
  assert.equal(ledger.entryAt.length, TRIPS_MAX);
  assert.equal(sumsBefore(ledger, ledger.first).profit, 1000);
  assert.equal(sumsBefore(ledger, ledger.end).profit, count);
});

test('trips out of order, trips that end before they began and results that are no number stop', () => {
  const ledger = createTripLedger();
  addTrip(ledger, 10, 20, pathOf(1));
  assert.throws(() => addTrip(ledger, 10, 20, pathOf(1)), /order of their entry/);
  assert.throws(() => addTrip(ledger, 11, 10, pathOf(1)), /ends after it began/);
  assert.throws(() => addTrip(ledger, 11, 12, { ...pathOf(1), sum: Number.NaN }), /finite/);
});
