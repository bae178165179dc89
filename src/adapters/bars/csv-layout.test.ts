import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLayout } from './csv-layout.ts';
import { ImportError } from './import-error.ts';

test('a plain header gives its columns in order', () => {
  const layout = csvLayout('time,open,high,low,close,volume', 'x');
  assert.deepEqual([layout.time, layout.series, layout.volume, layout.hasAsk], [0, [1, 2, 3, 4], 5, false]);
});

test('a header in another order, with capitals, quotes and more columns reads the same figures', () => {
  const layout = csvLayout('\uFEFF"Volume", close,LOW,high,open,complete,time', 'x');
  assert.deepEqual([layout.time, layout.series, layout.volume], [6, [4, 3, 2, 1], 0]);
  assert.deepEqual(layout.ignoredColumns, ['complete']);
});

test('a header with both sides gives the bid as the series', () => {
  const layout = csvLayout('time,ask_open,ask_high,ask_low,ask_close,bid_open,bid_high,bid_low,bid_close', 'x');
  assert.deepEqual([layout.hasAsk, layout.series, layout.ask, layout.volume], [true, [5, 6, 7, 8], [1, 2, 3, 4], -1]);
});

test('a missing column is refused with what was expected, found and missing', () => {
  const refusal = (error: unknown) =>
    error instanceof ImportError &&
    error.code === 'header' &&
    error.message ===
      "'x.csv': the header must have 'time,open,high,low,close,volume', found 'time,open,high,close', missing 'low,volume'";
  assert.throws(() => csvLayout('time,open,high,close', 'x.csv'), refusal);
  assert.throws(
    () => csvLayout('time,bid_open,bid_high,bid_low,bid_close', 'x.csv'),
    /missing 'ask_open,ask_high,ask_low,ask_close'/,
  );
});

test('a doubled column and an endless header are refused', () => {
  assert.throws(() => csvLayout('time,open,high,low,close,volume,open', 'x'), /'open' twice/);
  assert.throws(() => csvLayout(','.repeat(1_000_000), 'x'), /at most 64 columns/);
});
