import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { readOrder } from './order-reading.ts';
import { isRefusal } from './refusals.ts';

const scene = new BinanceScene();
const world = scene.world();
const limit = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price: '49000' };

function read(changes: Record<string, string | undefined>) {
  const pairs = Object.entries({ ...limit, ...changes }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return readOrder(world, new Map(pairs));
}

function codeOf(changes: Record<string, string | undefined>): number | undefined {
  const terms = read(changes);
  return isRefusal(terms) ? terms.code : undefined;
}

test('an order is read in ticks and steps', () => {
  const terms = read({ newClientOrderId: 'a.A:/_-9', reduceOnly: 'true' });
  assert.ok(!isRefusal(terms));
  assert.deepEqual(
    [terms.quantity, terms.price, terms.clientOrderId, terms.isReduceOnly],
    [10, 4_900_000, 'a.A:/_-9', true],
  );
});

test('what is missing is named, what is strange has a code of its own', () => {
  assert.equal(codeOf({ symbol: undefined }), -1102);
  assert.equal(codeOf({ symbol: 'NOTHING' }), -1121);
  assert.equal(codeOf({ side: 'UP' }), -1117);
  assert.equal(codeOf({ type: 'ICEBERG' }), -1116);
  assert.equal(codeOf({ timeInForce: undefined }), -1102);
  assert.equal(codeOf({ timeInForce: 'DAY' }), -1115);
  assert.equal(codeOf({ price: undefined }), -1102);
  assert.equal(codeOf({ quantity: '0.0101' }), -1111);
  assert.equal(codeOf({ newClientOrderId: 'a b' }), -1100);
  assert.equal(codeOf({ newClientOrderId: 'x'.repeat(37) }), -4015);
});

test('conditional types belong to the other endpoint (F21)', () => {
  for (const type of ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET']) {
    assert.equal(codeOf({ type }), -4120);
  }
});

test('a market order has neither a price nor a time', () => {
  assert.equal(codeOf({ type: 'MARKET', price: undefined }), -1106);
  assert.equal(codeOf({ type: 'MARKET', timeInForce: undefined }), -1106);
  assert.equal(codeOf({ type: 'MARKET', timeInForce: undefined, price: undefined }), undefined);
});

test('a good-till-date order ends at least ten minutes from now', () => {
  const now = scene.clock.now();
  assert.equal(codeOf({ timeInForce: 'GTD' }), -1102);
  assert.equal(codeOf({ timeInForce: 'GTD', goodTillDate: String(now + 600_000) }), -1130);
  assert.equal(codeOf({ timeInForce: 'GTD', goodTillDate: String(now + 601_000) }), undefined);
});

test('sides of positions fit the mode of the account (F59)', () => {
  assert.equal(codeOf({ positionSide: 'LONG' }), -4061);
  world.ledger.isHedged = true;
  assert.equal(codeOf({}), -4061);
  world.ledger.isHedged = false;
});
