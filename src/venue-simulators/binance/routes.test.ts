import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bySymbol, numberOf, rowsIn, rowWindow } from './routes.ts';

const rows = [1, 2, 3, 4, 5];
const limits = { usual: 2, most: 3 };

test('without a start the latest rows come, with one the earliest from there, always oldest first', () => {
  const window = (call: [string, string][]) => rowWindow(new Map(call), limits);
  const at = (row: number): number => row;
  assert.deepEqual(rowsIn(rows, window([]), at), [4, 5]);
  assert.deepEqual(rowsIn(rows, window([['startTime', '2']]), at), [2, 3]);
  assert.deepEqual(
    rowsIn(
      rows,
      window([
        ['endTime', '3'],
        ['limit', '9'],
      ]),
      at,
    ),
    [1, 2, 3],
  );
});

test('a call is cheaper where it names a symbol', () => {
  assert.equal(bySymbol(1, 40)(new Map([['symbol', 'BTCUSDT']])), 1);
  assert.equal(bySymbol(1, 40)(new Map()), 40);
});

test('a number is whole or none', () => {
  assert.equal(numberOf(new Map([['limit', '12']]), 'limit'), 12);
  assert.equal(numberOf(new Map([['limit', '1e3']]), 'limit'), undefined);
  assert.equal(numberOf(new Map(), 'limit'), undefined);
});
