import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '#domain/order.ts';
import { bitcoin, orderRequest } from '../../../tests/support/binance-adapter-scene.ts';
import { orderDenial } from './order-denial.ts';

const scene = { market: bitcoin, markPrice: 500_000, algoOrders: 0 };

function codeOf(change: Partial<OrderRequest>, changed: Partial<typeof scene> = {}): string | undefined {
  return orderDenial(orderRequest(change), { ...scene, ...changed })?.code;
}

test('an order that fits every filter may leave', () => {
  assert.equal(codeOf({}), undefined);
  assert.equal(codeOf({ orderType: 'limit', limitPrice: 499_000 }), undefined);
});

test('an entry below the least notional stays here, a reduction of the same size leaves', () => {
  assert.equal(codeOf({ quantity: 1 }), 'DENIED_MIN_NOTIONAL');
  assert.equal(codeOf({ quantity: 1, isReduceOnly: true }), undefined);
});

test('the least notional is met exactly at its bound', () => {
  assert.equal(codeOf({ quantity: 2 }), undefined);
  assert.equal(codeOf({ quantity: 2 }, { markPrice: 499_999 }), 'DENIED_MIN_NOTIONAL');
});

test('a market order beyond the largest one stays here, a limit order of that size leaves (F77)', () => {
  assert.equal(codeOf({ quantity: 120_001 }), 'DENIED_MAX_QUANTITY');
  assert.equal(codeOf({ quantity: 120_001, orderType: 'limit', limitPrice: 500_000 }), undefined);
});

test('steps and bounds are those of the venue (F75)', () => {
  const coarse = { ...bitcoin, instrument: { ...bitcoin.instrument, lotSize: 5, tickSize: 10 } };
  assert.equal(codeOf({ quantity: 11 }, { market: coarse }), 'DENIED_LOT_SIZE');
  assert.equal(codeOf({ orderType: 'limit', limitPrice: 500_005 }, { market: coarse }), 'DENIED_TICK_SIZE');
  assert.equal(codeOf({ orderType: 'limit', limitPrice: 10_000_001 }), 'DENIED_PRICE');
});

test('a limit price beyond its share of the mark price stays here', () => {
  assert.equal(codeOf({ orderType: 'limit', limitPrice: 575_000 }), undefined);
  assert.equal(codeOf({ orderType: 'limit', limitPrice: 575_001 }), 'DENIED_PERCENT_PRICE');
  assert.equal(codeOf({ orderType: 'limit', side: 'sell', limitPrice: 424_999 }), 'DENIED_PERCENT_PRICE');
  assert.equal(codeOf({ orderType: 'limit', limitPrice: 300_000 }), undefined);
});

test('an entry stays here while the market is not trading, a reduction leaves (F71)', () => {
  const halted = { ...bitcoin, isTrading: false, status: 'HALT' };
  assert.equal(codeOf({}, { market: halted }), 'DENIED_MARKET');
  assert.equal(codeOf({ isReduceOnly: true }, { market: halted }), undefined);
});

test('no more conditional orders leave than the venue keeps', () => {
  assert.equal(codeOf({ orderType: 'stop', stopPrice: 510_000 }, { algoOrders: 9 }), undefined);
  assert.equal(codeOf({ orderType: 'stop', stopPrice: 510_000 }, { algoOrders: 10 }), 'DENIED_MAX_ORDERS');
});

test('an id that the venue does not take stays here', () => {
  assert.equal(codeOf({ clientOrderId: 'tw order' }), 'DENIED_CLIENT_ID');
  assert.equal(codeOf({ clientOrderId: 'tw-0123456789abcdef-zz:/._' }), undefined);
});

test('a price that the kind of order needs is never left out', () => {
  assert.equal(codeOf({ orderType: 'limit', isReduceOnly: true }), 'DENIED_PRICE');
  assert.equal(codeOf({ orderType: 'stop', isReduceOnly: true }), 'DENIED_PRICE');
});
