import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentOrder } from '../../../tests/support/binance-adapter-scene.ts';
import { algoRow, balanceRow, orderRow, tradeRow } from '../../../tests/support/scripted-binance.ts';
import { type RestScene, restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { isNewFunding, noteOrder } from './account-book.ts';
import { readHistory } from './account-history.ts';

const cursor = String(1_699_999_900_000);
const at = (seconds: number): number => 1_699_999_900_000 + seconds * 1_000;
const read = (scene: RestScene, from = cursor) => scene.settled(readHistory(from, scene, ['BTCUSDT']));

function eventful(): RestScene {
  const scene = restScene();
  const { server } = scene;
  server.on('GET /fapi/v3/balance', () => ({ body: [balanceRow('1009.30000000', at(50))] }));
  server.on('GET /fapi/v1/allOrders', () => ({
    body: [
      orderRow({ orderId: 1, status: 'FILLED', executedQty: '0.010', time: at(10), updateTime: at(12) }),
      orderRow({
        orderId: 2,
        clientOrderId: 'tw-run-2',
        status: 'CANCELED',
        type: 'LIMIT',
        price: '1.0',
        time: at(20),
        updateTime: at(30),
      }),
    ],
  }));
  server.on('GET /fapi/v1/userTrades', () => ({
    body: [
      tradeRow({ id: 11, orderId: 1, qty: '0.004', commission: '0.2', time: at(11) }),
      tradeRow({ id: 12, orderId: 1, qty: '0.006', commission: '0.3', time: at(12) }),
    ],
  }));
  server.on('GET /fapi/v1/income', () => ({
    body: [
      { symbol: 'BTCUSDT', incomeType: 'COMMISSION', income: '-0.2', asset: 'USDT', time: at(11), tranId: 1 },
      { symbol: 'BTCUSDT', incomeType: 'FUNDING_FEE', income: '-0.2', asset: 'USDT', time: at(40), tranId: 2 },
      { symbol: '', incomeType: 'TRANSFER', income: '10', asset: 'USDT', time: at(45), tranId: 3 },
    ],
  }));
  return scene;
}

test('what happened since a cursor comes in its order, each with the balance right after it (I-23)', async () => {
  const scene = eventful();
  const { events, cursor: next } = await read(scene);
  assert.deepEqual(
    events.map((event) => [event.type, 'balance' in event ? event.balance : null]),
    [
      ['order.accepted', null],
      ['order.filled', 99_980_000_000],
      ['order.filled', 99_950_000_000],
      ['order.accepted', null],
      ['order.canceled', null],
      ['financing.charged', 99_930_000_000],
      ['balance.changed', 100_930_000_000],
    ],
  );
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'order.filled' ? [[event.clientOrderId, event.fillId]] : [])),
    [
      ['tw-run-1', '11'],
      ['tw-run-1', '12'],
    ],
  );
  assert.equal(next, String(1_700_000_000_000));
});

test('the same history gives the same events under the same ids (F90)', async () => {
  assert.deepEqual((await read(eventful())).events, (await read(eventful())).events);
});

test('a funding that the stream told is not told again', async () => {
  const scene = eventful();
  isNewFunding(scene.book, 'BTCUSDT', at(40) + 900);
  const types = (await read(scene)).events.map(({ type }) => type);
  assert.equal(types.includes('financing.charged'), false);
  assert.equal(types.includes('balance.changed'), true);
});

test('a question that fails takes nothing with it: asked again, all of it is there', async () => {
  const scene = eventful();
  scene.server.inTurn('GET /fapi/v3/balance', [
    { status: 400, body: { code: -2019, msg: 'no' } },
    { body: [balanceRow('1009.3', at(50))] },
  ]);
  await assert.rejects(read(scene), { name: 'VenueError' });
  assert.equal((await read(scene)).events.length, 7);
});

test('a trade of an order made before the cursor is told under the id of that order', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/userTrades', () => ({ body: [tradeRow({ orderId: 5, time: at(1) })] }));
  scene.server.on('GET /fapi/v1/order', (query) => ({
    body: orderRow({ orderId: Number(query.get('orderId')), clientOrderId: 'tw-run-5', time: 1, updateTime: 2 }),
  }));
  const [fill] = (await read(scene)).events;
  assert.ok(fill?.type === 'order.filled');
  assert.equal(fill.clientOrderId, 'tw-run-5');
});

test('a trade of an order that cannot be had is one of another hand', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/userTrades', () => ({ body: [tradeRow({ orderId: 5, time: at(1) })] }));
  scene.server.refuse('GET /fapi/v1/order', -2013);
  const [fill] = (await read(scene)).events;
  assert.ok(fill?.type === 'order.filled');
  assert.equal(fill.clientOrderId, 'external-5');
});

test('a stop that ended meanwhile is told though no list of orders has it', async () => {
  const scene = restScene();
  noteOrder(
    scene.book,
    sentOrder({ clientOrderId: 'tw-run-1-s', wireId: 'tw-run-1-s', venueOrderId: '2146760', family: 'conditional' }),
    true,
  );
  scene.server.on('GET /fapi/v1/algoOrder', () => ({ body: algoRow({ algoStatus: 'CANCELED' }) }));
  const types = (await read(scene)).events.map(({ type }) => type);
  assert.deepEqual(types, ['order.accepted', 'order.canceled']);
});

test('symbols that only the incomes name are read, too', async () => {
  const scene = eventful();
  await scene.settled(readHistory(cursor, scene, []));
  assert.equal(scene.server.askedOf('GET /fapi/v1/userTrades').length, 1);
});

test('a cursor beyond what the venue keeps is read from its beginning, and says so', async () => {
  const scene = restScene();
  await read(scene, '1500000000000');
  assert.match(scene.notices.join(), /six months/);
});
