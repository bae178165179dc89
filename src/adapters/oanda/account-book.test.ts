import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bookOrdersMax,
  bookTradesMax,
  copyAccountBook,
  createAccountBook,
  type KnownOrder,
  noteBalance,
  noteOrder,
  noteTrade,
  orderOfClient,
} from './account-book.ts';

function orderOf(id: string, isPending: boolean): KnownOrder {
  return {
    venueOrderId: id,
    clientOrderId: `tw-run-${id}`,
    instrument: 'EURUSD.OANDA',
    side: 'buy',
    orderType: 'limit',
    purpose: 'entry',
    stopPrice: null,
    limitPrice: 110_000,
    tradeId: null,
    quantity: 100,
    filledQuantity: 0,
    isPending,
  };
}

test('beyond the bound an ended order is forgotten before a pending one', () => {
  const book = createAccountBook();
  noteOrder(book, orderOf('1', true));
  noteOrder(book, orderOf('2', false));
  for (let id = 3; id <= bookOrdersMax + 1; id += 1) noteOrder(book, orderOf(String(id), true));
  assert.equal(book.orderById.size, bookOrdersMax);
  assert.equal(orderOfClient(book, 'tw-run-1')?.venueOrderId, '1');
  assert.equal(orderOfClient(book, 'tw-run-2'), undefined);
  assert.equal(book.venueIdByClientId.size, bookOrdersMax);
});

test('trades are remembered up to a bound', () => {
  const book = createAccountBook();
  for (let id = 0; id <= bookTradesMax; id += 1)
    noteTrade(book, { tradeId: String(id), symbol: 'EUR_USD', entryOrderId: null, signedQuantity: 1 });
  assert.equal(book.tradeById.size, bookTradesMax);
  assert.equal(book.tradeById.has('0'), false);
});

test('an id that was handed on names the later order', () => {
  const book = createAccountBook();
  noteOrder(book, orderOf('1', true));
  noteOrder(book, { ...orderOf('2', true), clientOrderId: 'tw-run-1' });
  assert.equal(orderOfClient(book, 'tw-run-1')?.venueOrderId, '2');
});

test('a balance that is told late does not go back to an older one', () => {
  const book = createAccountBook();
  assert.equal(noteBalance(book, '9', undefined), undefined);
  assert.equal(noteBalance(book, '10', 500), 500);
  assert.equal(noteBalance(book, '9', 400), 500);
  assert.equal(noteBalance(book, '11', 600), 600);
});

test('a copy is carried on by itself', () => {
  const book = createAccountBook();
  noteOrder(book, orderOf('1', true));
  const copy = copyAccountBook(book);
  const order = orderOfClient(copy, 'tw-run-1');
  if (order !== undefined) order.isPending = false;
  noteBalance(copy, '5', 7);
  assert.equal(orderOfClient(book, 'tw-run-1')?.isPending, true);
  assert.equal(book.balance, null);
});
