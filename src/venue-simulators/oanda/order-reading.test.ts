import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import {
  onFillSchema,
  orderSchema,
  type Reading,
  type ReadingScene,
  readDependent,
  readOrder,
} from './order-reading.ts';

const eurUsd = { ...fxInstrument('EUR_USD'), minimumQuantity: 10, maximumQuantity: 1_000_000 };
const now = Date.UTC(2026, 0, 7, 12);
const scene: ReadingScene = {
  now,
  instrumentOf: (symbol) => (symbol === 'EUR_USD' ? eurUsd : undefined),
  tradeOf: (specifier) => (specifier === '6' || specifier === '@mine' ? { id: '6', instrument: eurUsd } : undefined),
  maximumUnits: (instrument) => instrument.maximumQuantity,
  unitsDecimals: () => 0,
};

function read(order: Record<string, unknown>): Reading {
  return readOrder(orderSchema.parse(order), scene);
}

function reasonOf(order: Record<string, unknown>): string {
  const reading = read(order);
  return reading.type === 'refused' ? reading.reason : 'read';
}

const market = { type: 'MARKET', instrument: 'EUR_USD', units: '100' };
const limit = { type: 'LIMIT', instrument: 'EUR_USD', units: '100', price: '1.10000' };

test('an order is read with what it leaves out filled in', () => {
  const reading = read({ ...market, somethingLater: true });
  assert.ok(reading.type === 'terms');
  const { type, units, timeInForce, positionFill, price } = reading.terms;
  assert.deepEqual([type, units, timeInForce, positionFill, price], ['MARKET', 100, 'FOK', 'DEFAULT', null]);
});

test('numbers for units and prices, a slash and the old name of the default are taken', () => {
  const reading = read({ ...limit, instrument: 'EUR/USD', units: -100, price: 1.1, positionFill: 'POSITION_DEFAULT' });
  assert.ok(reading.type === 'terms');
  assert.deepEqual([reading.terms.units, reading.terms.price, reading.terms.positionFill], [-100, 110_000, 'DEFAULT']);
});

test('each thing wrong with an order has its own reason', () => {
  const past = '2026-01-07T11:59:59Z';
  for (const [order, reason] of [
    [{ type: 'MARKET', units: '100' }, 'INSTRUMENT_MISSING'],
    [{ ...market, instrument: 'EUR_ABC' }, 'INSTRUMENT_UNKNOWN'],
    [{ type: 'MARKET', instrument: 'EUR_USD' }, 'UNITS_MISSING'],
    [{ ...market, units: '0' }, 'UNITS_INVALID'],
    [{ ...market, units: 'ten' }, 'UNITS_INVALID'],
    [{ ...market, units: '100.5' }, 'UNITS_PRECISION_EXCEEDED'],
    [{ ...market, units: '9' }, 'UNITS_MIMIMUM_NOT_MET'],
    [{ ...market, units: '-1000001' }, 'UNITS_LIMIT_EXCEEDED'],
    [{ ...market, timeInForce: 'GTC' }, 'TIME_IN_FORCE_INVALID'],
    [{ ...limit, timeInForce: 'IOC' }, 'TIME_IN_FORCE_INVALID'],
    [{ ...limit, timeInForce: 'GTD' }, 'TIME_IN_FORCE_GTD_TIMESTAMP_MISSING'],
    [{ ...limit, timeInForce: 'GTD', gtdTime: past }, 'TIME_IN_FORCE_GTD_TIMESTAMP_IN_PAST'],
    [{ ...limit, price: '110.79999999999999' }, 'PRICE_PRECISION_EXCEEDED'],
    [{ ...limit, price: 'x' }, 'PRICE_INVALID'],
    [{ ...limit, price: '-1' }, 'PRICE_INVALID'],
    [{ type: 'LIMIT', instrument: 'EUR_USD', units: '100' }, 'PRICE_MISSING'],
    [{ ...market, priceBound: '0' }, 'PRICE_BOUND_INVALID'],
    [{ ...market, priceBound: '1.100001' }, 'PRICE_BOUND_PRECISION_EXCEEDED'],
    [{ ...market, stopLossOnFill: {} }, 'STOP_LOSS_ON_FILL_PRICE_MISSING'],
    [
      { ...market, stopLossOnFill: { price: '1.1', distance: '0.1' } },
      'STOP_LOSS_ON_FILL_PRICE_AND_DISTANCE_BOTH_SPECIFIED',
    ],
    [{ ...market, stopLossOnFill: { price: '1.100001' } }, 'STOP_LOSS_ON_FILL_PRICE_PRECISION_EXCEEDED'],
    [{ ...market, takeProfitOnFill: { price: '0' } }, 'TAKE_PROFIT_ON_FILL_PRICE_INVALID'],
    [{ ...market, takeProfitOnFill: { distance: '0.1' } }, 'TAKE_PROFIT_ON_FILL_PRICE_MISSING'],
    [{ ...market, clientExtensions: { id: 'x'.repeat(129) } }, 'CLIENT_ORDER_ID_INVALID'],
    [{ ...market, trailingStopLossOnFill: { distance: '0.1' } }, 'TRAILING_STOP_LOSS_ORDERS_NOT_SUPPORTED'],
    [{ ...market, type: 'GUARANTEED_STOP_LOSS' }, 'ORDER_TYPE_NOT_SUPPORTED'],
    [{ type: 'STOP_LOSS', tradeID: '7', price: '1.1' }, 'TRADE_DOESNT_EXIST'],
  ] as const) {
    assert.equal(reasonOf(order), reason, JSON.stringify(order));
  }
});

test('what belongs to a trade is found by its id or its client id', () => {
  for (const order of [{ tradeID: '6' }, { tradeID: 6 }, { clientTradeID: 'mine' }]) {
    const reading = read({ type: 'TAKE_PROFIT', price: '1.2', ...order });
    assert.ok(reading.type === 'terms');
    assert.deepEqual([reading.terms.tradeId, reading.terms.units, reading.terms.price], ['6', null, 120_000]);
  }
});

test('a stop for an open trade is read by itself', () => {
  const good = readDependent(onFillSchema.parse({ distance: '0.01' }), 'STOP_LOSS', eurUsd);
  assert.ok(good.type === 'onFill');
  assert.equal(good.onFill.distance, 1_000);
  const bad = readDependent(onFillSchema.parse({ price: 'x' }), 'STOP_LOSS', eurUsd);
  assert.deepEqual(bad, { type: 'refused', reason: 'STOP_LOSS_ON_FILL_PRICE_INVALID' });
});
