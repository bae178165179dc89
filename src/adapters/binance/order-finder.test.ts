import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentOrder } from '../../../tests/support/binance-adapter-scene.ts';
import { algoRow, orderRow, tradeRow } from '../../../tests/support/scripted-binance.ts';
import { type RestScene, restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { noteOrder } from './account-book.ts';
import { findOrder } from './order-finder.ts';

const instrument = 'BTCUSDT-PERP.BINANCE';

async function find(scene: RestScene, id = 'tw-run-1') {
  const finding = await scene.settled(findOrder(id, instrument, scene));
  if (finding.type !== 'found') return { type: finding.type, events: [], isWorking: undefined };
  return { type: finding.type, isWorking: finding.isWorking, events: finding.events };
}

function absent(scene: RestScene): void {
  scene.server.refuse('GET /fapi/v1/order', -2013, 'Order does not exist.');
  scene.server.refuse('GET /fapi/v1/algoOrder', -2013, 'Order does not exist.');
}

test('an order that works is found working', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/order', () => ({ body: orderRow() }));
  const { type, isWorking, events } = await find(scene);
  assert.deepEqual([type, isWorking, events.map((event) => event.type)], ['found', true, ['order.accepted']]);
  assert.equal(scene.server.asked.at(-1)?.query.get('origClientOrderId'), 'tw-run-1');
});

test('an order that filled is found with its fills under the ids of the venue (F03)', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/order', () => ({ body: orderRow({ status: 'FILLED', executedQty: '0.010' }) }));
  scene.server.on('GET /fapi/v1/userTrades', () => ({
    body: [tradeRow({ qty: '0.004', id: 1 }), tradeRow({ qty: '0.006', id: 2 })],
  }));
  const { isWorking, events } = await find(scene);
  assert.deepEqual(
    [isWorking, events.map((event) => (event.type === 'order.filled' ? event.fillId : event.type))],
    [false, ['order.accepted', '1', '2']],
  );
});

test('while the list of trades lags behind the order nothing is known', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/order', () => ({ body: orderRow({ status: 'FILLED', executedQty: '0.010' }) }));
  scene.server.on('GET /fapi/v1/userTrades', () => ({ body: [tradeRow({ qty: '0.004' })] }));
  assert.equal((await find(scene)).type, 'unknown');
});

test('an order that ended is found with its end', async () => {
  for (const [status, type] of [
    ['CANCELED', 'order.canceled'],
    ['EXPIRED', 'order.expired'],
    ['EXPIRED_IN_MATCH', 'order.expired'],
    ['REJECTED', 'order.rejected'],
  ] as const) {
    const scene = restScene();
    scene.server.on('GET /fapi/v1/order', () => ({ body: orderRow({ status }) }));
    const { isWorking, events } = await find(scene);
    assert.deepEqual([isWorking, events.map((event) => event.type)], [false, ['order.accepted', type]]);
  }
});

test('only the definite word of both families is an absence (F07)', async () => {
  const scene = restScene();
  absent(scene);
  assert.equal((await find(scene)).type, 'absent');
  scene.server.on('GET /fapi/v1/algoOrder', () => 'reset');
  assert.equal((await find(scene)).type, 'unknown');
  scene.server.refuse('GET /fapi/v1/algoOrder', -1003, 'x', 429);
  assert.equal((await find(scene)).type, 'unknown');
});

test('an order whose state we do not know is not known (F17)', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/order', () => ({ body: orderRow({ status: 'SOMETHING_NEW' }) }));
  assert.equal((await find(scene)).type, 'unknown');
  scene.server.on('GET /fapi/v1/order', () => ({ body: { odd: true } }));
  assert.equal((await find(scene)).type, 'unknown');
});

test('a stop that waits is found in its own family', async () => {
  const scene = restScene();
  absent(scene);
  scene.server.on('GET /fapi/v1/algoOrder', () => ({ body: algoRow() }));
  const { isWorking, events } = await find(scene, 'tw-run-1-s');
  assert.deepEqual([isWorking, events[0]?.type], [true, 'order.accepted']);
  assert.equal(scene.server.asked.at(-1)?.query.get('clientAlgoId'), 'tw-run-1-s');
});

test('a stop that triggered is found as what became of it', async () => {
  const scene = restScene();
  noteOrder(scene.book, sentOrder({ clientOrderId: 'tw-run-1-s', wireId: 'tw-run-1-s', family: 'conditional' }), true);
  scene.server.on('GET /fapi/v1/algoOrder', () => ({
    body: algoRow({ algoStatus: 'FINISHED', actualOrderId: '4903991227' }),
  }));
  scene.server.on('GET /fapi/v1/order', (query) => ({
    body: orderRow({
      orderId: query.get('orderId') ?? '',
      clientOrderId: 'tw-run-1-s',
      side: 'SELL',
      status: 'FILLED',
      executedQty: '0.010',
    }),
  }));
  scene.server.on('GET /fapi/v1/userTrades', () => ({ body: [tradeRow({ orderId: '4903991227', side: 'SELL' })] }));
  const { isWorking, events } = await find(scene, 'tw-run-1-s');
  assert.deepEqual([isWorking, events.map((event) => event.type)], [false, ['order.accepted', 'order.filled']]);
  scene.server.refuse('GET /fapi/v1/order', -2013);
  assert.equal((await find(scene, 'tw-run-1-s')).type, 'unknown');
});

test('a stop that ended is found with its end, a rejected one as such (F117)', async () => {
  for (const [algoStatus, type] of [
    ['CANCELED', 'order.canceled'],
    ['EXPIRED', 'order.expired'],
    ['REJECTED', 'order.rejected'],
  ] as const) {
    const scene = restScene();
    absent(scene);
    scene.server.on('GET /fapi/v1/algoOrder', () => ({ body: algoRow({ algoStatus }) }));
    assert.deepEqual(
      (await find(scene, 'tw-run-1-s')).events.map((event) => event.type),
      ['order.accepted', type],
    );
  }
});

test('an order of another hand is asked for by the id of the venue', async () => {
  const scene = restScene();
  absent(scene);
  await find(scene, 'external-77');
  assert.equal(scene.server.asked.at(-1)?.query.get('orderId'), '77');
  await find(scene, 'external-algo-78');
  assert.equal(scene.server.asked.at(-1)?.query.get('algoId'), '78');
});

test('a price that another hand changed is told', async () => {
  const scene = restScene();
  noteOrder(scene.book, sentOrder({ orderType: 'limit', limitPrice: 490_000 }), true);
  scene.server.on('GET /fapi/v1/order', () => ({ body: orderRow({ type: 'LIMIT', price: '48000.0' }) }));
  assert.deepEqual((await find(scene)).events[1], {
    type: 'order.amended',
    clientOrderId: 'tw-run-1',
    quantity: 10,
    limitPrice: 480_000,
    stopPrice: null,
  });
});

test('an instrument that is not listed proves nothing', async () => {
  const scene = restScene();
  assert.equal((await scene.settled(findOrder('tw-run-1', 'NOPEUSDT-PERP.BINANCE', scene))).type, 'unknown');
});
