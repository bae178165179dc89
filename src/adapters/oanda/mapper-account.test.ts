import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { createAccountBook } from './account-book.ts';
import { noteAccount, reportOf } from './mapper-account.ts';
import { accountSchema } from './schema.ts';
import type { TransactionReading } from './transaction-reading.ts';

const reading: TransactionReading = {
  moneyDecimals: 6,
  instrumentOf: (symbol) => (symbol === 'EUR_USD' ? fxInstrument(symbol) : undefined),
  isOwnOrder: (id) => id.startsWith('tw-'),
  excerpt: String,
};
const flat = { units: '0' };
const account = {
  id: '101-004-1435156-001',
  currency: 'EUR',
  balance: '35454.4740',
  NAV: '35454.4740',
  hedgingEnabled: false,
  positions: [
    { instrument: 'EUR_USD', pl: '0', long: { units: '300', averagePrice: '1.100033333' }, short: flat },
    { instrument: 'XAU_USD', long: flat, short: { units: '0.0' } },
  ],
  trades: [
    { id: '101', instrument: 'EUR_USD', currentUnits: '300', clientExtensions: { id: 'tw-run-1' } },
    { id: '99', instrument: 'XAU_USD', currentUnits: '1' },
  ],
  orders: [
    { id: '102', type: 'STOP_LOSS', tradeID: '101', price: '1.09000', clientExtensions: { id: 'tw-run-1-s' } },
    { id: '103', type: 'TAKE_PROFIT', tradeID: '101', price: '1.12000' },
    { id: '110', type: 'LIMIT', instrument: 'EUR_USD', units: '-50', price: '1.20000', positionFill: 'REDUCE_ONLY' },
    { id: '111', type: 'TRAILING_STOP_LOSS', tradeID: '101', trailingStopValue: '1.08000' },
  ],
};

function report(change: object) {
  const book = createAccountBook();
  const moment = { account: accountSchema.parse({ ...account, ...change }), lastTransactionID: '2123' };
  noteAccount(book, moment, reading);
  return { book, report: reportOf(book, moment, reading) };
}

test('the books are read whole: balance, position with its cost, and every pending order by its id', () => {
  const { report: found } = report({});
  assert.deepEqual(found, {
    balance: 35_454_474_000,
    positions: [{ instrument: 'EURUSD.OANDA', signedQuantity: 300, cost: 33_001_000 }],
    openOrders: [
      orderOf('102', 'tw-run-1-s', { orderType: 'stop', stopPrice: 109_000 }),
      orderOf('103', 'tw-run-1-t', { orderType: 'limit', limitPrice: 112_000 }),
      orderOf('110', 'external-110', { orderType: 'limit', limitPrice: 120_000, quantity: 50 }),
      orderOf('111', 'external-111', { orderType: 'stop', stopPrice: 108_000 }),
    ],
    cursor: '2123',
  });
});

test('a position to the short side is negative, its cost is not', () => {
  const positions = [{ instrument: 'EUR_USD', long: flat, short: { units: '-200', averagePrice: '1.10000' } }];
  const { report: found } = report({ positions });
  assert.deepEqual(typeof found === 'object' && found.positions, [
    { instrument: 'EURUSD.OANDA', signedQuantity: -200, cost: 22_000_000 },
  ]);
});

test('books with a part that cannot be read are no report', () => {
  const long = { units: '1', averagePrice: '1.1' };
  for (const [change, expected] of [
    [{ balance: 'much' }, /a balance is a decimal number/],
    [{ positions: [{ instrument: 'XAU_USD', long, short: flat }] }, /not among the account's instruments/],
    [{ positions: [{ instrument: 'EUR_USD', long, short: { units: '-1' } }] }, /both directions/],
    [{ positions: [{ instrument: 'EUR_USD', long: { units: '1' }, short: flat }] }, /average price/],
    [{ positions: [{ instrument: 'EUR_USD', long: { units: '0.5' }, short: flat }] }, /units of 'EUR_USD'/],
    [{ orders: [{ id: '5', type: 'NEW_KIND' }] }, /order '5' of type 'NEW_KIND' cannot be read/],
  ] as const) {
    const { report: found } = report(change);
    assert.match(typeof found === 'string' ? found : '', expected);
  }
});

test('what is noted of the account is found by later transactions', () => {
  const { book } = report({});
  assert.equal(book.tradeById.get('101')?.entryOrderId, 'tw-run-1');
  assert.equal(book.tradeById.has('99'), false);
  assert.equal(book.venueIdByClientId.get('tw-run-1-s'), '102');
  assert.deepEqual(book.balance, { id: '2123', amount: 35_454_474_000 });
});

function orderOf(venueOrderId: string, clientOrderId: string, change: object): object {
  return {
    clientOrderId,
    venueOrderId,
    family: 'ordinary',
    instrument: 'EURUSD.OANDA',
    side: 'sell',
    quantity: 300,
    filledQuantity: 0,
    limitPrice: null,
    stopPrice: null,
    isReduceOnly: true,
    ...change,
  };
}
