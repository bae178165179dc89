import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '#domain/order.ts';
import type { VenueInput } from '#engine/live-port.ts';
import { orderRequest, sentOrder } from '../../../tests/support/binance-adapter-scene.ts';
import { algoRow, orderRow, orderUpdate, submit } from '../../../tests/support/scripted-binance.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { noteOrder } from './account-book.ts';
import { holdMsMax, OrderSender, streamGraceMs } from './order-sender.ts';
import { onOrderUpdate } from './order-updates.ts';
import { orderTradeUpdateSchema } from './schema.ts';

function senderScene() {
  const scene = restScene();
  const inputs: VenueInput[] = [];
  const finds: string[] = [];
  const sender = new OrderSender({
    time: scene.clock,
    rest: scene.rest,
    book: scene.book,
    tell: (input) => inputs.push(input),
    onNotice: scene.onNotice,
    markPriceOf: () => 500_000,
    marginPause: { refused: () => undefined, taken: () => undefined },
    find: (clientOrderId) => finds.push(clientOrderId),
    lookUp: async () => undefined,
  });
  const send = async (change: Partial<OrderRequest> = {}, at = scene.clock.now()): Promise<void> => {
    sender.send(submit(orderRequest(change), at));
    await scene.clock.pass(0);
    await scene.clock.pass(1);
  };
  const cancel = async (): Promise<void> => {
    sender.send({ type: 'order.cancelRequested', at: scene.clock.now(), clientOrderId: 'tw-run-1', reason: 'asked' });
    await scene.clock.pass(0);
    await scene.clock.pass(1);
  };
  const posts = (): number => scene.server.asked.filter(({ key }) => key.startsWith('POST')).length;
  return { ...scene, inputs, finds, sender, send, cancel, posts, kinds: () => inputs.map(({ type }) => type) };
}

const limit = { orderType: 'limit', limitPrice: 490_000, timeInForce: 'goodTillCancel' } as const;
const stop = {
  orderType: 'stop',
  stopPrice: 490_000,
  side: 'sell',
  isReduceOnly: true,
  purpose: 'stopLoss',
  timeInForce: 'goodTillCancel',
} as const;

test('nothing is told while the command is handed over', async () => {
  const scene = senderScene();
  scene.sender.send(submit(orderRequest({ quantity: 1 }), scene.clock.now()));
  assert.deepEqual(scene.inputs, []);
  await scene.clock.pass(0);
  assert.deepEqual(scene.kinds(), ['order.rejected']);
});

test('an acknowledgement is an acceptance with the exact id, never a fill (F73, F87)', async () => {
  const scene = senderScene();
  scene.server.on('POST /fapi/v1/order', () => ({
    text: JSON.stringify(orderRow({ status: 'FILLED', executedQty: '0.010' })).replace(
      '22542179',
      '8389766145050669871',
    ),
    status: 200,
  }));
  await scene.send();
  assert.deepEqual(scene.inputs, [
    {
      type: 'order.accepted',
      clientOrderId: 'tw-run-1',
      venueOrderId: '8389766145050669871',
      venueAt: 1_700_000_000_000,
      child: null,
    },
  ]);
  await scene.clock.pass(streamGraceMs);
  assert.deepEqual(scene.finds, ['tw-run-1']);
});

test('what the stream has told by then is not asked for (F06)', async () => {
  const scene = senderScene();
  scene.server.on('POST /fapi/v1/order', () => ({ body: orderRow({ status: 'FILLED', executedQty: '0.010' }) }));
  await scene.send();
  const o = { x: 'TRADE', X: 'FILLED', l: '0.010', z: '0.010', L: '50000.0', t: 1 };
  onOrderUpdate(orderTradeUpdateSchema.parse(orderUpdate(o)), scene.book);
  await scene.clock.pass(streamGraceMs);
  assert.deepEqual(scene.finds, []);
});

test('an order that must fill at once and does not has expired', async () => {
  const scene = senderScene();
  scene.server.on('POST /fapi/v1/order', () => ({
    body: orderRow({ status: 'EXPIRED', type: 'LIMIT', price: '49000.0' }),
  }));
  await scene.send({ ...limit, timeInForce: 'immediateOrCancel' });
  assert.deepEqual(scene.kinds(), ['order.accepted', 'order.expired']);
});

test('a definite refusal is told with the code of the venue', async () => {
  for (const [code, told] of [
    [-2019, '-2019'],
    [-2022, '-2022'],
    [-2021, 'WOULD_TRIGGER'],
    [-4120, '-4120'],
    [-1008, '-1008'],
  ] as const) {
    const scene = senderScene();
    scene.server.refuse('POST /fapi/v1/order', code);
    await scene.send();
    assert.deepEqual(scene.inputs, [
      { type: 'order.rejected', clientOrderId: 'tw-run-1', code: told, reason: 'refused' },
    ]);
    assert.equal(scene.book.orders.get('tw-run-1')?.isWorking, false);
  }
});

test('an outcome that is not known is told as such and nothing is sent again (F01, F03)', async () => {
  const outcomes = [
    'reset',
    'silence',
    { text: 'oops', status: 503 },
    { status: 408, body: { code: -1007, msg: 'Timeout' } },
    { body: { odd: true } },
  ] as const;
  for (const outcome of outcomes) {
    const scene = senderScene();
    scene.server.on('POST /fapi/v1/order', () => outcome);
    await scene.send();
    await scene.clock.pass(60_000);
    assert.deepEqual(scene.kinds(), ['order.unresolved'], JSON.stringify(outcome));
    assert.equal(scene.posts(), 1);
  }
});

test('a stop goes to the conditional family, and its refusal for being met already is told (F21, F24)', async () => {
  const scene = senderScene();
  scene.server.on('POST /fapi/v1/algoOrder', () => ({ body: algoRow({ clientAlgoId: 'tw-run-1' }) }));
  await scene.send(stop);
  assert.deepEqual(scene.inputs, [
    {
      type: 'order.accepted',
      clientOrderId: 'tw-run-1',
      venueOrderId: '2146760',
      venueAt: 1_700_000_000_000,
      child: null,
    },
  ]);
  const other = senderScene();
  other.server.refuse('POST /fapi/v1/algoOrder', -2021, 'Order would immediately trigger.');
  await other.send(stop);
  assert.deepEqual(other.inputs, [
    {
      type: 'order.rejected',
      clientOrderId: 'tw-run-1',
      code: 'WOULD_TRIGGER',
      reason: 'Order would immediately trigger.',
    },
  ]);
});

test('an entry that is too old does not leave, a reduction does (F54)', async () => {
  const scene = senderScene();
  await scene.send({}, scene.clock.now() - 5_001);
  assert.deepEqual(scene.inputs, [
    {
      type: 'order.rejected',
      clientOrderId: 'tw-run-1',
      code: 'DENIED_DEADLINE',
      reason: 'the time was over before it could leave',
    },
  ]);
  assert.equal(scene.posts(), 0);
  const other = senderScene();
  other.server.on('POST /fapi/v1/order', () => ({ body: orderRow() }));
  await other.send({ isReduceOnly: true, purpose: 'exit' }, other.clock.now() - 20_000);
  assert.deepEqual(other.kinds(), ['order.accepted']);
});

test('a smaller quantity in the acknowledgement is adopted (F18)', async () => {
  const scene = senderScene();
  scene.server.on('POST /fapi/v1/order', () => ({ body: orderRow({ origQty: '0.004' }) }));
  await scene.send({ isReduceOnly: true });
  assert.deepEqual(scene.inputs[1], {
    type: 'order.amended',
    clientOrderId: 'tw-run-1',
    quantity: 4,
    limitPrice: null,
    stopPrice: null,
  });
});

test('during a ban an entry is denied, and a reduction goes out as soon as it ends, nothing before (F47)', async () => {
  const scene = senderScene();
  const until = scene.clock.now() + 120_000;
  scene.server.refuse('GET /fapi/v1/allOrders', -1003, `IP banned until ${until}.`, 418);
  await scene.settled(scene.rest.call('allOrders', { symbol: 'A' }));
  scene.server.on('POST /fapi/v1/order', () => ({ body: orderRow({ clientOrderId: 'tw-run-2' }) }));
  await scene.send();
  await scene.send({ clientOrderId: 'tw-run-2', isReduceOnly: true });
  assert.deepEqual(
    scene.inputs.map((input) => [input.type, 'code' in input ? input.code : '']),
    [['order.rejected', 'DENIED_PAUSED']],
  );
  assert.equal(await scene.sender.settled('tw-run-2'), false);
  await scene.clock.pass(until - scene.clock.now());
  assert.equal(scene.posts(), 0);
  await scene.clock.pass(3_000);
  assert.equal(scene.posts(), 1);
  assert.equal(scene.kinds().at(-1), 'order.accepted');
  assert.equal(await scene.sender.settled('tw-run-2'), true);
});

test('no reduction waits for a ban that is longer than it may wait', async () => {
  const scene = senderScene();
  scene.server.refuse(
    'GET /fapi/v1/allOrders',
    -1003,
    `IP banned until ${scene.clock.now() + holdMsMax + 60_000}.`,
    418,
  );
  await scene.settled(scene.rest.call('allOrders', { symbol: 'A' }));
  await scene.send({ isReduceOnly: true });
  assert.deepEqual(scene.kinds(), ['order.rejected']);
});

test('a cancellation waits for the order before it and is told by the stream', async () => {
  const scene = senderScene();
  scene.server.on('POST /fapi/v1/order', () => ({ body: orderRow({ type: 'LIMIT', price: '49000.0' }) }));
  scene.server.on('DELETE /fapi/v1/order', () => ({ body: orderRow({ status: 'CANCELED' }) }));
  scene.sender.send(submit(orderRequest(limit), scene.clock.now()));
  await scene.cancel();
  assert.deepEqual(
    scene.server.asked.map(({ key }) => key),
    ['POST /fapi/v1/order', 'DELETE /fapi/v1/order'],
  );
  assert.deepEqual(scene.kinds(), ['order.accepted']);
  await scene.clock.pass(streamGraceMs);
  assert.deepEqual(scene.finds, ['tw-run-1']);
});

test('an order that is gone is asked for, it is not cancelled (F08)', async () => {
  const scene = senderScene();
  noteOrder(scene.book, sentOrder(), true);
  scene.server.refuse('DELETE /fapi/v1/order', -2011, 'Unknown order sent.');
  await scene.cancel();
  assert.deepEqual([scene.kinds(), scene.finds], [[], ['tw-run-1']]);
});

test('a stop that has triggered is taken back as what it became', async () => {
  const scene = senderScene();
  noteOrder(scene.book, sentOrder({ family: 'conditional' }), true);
  scene.server.refuse('DELETE /fapi/v1/algoOrder', -2011, 'Unknown order sent.');
  scene.server.on('DELETE /fapi/v1/order', () => ({ body: orderRow({ status: 'CANCELED' }) }));
  await scene.cancel();
  assert.equal(scene.server.askedOf('DELETE /fapi/v1/order').length, 1);
  assert.deepEqual(scene.finds, ['tw-run-1']);
});

test('a cancellation whose outcome is not known is made again, which does no harm, and then asked for', async () => {
  const scene = senderScene();
  noteOrder(scene.book, sentOrder(), true);
  scene.server.on('DELETE /fapi/v1/order', () => 'reset');
  await scene.cancel();
  await scene.clock.pass(5_000);
  assert.equal(scene.server.askedOf('DELETE /fapi/v1/order').length, 4);
  assert.deepEqual(scene.finds, ['tw-run-1']);
});

test('an order that nobody knows of is not cancelled blindly', async () => {
  const scene = senderScene();
  await scene.cancel();
  assert.deepEqual(scene.server.asked, []);
  assert.match(scene.notices.join(), /cannot be taken back/);
});

test('an order whose time is over is taken back, and that is its expiry', async () => {
  const scene = senderScene();
  const expiresAt = scene.clock.now() + 120_000;
  scene.server.on('POST /fapi/v1/order', () => ({ body: orderRow({ type: 'LIMIT', price: '49000.0' }) }));
  scene.server.on('DELETE /fapi/v1/order', () => ({ body: orderRow({ status: 'CANCELED' }) }));
  await scene.send({ ...limit, timeInForce: 'goodTillTime', expiresAt });
  await scene.clock.pass(119_000);
  assert.equal(scene.server.askedOf('DELETE /fapi/v1/order').length, 0);
  await scene.clock.pass(1_100);
  assert.equal(scene.server.askedOf('DELETE /fapi/v1/order').length, 1);
  const reactions = onOrderUpdate(
    orderTradeUpdateSchema.parse(orderUpdate({ x: 'CANCELED', X: 'CANCELED' })),
    scene.book,
  );
  assert.deepEqual(reactions, [
    { type: 'tell', input: { type: 'order.expired', clientOrderId: 'tw-run-1', reason: 'TIME_IS_OVER' } },
  ]);
});

async function amend(scene: ReturnType<typeof senderScene>): Promise<void> {
  const command = { clientOrderId: 'tw-run-1', stopPrice: null, limitPrice: 480_000, reason: 'asked' };
  scene.sender.send({ type: 'order.amendRequested', at: scene.clock.now(), ...command });
  await scene.clock.pass(0);
  await scene.clock.pass(1);
}

test('a limit order is amended', async () => {
  const scene = senderScene();
  noteOrder(scene.book, sentOrder({ orderType: 'limit', limitPrice: 490_000 }), true);
  scene.server.on('PUT /fapi/v1/order', (query) => ({ body: orderRow({ type: 'LIMIT', price: query.get('price') }) }));
  await amend(scene);
  assert.deepEqual(scene.inputs, [
    { type: 'order.amended', clientOrderId: 'tw-run-1', quantity: 10, limitPrice: 480_000, stopPrice: null },
  ]);
});

test('an amendment that ends the order is told by its end (F15)', async () => {
  const scene = senderScene();
  noteOrder(scene.book, sentOrder({ orderType: 'limit', limitPrice: 490_000 }), true);
  scene.server.on('PUT /fapi/v1/order', () => ({
    body: orderRow({ type: 'LIMIT', price: '48000.0', status: 'CANCELED' }),
  }));
  await amend(scene);
  assert.deepEqual(scene.kinds(), []);
  await scene.clock.pass(streamGraceMs);
  assert.deepEqual(scene.finds, ['tw-run-1']);
});

test('what cannot be amended is told as it stands', async () => {
  const refused = senderScene();
  noteOrder(refused.book, sentOrder({ orderType: 'limit', limitPrice: 490_000 }), true);
  refused.server.refuse('PUT /fapi/v1/order', -5027, 'No need to modify the order.');
  await amend(refused);
  assert.deepEqual(refused.inputs, [
    { type: 'order.amended', clientOrderId: 'tw-run-1', quantity: 10, limitPrice: 490_000, stopPrice: null },
  ]);
  const conditional = senderScene();
  noteOrder(conditional.book, sentOrder({ family: 'conditional', orderType: 'stop', stopPrice: 490_000 }), true);
  await amend(conditional);
  assert.deepEqual(conditional.inputs, [
    { type: 'order.amended', clientOrderId: 'tw-run-1', quantity: 10, limitPrice: null, stopPrice: 490_000 },
  ]);
  const unknown = senderScene();
  noteOrder(unknown.book, sentOrder({ orderType: 'limit', limitPrice: 490_000 }), true);
  unknown.server.on('PUT /fapi/v1/order', () => 'reset');
  await amend(unknown);
  assert.deepEqual([unknown.kinds(), unknown.finds], [[], ['tw-run-1']]);
});

test('whoever asks for an order that is being sent waits for it', async () => {
  const scene = senderScene();
  scene.server.on('POST /fapi/v1/order', () => 'silence');
  await scene.send();
  let isSettled = false;
  void scene.sender.settled('tw-run-1').then(() => {
    isSettled = true;
  });
  await scene.clock.pass(5_000);
  assert.equal(isSettled, false);
  await scene.clock.pass(6_000);
  assert.equal(isSettled, true);
});

test('nothing is sent after the end', async () => {
  const scene = senderScene();
  scene.sender.close();
  await scene.send();
  assert.deepEqual([scene.kinds(), scene.server.asked], [[], []]);
});
