import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBarBuilder, finishBars, nextRow } from './bar-builder.ts';

const head = { instrument: 'EURUSD.OANDA', intervalMs: 60_000, priceDecimals: 5, priceBasis: 'bid' } as const;

test('rows come out ascending and unique, of equal times the last, in every order and capacity', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 8 }),
      (times, capacity) => {
        const builder = createBarBuilder(capacity);
        const expected = new Map<number, number>();
        times.forEach((time, place) => {
          const row = nextRow(builder, time);
          builder.close[row] = place;
          expected.set(time, place);
        });
        const bars = finishBars(builder, head);
        const rows = [...expected].sort(([a], [b]) => a - b);
        assert.deepEqual(
          [...bars.openAt],
          rows.map(([time]) => time),
        );
        assert.deepEqual(
          [...bars.close],
          rows.map(([, place]) => place),
        );
        assert.equal(bars.length + builder.duplicates, times.length);
        assert.equal(
          builder.unordered === 0,
          times.every((time, place) => place === 0 || time >= (times[place - 1] ?? 0)),
        );
      },
    ),
  );
});

test('columns are cut to their rows', () => {
  const builder = createBarBuilder(100);
  const row = nextRow(builder, 5);
  builder.volume[row] = 3;
  const bars = finishBars(builder, head);
  assert.equal(bars.openAt.length, 1);
  assert.equal(bars.hasVolume, true);
});
