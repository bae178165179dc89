import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDecimalText } from '#domain/decimal-text.ts';
import { bitcoin } from '../../../tests/support/binance-adapter-scene.ts';
import {
  adoptedInput,
  amendedInput,
  expiryReason,
  fillInput,
  isForeignFee,
  openOrder,
  orderTypeOf,
  priceOrNull,
  priceText,
  quantityText,
  type TradeFacts,
} from './mapper.ts';

const money = { accountCurrency: 'USDT', moneyDecimals: 8 };
const { instrument } = bitcoin;
const trade: TradeFacts = {
  clientOrderId: 'tw-run-1',
  venueOrderId: '8389766145050669870',
  tradeId: '698759',
  side: 'SELL',
  price: '7819.0',
  quantity: '0.002',
  realizedPnl: '-0.91539999',
  fee: '0.07819010',
  feeAsset: 'USDT',
  at: 1_569_514_978_020,
};

test('a trade is a fill in whole steps, with the ids of the venue', () => {
  assert.deepEqual(fillInput(trade, instrument, money), {
    type: 'order.filled',
    clientOrderId: 'tw-run-1',
    venueOrderId: '8389766145050669870',
    fillId: '698759',
    instrument: 'BTCUSDT-PERP.BINANCE',
    side: 'sell',
    quantity: 2,
    price: 78_190,
    fee: 7_819_010,
    realizedPnl: -91_539_999,
    spreadCost: 0,
    venueAt: 1_569_514_978_020,
    isPessimistic: false,
  });
});

test('a fee in another asset is no money of the account', () => {
  const foreign = { ...trade, feeAsset: 'BNB', fee: '0.00003' };
  assert.equal(fillInput(foreign, instrument, money)?.fee, 0);
  assert.equal(isForeignFee(foreign, money), true);
  assert.equal(isForeignFee({ ...foreign, fee: '0.000' }, money), false);
  assert.equal(isForeignFee(trade, money), false);
});

test('a price between two ticks is rounded, a quantity between two steps is refused', () => {
  assert.equal(fillInput({ ...trade, price: '7819.06' }, instrument, money)?.price, 78_191);
  assert.equal(fillInput({ ...trade, quantity: '0.0021' }, instrument, money), undefined);
});

test('what is no figure makes no fill (F78, F79)', () => {
  for (const text of ['', '0', '-1', 'NaN', 'Infinity', '1e3', '110.7 ', '0x10']) {
    assert.equal(fillInput({ ...trade, price: text }, instrument, money), undefined, text);
    assert.equal(fillInput({ ...trade, quantity: text }, instrument, money), undefined, text);
  }
});

test('a rebate is a fee below zero, a missing fee is none', () => {
  assert.equal(fillInput({ ...trade, fee: '-0.01' }, instrument, money)?.fee, -1_000_000);
  assert.equal(fillInput({ ...trade, fee: undefined, feeAsset: undefined }, instrument, money)?.fee, 0);
});

test('every whole step is written so that it reads back as itself (F74, F75)', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_007_199_254 }), (steps) => {
      assert.equal(parseDecimalText(priceText(steps, instrument), 1), steps);
      assert.equal(parseDecimalText(quantityText(steps, instrument), 3), steps);
    }),
  );
  assert.equal(priceText(1_107_999, { ...instrument, priceDecimals: 4 }), '110.7999');
});

test("the venue's zero price is none", () => {
  assert.deepEqual(
    ['0', '0.00', '', undefined, '7819.0'].map((text) => priceOrNull(text, instrument)),
    [null, null, null, null, 78_190],
  );
});

test('whatever waits for a trigger is a stop', () => {
  const types = ['LIMIT', 'MARKET', 'LIQUIDATION', 'STOP_MARKET', 'STOP', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'];
  assert.deepEqual(types.map(orderTypeOf), ['limit', 'market', 'market', 'stop', 'stop', 'stop', 'stop']);
});

test('the reason of an end is told in words, an unknown one by its number', () => {
  assert.equal(expiryReason('2', 'EXPIRED'), 'NOT_FILLED_AT_ONCE');
  assert.equal(expiryReason('8', 'EXPIRED'), 'EXPIRED_AFTER_TRIGGER');
  assert.equal(expiryReason('77', 'EXPIRED'), 'REASON_77');
  assert.equal(expiryReason('0', 'EXPIRED'), 'EXPIRED');
  assert.equal(expiryReason(undefined, 'CANCELED'), 'CANCELED');
});

const facts = {
  clientOrderId: 'external-7',
  wireId: 'web_1',
  venueOrderId: '7',
  family: 'conditional',
  symbol: 'BTCUSDT',
  side: 'sell',
  quantity: 0,
  filledQuantity: 0,
  orderType: 'stop',
  limitPrice: null,
  stopPrice: 490_000,
  isReduceOnly: true,
  at: 1,
} as const;

test('an order of another hand that closes whatever is held is adopted with the smallest quantity, and says so', () => {
  const input = adoptedInput(facts, instrument);
  assert.ok(input.type === 'order.adopted');
  assert.equal(input.order.quantity, 1);
  assert.equal(input.order.purpose, 'stopLoss');
  assert.match(input.order.reason, /closes whatever is held/);
  assert.equal(openOrder(facts, instrument).quantity, 1);
});

test('an amendment tells the prices and the quantity that stand', () => {
  assert.deepEqual(amendedInput({ ...facts, quantity: 5 }), {
    type: 'order.amended',
    clientOrderId: 'external-7',
    quantity: 5,
    limitPrice: null,
    stopPrice: 490_000,
  });
});
