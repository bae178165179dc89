import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, eurUsdId, type OandaScene, openOanda } from '../../../tests/support/oanda-scene.ts';

async function place(scene: OandaScene, order: Record<string, unknown>): Promise<void> {
  await askOanda(scene, 'POST', 'orders', { order: { instrument: 'EUR_USD', units: '100', ...order } });
}

function working(scene: OandaScene): unknown[] {
  return scene.floor
    .ledger()
    .openOrders.map(({ side, orderType, limitPrice, stopPrice }) => [side, orderType, limitPrice ?? stopPrice]);
}

test('each kind of order is what it is at the floor', async () => {
  const scene = openOanda();
  await place(scene, { type: 'LIMIT', price: '1.09' });
  await place(scene, { type: 'STOP', price: '1.12' });
  await place(scene, { type: 'LIMIT', price: '1.12', units: '-100' });
  assert.deepEqual(working(scene), [
    ['buy', 'limit', 109_000],
    ['buy', 'stop', 112_000],
    ['sell', 'limit', 112_000],
  ]);
});

test('an order that waits to be touched waits on its side of the market', async () => {
  const scene = openOanda();
  for (const [price, units] of [
    ['1.09', '100'],
    ['1.12', '100'],
    ['1.09', '-100'],
    ['1.12', '-100'],
  ])
    await place(scene, { type: 'MARKET_IF_TOUCHED', price, units });
  assert.deepEqual(working(scene), [
    ['buy', 'limit', 109_000],
    ['buy', 'stop', 112_000],
    ['sell', 'stop', 109_000],
    ['sell', 'limit', 112_000],
  ]);
});

test('an order for the day ends when the day turns', async () => {
  const scene = openOanda();
  await place(scene, { type: 'LIMIT', price: '1.09', timeInForce: 'GFD' });
  // Without a calendar the day turns at 21:00.
  await scene.clock.pass(9 * 3_600_000 - 10);
  assert.equal(working(scene).length, 1);
  await scene.clock.pass(1_000);
  assert.deepEqual(working(scene), []);
});

test('what only reduces never turns a position around', async () => {
  const scene = openOanda();
  await place(scene, { type: 'MARKET' });
  await place(scene, { type: 'MARKET', units: '-300', positionFill: 'REDUCE_ONLY' });
  assert.deepEqual(scene.floor.ledger().positions, []);
  const made = await askOanda(scene, 'POST', 'orders', {
    order: { type: 'MARKET', instrument: 'EUR_USD', units: '-300', positionFill: 'REDUCE_ONLY' },
  });
  assert.equal(made.body.orderCancelTransaction.reason, 'INSUFFICIENT_LIQUIDITY');
  assert.equal(scene.floor.book(eurUsdId)?.position.signedQuantity, 0);
});

test('an order that wants all or nothing gets nothing where there is too little', async () => {
  const scene = openOanda({ venue: { fillQuantityMax: 60 } });
  const order = { type: 'MARKET', instrument: 'EUR_USD', units: '100' };
  const killed = await askOanda(scene, 'POST', 'orders', { order: { ...order, timeInForce: 'FOK' } });
  assert.equal(killed.body.orderCancelTransaction.reason, 'INSUFFICIENT_LIQUIDITY');
  const part = await askOanda(scene, 'POST', 'orders', { order: { ...order, timeInForce: 'IOC' } });
  assert.deepEqual(
    [part.body.orderFillTransaction.units, part.body.orderCancelTransaction.reason],
    ['60', 'INSUFFICIENT_LIQUIDITY'],
  );
});
