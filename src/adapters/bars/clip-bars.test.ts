import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clipBars } from './clip-bars.ts';
import { allocateColumns, columnNames } from './column-file.ts';

const head = {
  instrument: 'EURUSD.OANDA',
  intervalMs: 60_000,
  priceDecimals: 5,
  priceBasis: 'mid',
  hasVolume: true,
} as const;

test('a clip holds just the rows from the first instant until before the last', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(50), { maxLength: 20 }),
      fc.integer({ min: -5, max: 60 }),
      fc.integer({ min: -5, max: 60 }),
      fc.boolean(),
      (times, fromAt, untilAt, shared) => {
        const columns = allocateColumns(head, times.length, false);
        columns.openAt.set(times.toSorted((a, b) => a - b));
        columns.close.set(columns.openAt.map((time) => time * 3));
        const clipped = clipBars(columns, fromAt, untilAt, shared);
        const expected = [...columns.openAt].filter((time) => time >= fromAt && time < untilAt);
        assert.deepEqual([...clipped.openAt], expected);
        assert.deepEqual(
          [...clipped.close],
          expected.map((time) => time * 3),
        );
        assert.deepEqual([clipped.length, clipped.priceBasis, clipped.hasVolume], [expected.length, 'mid', true]);
      },
    ),
  );
});

test('a part, or a shared clip, has memory of its own, and the whole is the series itself', () => {
  const columns = allocateColumns(head, 2, false);
  columns.openAt.set([1, 2]);
  for (const clipped of [clipBars(columns, 2, 10), clipBars(columns, 0, 10, true)]) {
    for (const name of columnNames) assert.notEqual(clipped[name].buffer, columns[name].buffer);
  }
  assert.equal(clipBars(columns, 0, 10), columns);
});
