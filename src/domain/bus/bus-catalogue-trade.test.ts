import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tradeEvents } from './bus-catalogue-trade.ts';

const tick = {
  symbol: 'EUR_USD',
  price: 1.1,
  volume_24h: null,
  change_24h_frac: null,
  bid: null,
  ask: null,
  ohlcv: null,
  timeframe: null,
};

test('a tick has a price, and says null where the desk has no figure', () => {
  const { schema } = tradeEvents['market.tick'];
  assert.ok(schema.safeParse(tick).success);
  assert.ok(!schema.safeParse({ ...tick, price: 0 }).success);
  assert.ok(!schema.safeParse({ ...tick, bid: undefined }).success);
});

test('leverage lies between 1 and 125', () => {
  const { leverage } = tradeEvents['trade.execution_requested'].schema.shape;
  assert.ok(leverage.safeParse(1).success && leverage.safeParse(125).success && leverage.safeParse(null).success);
  assert.ok(!leverage.safeParse(0.5).success && !leverage.safeParse(126).success);
});
