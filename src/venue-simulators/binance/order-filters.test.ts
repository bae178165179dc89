import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { filterRefusal, leverageBrackets, maintenanceMargin, positionNotionalMax } from './order-filters.ts';
import type { OrderTerms } from './order-store.ts';

const world = new BinanceScene().world();
const market = world.marketBySymbol.get('BTCUSDT');
assert.ok(market !== undefined);

const limit: OrderTerms = {
  clientOrderId: 'a',
  market,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: 10,
  price: 4_900_000,
  isReduceOnly: false,
  origin: 'client',
};

function codeOf(changes: Partial<OrderTerms>): number | undefined {
  return filterRefusal(world, { ...limit, ...changes })?.code;
}

test('quantities keep to LOT_SIZE, and at the market to MARKET_LOT_SIZE (F77)', () => {
  assert.equal(codeOf({}), undefined);
  assert.equal(codeOf({ quantity: 0 }), -4003);
  assert.equal(codeOf({ quantity: 1_000_001 }), -4005);
  assert.equal(codeOf({ quantity: 120_001 }), undefined);
  assert.equal(codeOf({ quantity: 120_001, type: 'MARKET', price: 0 }), -4005);
  market.instrument = { ...market.instrument, lotSize: 5, minimumQuantity: 5 };
  assert.equal(codeOf({ quantity: 11 }), -4023);
  assert.equal(codeOf({ quantity: 4 }), -4004);
  market.instrument = { ...market.instrument, lotSize: 1, minimumQuantity: 1 };
});

test('prices keep to PRICE_FILTER', () => {
  assert.equal(codeOf({ price: 4_900_005 }), -4014);
  assert.equal(codeOf({ price: 0 }), -4001);
  assert.equal(codeOf({ price: 5 }), -4013);
  assert.equal(codeOf({ price: 100_000_010 }), -4002);
});

test('a buyer may not bid far above the mark nor a seller ask far below', () => {
  assert.equal(codeOf({ price: 5_800_000 }), -4016);
  assert.equal(codeOf({ price: 3_000_000 }), undefined);
  assert.equal(codeOf({ side: 'SELL', price: 4_200_000 }), -4024);
  assert.equal(codeOf({ side: 'SELL', price: 5_800_000 }), undefined);
});

test('an order is worth something, unless it only reduces', () => {
  assert.equal(codeOf({ quantity: 2 }), -4164);
  assert.equal(codeOf({ quantity: 2, isReduceOnly: true }), undefined);
  assert.equal(codeOf({ quantity: 1, type: 'MARKET', price: 0 }), -4164);
});

test('at the market nothing is taken while the touch is far off the mark', () => {
  market.markOffset = 0.1;
  assert.equal(codeOf({ type: 'MARKET', price: 0 }), -4131);
  market.markOffset = 0;
});

test('what settles may be reduced, what is closed takes nothing (F71)', () => {
  market.status = 'SETTLING';
  assert.deepEqual([codeOf({}), codeOf({ isReduceOnly: true })], [-4140, undefined]);
  market.status = 'CLOSE';
  assert.deepEqual([codeOf({}), codeOf({ isReduceOnly: true })], [-4141, -4141]);
  market.status = 'TRADING';
});

test('the higher the leverage the less may be held', () => {
  assert.equal(positionNotionalMax(125), 300_000);
  assert.equal(positionNotionalMax(20), 70_000_000);
  assert.equal(positionNotionalMax(21), 12_000_000);
  assert.equal(positionNotionalMax(1), 1_200_000_000);
});

test('the margin that must be kept has no step between brackets', () => {
  for (const { notionalMax } of leverageBrackets.slice(0, -1)) {
    const [below, above] = [maintenanceMargin(notionalMax * 100, 2), maintenanceMargin(notionalMax * 100 + 100, 2)];
    assert.ok(above >= below && above - below <= 100);
  }
});
