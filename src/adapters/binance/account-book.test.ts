import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AccountBook,
  accountBook,
  balanceAfter,
  instrumentIdOf,
  isExternal,
  isNewFunding,
  isNewState,
  isNewTrade,
  isNewTransfer,
  knownOrdersMax,
  noteOrder,
  type OrderFacts,
  ownIdOf,
  seenTradesMax,
  setPosition,
  setWallet,
  symbolOf,
} from './account-book.ts';

const facts: OrderFacts = {
  clientOrderId: 'tw-run-1',
  wireId: 'tw-run-1',
  venueOrderId: '7',
  family: 'ordinary',
  symbol: 'BTCUSDT',
  side: 'buy',
  quantity: 10,
  filledQuantity: 0,
  orderType: 'limit',
  limitPrice: 500_000,
  stopPrice: null,
  isReduceOnly: false,
  at: 1,
};

function emptyBook(): AccountBook {
  return accountBook({ accountCurrency: 'USDT', moneyDecimals: 8, ownIdPrefix: 'tw-', markets: new Map() });
}

test('a trade is seen once, also when it comes again and again (F09)', () => {
  const book = emptyBook();
  assert.deepEqual(
    [isNewTrade(book, 'BTCUSDT', '1'), isNewTrade(book, 'BTCUSDT', '1'), isNewTrade(book, 'ETHUSDT', '1')],
    [true, false, true],
  );
});

test('trades are remembered up to a bound, the oldest go first', () => {
  const book = emptyBook();
  for (let id = 0; id <= seenTradesMax; id++) isNewTrade(book, 'A', String(id));
  assert.equal(book.seenTrades.size, seenTradesMax);
  assert.equal(isNewTrade(book, 'A', '0'), true);
});

test('orders are remembered up to a bound, those that have ended go first', () => {
  const book = emptyBook();
  noteOrder(book, { ...facts, clientOrderId: 'first' }, true);
  noteOrder(book, { ...facts, clientOrderId: 'ended' }, false);
  for (let id = 0; id < knownOrdersMax; id++) noteOrder(book, { ...facts, clientOrderId: `tw-${id}` }, true);
  assert.equal(book.orders.size, knownOrdersMax);
  assert.deepEqual([book.orders.has('ended'), book.orders.has('tw-5')], [false, true]);
});

test('an order that has ended never works again, and its fills only grow', () => {
  const book = emptyBook();
  noteOrder(book, { ...facts, filledQuantity: 5 }, false);
  const order = noteOrder(book, { ...facts, filledQuantity: 3 }, true);
  assert.deepEqual([order.isWorking, order.filledQuantity], [false, 5]);
});

test('a change that the wallet was told of before its trade is not counted twice', () => {
  const book = emptyBook();
  setWallet(book, 1_000, 10);
  assert.equal(balanceAfter(book, 11, -5), 995);
  setWallet(book, 995, 11);
  assert.equal(balanceAfter(book, 11, -5), 995);
  setWallet(book, 500, 9);
  assert.equal(book.wallet.balance, 995);
});

test('an order of another hand is named by the id of the venue, one of ours by our own', () => {
  const book = emptyBook();
  assert.equal(ownIdOf(book, 'tw-run-1', '7', 'ordinary'), 'tw-run-1');
  assert.equal(ownIdOf(book, 'web_abc', '7', 'ordinary'), 'external-7');
  assert.equal(ownIdOf(book, 'web_abc', '8', 'conditional'), 'external-algo-8');
  assert.deepEqual([isExternal('external-7'), isExternal('tw-run-1')], [true, false]);
});

test('what a conditional order of another hand becomes belongs to it', () => {
  const book = emptyBook();
  noteOrder(book, { ...facts, clientOrderId: 'external-algo-8', wireId: 'web_abc', family: 'conditional' }, true);
  assert.equal(ownIdOf(book, 'web_abc', '9', 'ordinary'), 'external-algo-8');
});

test('one funding seen at two times of one minute is one funding', () => {
  const book = emptyBook();
  const at = 1_700_006_400_000;
  assert.deepEqual(
    [isNewFunding(book, 'A', at), isNewFunding(book, 'A', at + 5_000), isNewFunding(book, 'A', at + 3_600_000)],
    [true, false, true],
  );
  assert.deepEqual(
    [isNewTransfer(book, 5, at), isNewTransfer(book, 5, at), isNewTransfer(book, 6, at)],
    [true, false, true],
  );
});

test('an acceptance and an end are told once', () => {
  const book = emptyBook();
  noteOrder(book, facts, true);
  assert.deepEqual(
    [isNewState(book, 'tw-run-1', 'isAccepted'), isNewState(book, 'tw-run-1', 'isAccepted')],
    [true, false],
  );
  assert.deepEqual(
    [isNewState(book, 'tw-run-1', 'isEndTold'), isNewState(book, 'tw-run-1', 'isEndTold')],
    [true, false],
  );
  assert.equal(isNewState(book, 'unknown', 'isEndTold'), true);
});

test('a flat position is none, and ids lead to symbols and back', () => {
  const book = emptyBook();
  setPosition(book, 'BTCUSDT', 5);
  setPosition(book, 'BTCUSDT', 0);
  assert.equal(book.positions.size, 0);
  assert.equal(symbolOf(instrumentIdOf('BTCUSDT')), 'BTCUSDT');
});
