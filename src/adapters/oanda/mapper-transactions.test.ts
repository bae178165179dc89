import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  entryFill,
  entryOrder,
  inputsOf,
  plainReading,
  transactionAt,
  transactionTime,
} from '../../../tests/support/oanda-transactions.ts';
import { createAccountBook, strangeTypesMax } from './account-book.ts';
import { readTransaction } from './mapper-transactions.ts';
import { transactionSchema } from './schema.ts';

test('F25: an order that is taken and cancelled at once fills nothing', () => {
  const inputs = inputsOf(createAccountBook(), entryOrder, {
    id: '101',
    type: 'ORDER_CANCEL',
    orderID: '100',
    clientOrderID: 'tw-run-1',
    reason: 'MARKET_HALTED',
  });
  assert.deepEqual(inputs, [
    { type: 'order.accepted', clientOrderId: 'tw-run-1', venueOrderId: '100', venueAt: transactionAt, child: null },
    { type: 'order.canceled', clientOrderId: 'tw-run-1', reason: 'MARKET_HALTED' },
  ]);
});

test('an order whose time is over has expired', () => {
  const inputs = inputsOf(
    createAccountBook(),
    { ...entryOrder, type: 'LIMIT_ORDER', price: '1.09000', timeInForce: 'GTD' },
    { id: '101', type: 'ORDER_CANCEL', orderID: '100', reason: 'TIME_IN_FORCE_EXPIRED' },
  );
  assert.deepEqual(inputs[1], { type: 'order.expired', clientOrderId: 'tw-run-1', reason: 'TIME_IN_FORCE_EXPIRED' });
});

test('the recorded reject of an order of ours is a refusal with its code; one of another hand is none of ours', () => {
  const reject = {
    type: 'MARKET_IF_TOUCHED_ORDER_REJECT',
    instrument: 'USD_JPY',
    units: '300',
    price: '110.79999999999999',
    timeInForce: 'GTC',
    triggerCondition: 'DEFAULT',
    partialFill: 'DEFAULT',
    positionFill: 'DEFAULT',
    reason: 'CLIENT_ORDER',
    rejectReason: 'PRICE_PRECISION_EXCEEDED',
    id: '6864',
    accountID: '001-009-1939778-001',
    userID: 1939778,
    batchID: '6864',
    requestID: '78566986778195099',
    time: '2019-03-07T12:02:47.539716401Z',
  };
  assert.deepEqual(inputsOf(createAccountBook(), reject), []);
  assert.deepEqual(inputsOf(createAccountBook(), { ...reject, clientExtensions: { id: 'tw-run-1' } }), [
    {
      type: 'order.rejected',
      clientOrderId: 'tw-run-1',
      code: 'PRICE_PRECISION_EXCEEDED',
      reason: 'MARKET_IF_TOUCHED_ORDER_REJECT',
    },
  ]);
});

test('a refused change leaves the order as it is, and a refused second order leaves the first one to be asked for', () => {
  const book = createAccountBook();
  const reject = {
    id: '5',
    type: 'LIMIT_ORDER_REJECT',
    rejectReason: 'PRICE_INVALID',
    clientExtensions: { id: 'tw-run-1' },
  };
  assert.deepEqual(inputsOf(book, { ...reject, intendedReplacesOrderID: '3' }), []);
  assert.deepEqual(inputsOf(book, { ...reject, id: '6', type: 'STOP_LOSS_ORDER_REJECT', tradeID: '3' }), []);
  assert.deepEqual(inputsOf(book, { ...reject, id: '7', rejectReason: 'CLIENT_ORDER_ID_ALREADY_EXISTS' }), [
    {
      type: 'order.unresolved',
      clientOrderId: 'tw-run-1',
      reason: "refused as known already: 'CLIENT_ORDER_ID_ALREADY_EXISTS'",
    },
  ]);
});

test('F58: interest is charged by instrument, at the turn of the day and with a fill', () => {
  const book = createAccountBook();
  const inputs = inputsOf(book, {
    id: '300',
    type: 'DAILY_FINANCING',
    financing: '-0.0300',
    accountBalance: '33848.0000',
    positionFinancings: [
      { instrument: 'EUR_USD', financing: '-0.0200' },
      { instrument: 'USD_JPY', financing: '-0.0100' },
      { instrument: 'XAU_USD', financing: '0.0000' },
    ],
  });
  assert.deepEqual(inputs.slice(0, 2), [
    { type: 'financing.charged', instrument: 'EURUSD.OANDA', amount: -20_000, days: 1, balance: 33_848_000_000 },
    { type: 'financing.charged', instrument: 'USDJPY.OANDA', amount: -10_000, days: 1, balance: 33_848_000_000 },
  ]);
  assert.equal(inputs[2]?.type, 'message.quarantined');
  const fill = inputsOf(book, entryOrder, {
    ...entryFill,
    id: '301',
    financing: '-0.0050',
    accountBalance: '33847.9950',
  });
  assert.deepEqual(fill[2], {
    type: 'financing.charged',
    instrument: 'EURUSD.OANDA',
    amount: -5_000,
    days: 0,
    balance: 33_847_995_000,
  });
});

test('money that is brought changes the balance by its amount, and what is not said is not zero', () => {
  const book = createAccountBook();
  const transfer = { id: '400', type: 'TRANSFER_FUNDS', amount: '100.0000', accountBalance: '1100.0000' };
  assert.deepEqual(inputsOf(book, transfer), [
    { type: 'balance.changed', amount: 100_000_000, balance: 1_100_000_000, reason: 'TRANSFER_FUNDS' },
  ]);
  const [missing] = inputsOf(book, { id: '401', type: 'TRANSFER_FUNDS', amount: '5.0000' });
  assert.equal(missing?.type, 'message.quarantined');
});

test('F86: a type that is not known is put aside once, and its balance is taken', () => {
  const book = createAccountBook();
  inputsOf(book, { id: '400', type: 'TRANSFER_FUNDS', amount: '100', accountBalance: '1100' });
  const strange = { id: '402', type: 'SOMETHING_NEW', accountBalance: '1099.5000', extra: { deep: true } };
  const inputs = inputsOf(book, strange, { ...strange, id: '403' });
  assert.deepEqual(
    inputs.map((input) => input.type),
    ['message.quarantined', 'balance.changed'],
  );
  assert.deepEqual(inputs[1], {
    type: 'balance.changed',
    amount: -500_000,
    balance: 1_099_500_000,
    reason: 'SOMETHING_NEW',
  });
  for (let kind = 0; kind < strangeTypesMax * 2; kind += 1)
    inputsOf(book, { id: String(500 + kind), type: `NEW_${kind}` });
  assert.equal(book.strangeTypes.size, strangeTypesMax);
});

test('types that say nothing of orders or money come to nothing; calls of margin are noticed', () => {
  const book = createAccountBook();
  for (const type of ['CLIENT_CONFIGURE', 'ORDER_CANCEL_REJECT', 'RESET_RESETTABLE_PL'])
    assert.deepEqual(inputsOf(book, { id: '1', type }), []);
  const call = transactionSchema.parse({ id: '2', type: 'MARGIN_CALL_ENTER', time: transactionTime });
  assert.deepEqual(readTransaction(book, call, plainReading), {
    inputs: [],
    notices: ["the venue says 'MARGIN_CALL_ENTER' of the account"],
  });
});

test('whatever a transaction holds, reading it throws nothing', () => {
  const types = [
    'ORDER_FILL',
    'ORDER_CANCEL',
    'LIMIT_ORDER',
    'STOP_LOSS_ORDER',
    'LIMIT_ORDER_REJECT',
    'DAILY_FINANCING',
    'X',
  ];
  const text = fc.oneof(
    fc.constantFrom('EUR_USD', '100', '-1', '0', 'tw-1', '__proto__', 'constructor', ''),
    fc.string(),
  );
  const transaction = fc.record(
    {
      id: fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }).map(String),
      type: fc.constantFrom(...types),
      time: fc.oneof(fc.constant(transactionTime), fc.string()),
      instrument: text,
      units: text,
      price: text,
      orderID: text,
      tradeID: text,
      replacesOrderID: text,
      accountBalance: text,
      financing: text,
      clientExtensions: fc.record({ id: text }),
      tradeOpened: fc.record({ tradeID: text, units: text, price: text }),
      positionFinancings: fc.array(fc.record({ instrument: text, financing: text })),
    },
    { requiredKeys: ['id', 'type', 'time'] },
  );
  fc.assert(
    fc.property(fc.array(transaction, { maxLength: 20 }), (transactions) => {
      const book = createAccountBook();
      for (const one of transactions) inputsOf(book, one);
    }),
    { numRuns: 300 },
  );
});
