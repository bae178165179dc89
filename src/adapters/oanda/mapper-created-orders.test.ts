import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  entryFill,
  entryOrder,
  inputsOf,
  stopOrder,
  targetOrder,
  transactionAt,
  transactionTime,
} from '../../../tests/support/oanda-transactions.ts';
import { createAccountBook } from './account-book.ts';

test('an entry with a bracket is accepted, filled, and its children come into being with our ids', () => {
  const inputs = inputsOf(createAccountBook(), entryOrder, entryFill, stopOrder, targetOrder);
  assert.deepEqual(inputs, [
    { type: 'order.accepted', clientOrderId: 'tw-run-1', venueOrderId: '100', venueAt: transactionAt, child: null },
    {
      type: 'order.filled',
      clientOrderId: 'tw-run-1',
      venueOrderId: '100',
      fillId: '101',
      instrument: 'EURUSD.OANDA',
      side: 'buy',
      quantity: 100,
      price: 110_005,
      fee: 0,
      realizedPnl: 0,
      spreadCost: 7_000,
      balance: 33_848_266_300,
      venueAt: transactionAt,
      isPessimistic: false,
    },
    {
      type: 'order.accepted',
      clientOrderId: 'tw-run-1-s',
      venueOrderId: '102',
      venueAt: transactionAt,
      child: {
        parentOrderId: 'tw-run-1',
        instrument: 'EURUSD.OANDA',
        side: 'sell',
        quantity: 100,
        purpose: 'stopLoss',
        stopPrice: 109_000,
        limitPrice: null,
      },
    },
    {
      type: 'order.accepted',
      clientOrderId: 'tw-run-1-t',
      venueOrderId: '103',
      venueAt: transactionAt,
      child: {
        parentOrderId: 'tw-run-1',
        instrument: 'EURUSD.OANDA',
        side: 'sell',
        quantity: 100,
        purpose: 'takeProfit',
        stopPrice: null,
        limitPrice: 112_000,
      },
    },
  ]);
});

test("a child without our id is known by its trade's entryOrder, once", () => {
  const bare = { ...stopOrder, clientExtensions: undefined };
  const inputs = inputsOf(createAccountBook(), entryOrder, entryFill, bare, { ...bare, id: '110' });
  assert.deepEqual(
    inputs.slice(2).map((input) => [input.type, 'clientOrderId' in input ? input.clientOrderId : '']),
    [
      ['order.accepted', 'tw-run-1-s'],
      ['order.adopted', ''],
    ],
  );
});

test('a stop that is replaced, also by another hand, keeps our id and is amended', () => {
  const book = createAccountBook();
  inputsOf(book, entryOrder, entryFill, stopOrder);
  const inputs = inputsOf(
    book,
    {
      id: '110',
      type: 'ORDER_CANCEL',
      orderID: '102',
      clientOrderID: 'tw-run-1-s',
      reason: 'CLIENT_REQUEST_REPLACED',
      replacedByOrderID: '111',
    },
    {
      id: '111',
      type: 'STOP_LOSS_ORDER',
      tradeID: '101',
      price: '1.09500',
      replacesOrderID: '102',
      reason: 'REPLACEMENT',
    },
    { id: '112', type: 'ORDER_CANCEL', orderID: '111', reason: 'LINKED_TRADE_CLOSED' },
  );
  assert.deepEqual(inputs, [
    { type: 'order.amended', clientOrderId: 'tw-run-1-s', quantity: 100, stopPrice: 109_500, limitPrice: null },
    { type: 'order.canceled', clientOrderId: 'tw-run-1-s', reason: 'LINKED_TRADE_CLOSED' },
  ]);
});

test('F11: a pending order of another hand is adopted with its purpose', () => {
  const hand = {
    ...entryOrder,
    type: 'LIMIT_ORDER',
    price: '1.09000',
    clientExtensions: { id: 'mine' },
    gtdTime: transactionTime,
  };
  const book = createAccountBook();
  const [adopted] = inputsOf(book, hand);
  assert.deepEqual(adopted, {
    type: 'order.adopted',
    order: {
      clientOrderId: 'external-100',
      instrument: 'EURUSD.OANDA',
      side: 'buy',
      quantity: 100,
      orderType: 'limit',
      limitPrice: 109_000,
      stopPrice: null,
      timeInForce: 'goodTillTime',
      expiresAt: transactionAt,
      isReduceOnly: false,
      purpose: 'entry',
      bracket: null,
      strategy: '',
      reason: 'CLIENT_ORDER',
    },
    venueOrderId: '100',
    venueAt: transactionAt,
    reason: 'CLIENT_ORDER',
  });
  const [touched] = inputsOf(book, {
    ...hand,
    id: '105',
    type: 'MARKET_IF_TOUCHED_ORDER',
    positionFill: 'REDUCE_ONLY',
  });
  assert.equal(touched?.type === 'order.adopted' && touched.order.purpose, 'exit');
  assert.equal(touched?.type === 'order.adopted' && touched.order.isReduceOnly, true);
});
