import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  entryFill,
  entryOrder,
  inputsOf,
  stopOrder,
  targetOrder,
  transactionAt,
} from '../../../tests/support/oanda-transactions.ts';
import { createAccountBook } from './account-book.ts';

test('the recorded close of a trade is one fill of another hand, with its price, profit and balance', () => {
  const inputs = inputsOf(
    createAccountBook(),
    {
      id: '2316',
      batchID: '2316',
      type: 'MARKET_ORDER',
      instrument: 'EUR_USD',
      units: '-100',
      timeInForce: 'FOK',
      positionFill: 'REDUCE_ONLY',
      reason: 'TRADE_CLOSE',
      tradeClose: { units: '100', tradeID: '2313' },
      userID: 1435156,
      accountID: '101-004-1435156-001',
    },
    {
      id: '2317',
      orderID: '2316',
      batchID: '2316',
      type: 'ORDER_FILL',
      instrument: 'EUR_USD',
      units: '-100',
      price: '1.09289',
      pl: '-0.1455',
      financing: '0.0000',
      accountBalance: '33848.1208',
      reason: 'MARKET_ORDER_TRADE_CLOSE',
      tradesClosed: [{ tradeID: '2313', units: '-100', realizedPL: '-0.1455', financing: '0.0000' }],
      userID: 1435156,
      accountID: '101-004-1435156-001',
    },
  );
  assert.deepEqual(inputs, [
    {
      type: 'order.filled',
      clientOrderId: 'external-2316',
      venueOrderId: '2316',
      fillId: '2317',
      instrument: 'EURUSD.OANDA',
      side: 'sell',
      quantity: 100,
      price: 109_289,
      fee: 0,
      realizedPnl: -145_500,
      spreadCost: 0,
      balance: 33_848_120_800,
      venueAt: transactionAt,
      isPessimistic: false,
    },
  ]);
});

test('F18: a reduction of which the venue fills no more than there is to close is for that much, and over', () => {
  const inputs = inputsOf(
    createAccountBook(),
    {
      id: '101',
      batchID: '101',
      type: 'MARKET_ORDER',
      instrument: 'EUR_USD',
      units: '-1000',
      timeInForce: 'FOK',
      positionFill: 'REDUCE_ONLY',
      reason: 'CLIENT_ORDER',
      clientExtensions: { id: 'tw-run-9' },
    },
    {
      id: '102',
      orderID: '101',
      clientOrderID: 'tw-run-9',
      batchID: '101',
      type: 'ORDER_FILL',
      instrument: 'EUR_USD',
      units: '-400',
      price: '1.09289',
      pl: '0.0000',
      accountBalance: '1000.0000',
      tradesClosed: [{ tradeID: '90', units: '-400', realizedPL: '0.0000', financing: '0.0000' }],
    },
  );
  assert.deepEqual(
    inputs.map((input) => [input.type, 'quantity' in input ? input.quantity : null]),
    [
      ['order.accepted', null],
      ['order.amended', 400],
      ['order.filled', 400],
    ],
  );
});

test('F20: a fill through zero is a fill for each trade that it closed, reduced and opened', () => {
  const book = createAccountBook();
  inputsOf(book, entryOrder, entryFill);
  const inputs = inputsOf(
    book,
    { ...entryOrder, id: '120', units: '-300', clientExtensions: { id: 'tw-run-2' } },
    {
      ...entryFill,
      id: '121',
      orderID: '120',
      clientOrderID: 'tw-run-2',
      units: '-300',
      commission: '1.5000',
      guaranteedExecutionFee: '0.2500',
      pl: '1.0000',
      accountBalance: '33850.0000',
      halfSpreadCost: '0.0300',
      tradesClosed: [
        { tradeID: '101', units: '-100', price: '1.10010', realizedPL: '0.7500', halfSpreadCost: '0.0100' },
        { tradeID: '90', units: '-50', price: '1.10011', realizedPL: '0.2500', halfSpreadCost: '0.0050' },
      ],
      tradeOpened: { tradeID: '121', units: '-150', price: '1.10012', halfSpreadCost: '0.0150' },
    },
  );
  const fills = inputs.filter((input) => input.type === 'order.filled');
  assert.deepEqual(
    fills.map(({ fillId, quantity, price, fee, realizedPnl, spreadCost, balance, side }) => ({
      fillId,
      quantity,
      price,
      fee,
      realizedPnl,
      spreadCost,
      balance,
      side,
    })),
    [
      {
        fillId: '121-1',
        quantity: 100,
        price: 110_010,
        fee: 1_750_000,
        realizedPnl: 750_000,
        spreadCost: 10_000,
        balance: 33_850_000_000,
        side: 'sell',
      },
      {
        fillId: '121-2',
        quantity: 50,
        price: 110_011,
        fee: 0,
        realizedPnl: 250_000,
        spreadCost: 5_000,
        balance: 33_850_000_000,
        side: 'sell',
      },
      {
        fillId: '121-3',
        quantity: 150,
        price: 110_012,
        fee: 0,
        realizedPnl: 0,
        spreadCost: 15_000,
        balance: 33_850_000_000,
        side: 'sell',
      },
    ],
  );
});

test('F14: parts that do not add up give way to what was filled in all, and are put aside', () => {
  const inputs = inputsOf(createAccountBook(), entryOrder, {
    ...entryFill,
    tradeOpened: { ...entryFill.tradeOpened, units: '60' },
  });
  assert.deepEqual(
    inputs.map((input) => input.type),
    ['order.accepted', 'message.quarantined', 'order.filled'],
  );
  const fill = inputs.find((input) => input.type === 'order.filled');
  assert.equal(fill?.quantity, 100);
  assert.equal(fill?.fillId, '101');
});

test('after a reduction stops and targets cover what is left of the trade', () => {
  const book = createAccountBook();
  inputsOf(book, entryOrder, entryFill, stopOrder, targetOrder);
  const inputs = inputsOf(book, {
    ...entryFill,
    id: '130',
    orderID: '129',
    clientOrderID: undefined,
    units: '-40',
    tradeOpened: undefined,
    tradeReduced: { tradeID: '101', units: '-40', price: '1.10100', realizedPL: '0.0380' },
  });
  assert.deepEqual(inputs.slice(1), [
    { type: 'order.amended', clientOrderId: 'tw-run-1-s', quantity: 60, stopPrice: 109_000, limitPrice: null },
    { type: 'order.amended', clientOrderId: 'tw-run-1-t', quantity: 60, stopPrice: null, limitPrice: 112_000 },
  ]);
});

test('F66: a margin close-out fills the position and is told once for its batch', () => {
  const book = createAccountBook();
  const closeOut = { ...entryFill, clientOrderID: undefined, reason: 'MARKET_ORDER_MARGIN_CLOSEOUT', batchID: '200' };
  const inputs = inputsOf(
    book,
    { ...closeOut, id: '201', orderID: '200' },
    {
      ...closeOut,
      id: '203',
      orderID: '202',
      instrument: 'USD_JPY',
      price: '110.100',
      fullVWAP: '110.100',
      tradeOpened: null,
    },
  );
  assert.deepEqual(
    inputs.map((input) => input.type),
    ['order.filled', 'account.closedOut', 'order.filled'],
  );
});

test('a balance told late is not gone back to', () => {
  const book = createAccountBook();
  inputsOf(book, { id: '400', type: 'TRANSFER_FUNDS', amount: '100', accountBalance: '1100' });
  const fill = inputsOf(book, entryOrder, entryFill).find((input) => input.type === 'order.filled');
  assert.equal(fill?.balance, 1_100_000_000);
});

test('F24: a fill that cannot be read is put aside and books nothing', () => {
  for (const change of [
    { instrument: 'XAU_USD' },
    { units: '0' },
    { units: '1e9' },
    { orderID: undefined },
    { commission: 'free' },
    { accountBalance: undefined },
    { price: undefined, fullVWAP: undefined, tradeOpened: undefined },
  ]) {
    const inputs = inputsOf(createAccountBook(), { ...entryFill, ...change });
    assert.deepEqual(
      inputs.map((input) => input.type),
      ['message.quarantined'],
      JSON.stringify(change),
    );
  }
});
