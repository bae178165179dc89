import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AssertionError } from '#base/assert.ts';
import type { BarColumns } from '#domain/bar.ts';
import { allocateColumns } from './column-file.ts';
import { mergeBars } from './merge-bars.ts';

function bars(closeByTime: ReadonlyMap<number, number>, hasVolume = false): BarColumns {
  const rows = [...closeByTime].sort(([a], [b]) => a - b);
  const columns = allocateColumns(
    { instrument: 'EURUSD.OANDA', intervalMs: 60_000, priceDecimals: 5, priceBasis: 'bid', hasVolume },
    rows.length,
    false,
  );
  columns.openAt.set(rows.map(([time]) => time));
  columns.close.set(rows.map(([, close]) => close));
  return columns;
}

const series = fc
  .uniqueArray(fc.tuple(fc.nat(15), fc.nat(2)), { selector: ([time]) => time })
  .map((rows) => new Map(rows));

test('merging gives what laying one map over the other gives, and counts each row once', () => {
  fc.assert(
    fc.property(series, series, (stored, fresh) => {
      const merged = mergeBars(bars(stored), bars(fresh));
      const expected = [...new Map([...stored, ...fresh])].sort(([a], [b]) => a - b);
      assert.deepEqual(
        [...merged.columns.openAt],
        expected.map(([time]) => time),
      );
      assert.deepEqual(
        [...merged.columns.close],
        expected.map(([, close]) => close),
      );
      assert.equal(merged.columns.length, expected.length);
      const times = [...fresh.keys()];
      assert.equal(merged.added, times.filter((time) => !stored.has(time)).length);
      assert.equal(
        merged.changed,
        times.filter((time) => stored.has(time) && stored.get(time) !== fresh.get(time)).length,
      );
      assert.equal(merged.added + merged.changed + merged.unchanged, fresh.size);
    }),
  );
});

test('a series carries volume once either part does', () => {
  const merged = mergeBars(bars(new Map([[1, 1]]), true), bars(new Map([[2, 1]])));
  assert.equal(merged.columns.hasVolume, true);
});

test('fresh rows out of order stop', () => {
  const columns = bars(
    new Map([
      [1, 1],
      [2, 1],
    ]),
  );
  columns.openAt.set([2, 1]);
  assert.throws(() => mergeBars(bars(new Map()), columns), AssertionError);
});
