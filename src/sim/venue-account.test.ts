import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { applyFill } from '#domain/position.ts';
import { eurJpy, eurUsd, noonAt, usdJpy, venueRequest } from '../../tests/support/venue-scene.ts';
import {
  accountRate,
  bookMid,
  canAfford,
  closableQuantity,
  notionalAtMid,
  tickWorth,
  venueFigures,
} from './venue-account.ts';
import { type Book, createVenueState, type VenueState } from './venue-state.ts';

function priced(): VenueState {
  const state = createVenueState(venueRequest({ startBalance: 1_000_000_000 }));
  setPrice(state, eurUsd, 109_995, 110_005);
  setPrice(state, usdJpy, 149_990, 150_010);
  setPrice(state, eurJpy, 164_990, 165_010);
  return state;
}

function setPrice(state: VenueState, instrument: string, bid: number, ask: number): void {
  const book = bookOf(state, instrument);
  book.bidPrice = bid;
  book.askPrice = ask;
}

function bookOf(state: VenueState, instrument: string): Book {
  const book = state.books.get(instrument);
  assert.ok(book !== undefined);
  return book;
}

test('the mid is in whole ticks and absent without a price', () => {
  const state = createVenueState(venueRequest());
  assert.equal(bookMid(state.books.get(eurUsd)), undefined);
  setPrice(state, eurUsd, 110_000, 110_007);
  assert.equal(bookMid(state.books.get(eurUsd)), 110_004);
  assert.equal(bookMid(undefined), undefined);
});

test('yen become dollars through the dollar against the yen, and have no rate before it has a price', () => {
  assert.deepEqual(accountRate(priced(), 'JPY'), { numerator: 1_000, denominator: 150_000 });
  assert.equal(accountRate(createVenueState(venueRequest()), 'JPY'), undefined);
  assert.deepEqual(accountRate(createVenueState(venueRequest()), 'USD'), { numerator: 1, denominator: 1 });
});

test('a tick on one unit is worth its share of the quote currency in steps of money', () => {
  const state = priced();
  assert.equal(tickWorth(state, bookOf(state, eurUsd)), 10);
  assert.equal(tickWorth(state, bookOf(state, usdJpy)), 1_000 * (1_000 / 150_000));
});

test('the notional of the account currency is the quantity itself', () => {
  const state = priced();
  assert.equal(notionalAtMid(state, bookOf(state, usdJpy), 1_000), 1_000_000_000);
  assert.equal(notionalAtMid(state, bookOf(state, eurUsd), 1_000), 1_100_000_000);
  assert.equal(Math.round(notionalAtMid(state, bookOf(state, eurJpy), 1_000)), 1_100_000_000);
});

test('equity counts every position at the price that would close it', () => {
  const state = priced();
  applyFill(bookOf(state, eurUsd).position, { side: 'buy', quantity: 1_000, price: 110_105, at: noonAt });
  applyFill(bookOf(state, usdJpy).position, { side: 'sell', quantity: 1_000, price: 150_160, at: noonAt });
  const { equity, marginUsed } = venueFigures(state);
  // Long: 1,000 × (1.09995 − 1.10105) = −1.10. Short: 1,000 × (150.160 − 150.010) yen ÷ 150 = +1.00.
  assert.equal(Math.round(equity), 1_000_000_000 - 1_100_000 + 1_000_000);
  assert.equal(Math.round(marginUsed), 22_000_000 + 20_000_000);
});

test('an increase needs margin for the whole position, a decrease needs none', () => {
  const state = priced();
  const book = bookOf(state, eurUsd);
  // 1,000 dollars carry 50 times as much: 45,454 euros at 1.10.
  assert.equal(canAfford(state, book, 'buy', 45_454), true);
  assert.equal(canAfford(state, book, 'buy', 45_455), false);
  applyFill(book.position, { side: 'buy', quantity: 45_454, price: 110_000, at: noonAt });
  state.balance = 1_000;
  assert.equal(canAfford(state, book, 'sell', 2 * 45_454), true);
  assert.equal(canAfford(state, book, 'sell', 2 * 45_454 + 1), false);
});

test('a margin rate of its own counts for its instrument', () => {
  const instruments = [fxInstrument('EUR_USD', 0.5)];
  const state = createVenueState(venueRequest({ instruments, startBalance: 1_100_000_000 }));
  setPrice(state, eurUsd, 110_000, 110_000);
  assert.equal(canAfford(state, bookOf(state, eurUsd), 'sell', 2_000), true);
  assert.equal(canAfford(state, bookOf(state, eurUsd), 'sell', 2_001), false);
});

test('only the opposite side can close, and no more than is held', () => {
  const state = priced();
  const book = bookOf(state, eurUsd);
  assert.equal(closableQuantity(book, 'sell'), 0);
  applyFill(book.position, { side: 'buy', quantity: 500, price: 110_000, at: noonAt });
  assert.deepEqual([closableQuantity(book, 'sell'), closableQuantity(book, 'buy')], [500, 0]);
});
