import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookOf, sentOrder } from '../../../tests/support/binance-adapter-scene.ts';
import { noteOrder } from './account-book.ts';
import { isNews } from './told-once.ts';

test('an acceptance and an end are news once, whoever tells them', () => {
  const book = bookOf();
  noteOrder(book, sentOrder(), true);
  const accepted = {
    type: 'order.accepted',
    clientOrderId: 'tw-run-1',
    venueOrderId: '7',
    venueAt: 1,
    child: null,
  } as const;
  assert.deepEqual([isNews(book, accepted), isNews(book, accepted)], [true, false]);
  const canceled = { type: 'order.canceled', clientOrderId: 'tw-run-1', reason: 'CANCELED' } as const;
  const expired = { type: 'order.expired', clientOrderId: 'tw-run-1', reason: 'EXPIRED' } as const;
  assert.deepEqual([isNews(book, canceled), isNews(book, canceled), isNews(book, expired)], [true, false, false]);
});

test('everything else is news', () => {
  const closedOut = { type: 'account.closedOut', reason: 'x' } as const;
  assert.deepEqual([isNews(bookOf(), closedOut), isNews(bookOf(), closedOut)], [true, true]);
});
