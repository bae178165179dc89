import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentOrder } from '../../../tests/support/binance-adapter-scene.ts';
import { algoRow, orderRow } from '../../../tests/support/scripted-binance.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { noteOrder } from './account-book.ts';
import { readOpenOrders } from './open-orders.ts';

test('both families are listed, and each order is known from then on (F23, F89)', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/openOrders', () => ({ body: [orderRow({ type: 'LIMIT', price: '49000.0' })] }));
  scene.server.on('GET /fapi/v1/openAlgoOrders', () => ({ body: [algoRow()] }));
  const orders = await scene.settled(readOpenOrders(scene));
  assert.deepEqual(
    orders.map(({ clientOrderId, family }) => [clientOrderId, family]),
    [
      ['tw-run-1-s', 'conditional'],
      ['tw-run-1', 'ordinary'],
    ],
  );
  assert.deepEqual([...scene.book.orders.keys()], ['tw-run-1-s', 'tw-run-1']);
});

test('one list alone is not the open orders', async () => {
  const scene = restScene();
  scene.server.refuse('GET /fapi/v1/openAlgoOrders', -1000, 'x', 500);
  await assert.rejects(scene.settled(readOpenOrders(scene)), { name: 'VenueError' });
});

test('an order that cannot be counted rejects, one in no instrument of ours is noticed', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/openOrders', () => ({ body: [orderRow({ origQty: '0.0001' })] }));
  await assert.rejects(scene.settled(readOpenOrders(scene)), { code: 'UNREADABLE' });
  scene.server.on('GET /fapi/v1/openOrders', () => ({ body: [orderRow({ symbol: 'NOPEUSDT' })] }));
  assert.deepEqual(await scene.settled(readOpenOrders(scene)), []);
  assert.match(scene.notices.join(), /NOPEUSDT/);
});

test('what a stop has become names no trigger any more and is still the stop that was asked for (F118)', async () => {
  const scene = restScene();
  const id = { clientOrderId: 'tw-run-1-s', wireId: 'tw-run-1-s' };
  noteOrder(scene.book, sentOrder({ ...id, family: 'conditional', orderType: 'stop', stopPrice: 490_000 }), true);
  scene.server.on('GET /fapi/v1/openOrders', () => ({ body: [orderRow({ clientOrderId: 'tw-run-1-s' })] }));
  const [order] = await scene.settled(readOpenOrders(scene));
  assert.deepEqual([order?.orderType, order?.stopPrice], ['stop', 490_000]);
});
