import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin } from '../../../tests/support/binance-adapter-scene.ts';
import { depthBook, depthInput, forget, isKnown, takeSnapshot, takeUpdate, waitingUpdatesMax } from './depth-book.ts';
import type { DepthUpdate } from './schema.ts';

const empty = { type: 'depth.updated', instrument: 'BTCUSDT-PERP.BINANCE', bids: [], asks: [] };

function update(U: number, u: number, pu: number, change: Partial<Pick<DepthUpdate, 'a' | 'b'>> = {}): DepthUpdate {
  return { s: 'BTCUSDT', U: String(U), u: String(u), pu: String(pu), b: [], a: [], ...change };
}

const snapshot = {
  lastUpdateId: '100',
  bids: [
    ['50000.0', '1.000'],
    ['49999.9', '2.000'],
  ],
  asks: [['50000.1', '3.000']],
};

function known() {
  const book = depthBook(bitcoin.instrument);
  takeUpdate(book, update(95, 105, 94, { b: [['49999.8', '4.000']] }));
  assert.equal(takeSnapshot(book, snapshot), true);
  return book;
}

test('a snapshot and the first change that reaches over it make a known book', () => {
  assert.deepEqual(depthInput(known()), {
    type: 'depth.updated',
    instrument: 'BTCUSDT-PERP.BINANCE',
    bids: [
      [500_000, 1_000],
      [499_999, 2_000],
      [499_998, 4_000],
    ],
    asks: [[500_001, 3_000]],
  });
});

test('neither alone is a book', () => {
  const book = depthBook(bitcoin.instrument);
  takeUpdate(book, update(95, 105, 94));
  assert.deepEqual([isKnown(book), depthInput(book)], [false, empty]);
  const other = depthBook(bitcoin.instrument);
  takeSnapshot(other, snapshot);
  assert.deepEqual([isKnown(other), depthInput(other)], [false, empty]);
});

test('a change that does not follow on the last one makes the book unknown (F39)', () => {
  const book = known();
  assert.equal(takeUpdate(book, update(106, 110, 105)), true);
  assert.equal(takeUpdate(book, update(112, 115, 111)), false);
  assert.deepEqual(depthInput(book), empty);
});

test('a change that comes twice changes nothing', () => {
  const book = known();
  assert.equal(takeUpdate(book, update(95, 105, 94, { b: [['50000.0', '9.000']] })), true);
  assert.equal(book.bids.get(500_000), 1_000);
});

test('a snapshot older than everything that waited does not fit', () => {
  const book = depthBook(bitcoin.instrument);
  takeUpdate(book, update(105, 110, 104));
  assert.equal(takeSnapshot(book, snapshot), false);
  assert.equal(isKnown(book), false);
});

test('an emptied level is gone, a crossed book is not told (F78)', () => {
  const book = known();
  takeUpdate(book, update(106, 107, 105, { b: [['50000.0', '0.000']] }));
  assert.equal(book.bids.has(500_000), false);
  takeUpdate(book, update(108, 109, 107, { b: [['50000.1', '1.000']] }));
  assert.deepEqual(depthInput(book), empty);
});

test('a level that cannot be read makes the book unknown', () => {
  assert.equal(takeUpdate(known(), update(106, 107, 105, { a: [['-1', '1']] })), false);
  assert.equal(takeUpdate(known(), update(106, 107, 105, { a: [['50000.15', '1']] })), false);
});

test('changes that wait for a snapshot are bounded, and what is forgotten is gone', () => {
  const book = depthBook(bitcoin.instrument);
  for (let id = 0; id < waitingUpdatesMax + 5; id++) takeUpdate(book, update(id, id, id - 1 < 0 ? 0 : id - 1));
  assert.equal(book.waiting.length, waitingUpdatesMax);
  forget(book);
  assert.equal(book.waiting.length, 0);
});
