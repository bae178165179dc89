import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '#domain/order.ts';
import type { Command } from '#engine/ports.ts';
import { ok, type ScriptedAnswer, type ScriptedOanda, scriptOanda } from '../../../tests/support/scripted-oanda.ts';
import { cancelTriesMax, reductionTriesMax, sentOrdersMax, transactionsIn } from './order-sender.ts';

const time = '2026-01-05T12:00:12.000000000Z';
const request: OrderRequest = {
  clientOrderId: 'tw-run-1',
  instrument: 'EURUSD.OANDA',
  side: 'buy',
  quantity: 100,
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'fillOrKill',
  expiresAt: null,
  isReduceOnly: false,
  purpose: 'entry',
  bracket: { stopPrice: 109_000, targetPrice: null },
  strategy: 'a',
  reason: 'signal',
};
const create = {
  id: '101',
  batchID: '101',
  type: 'MARKET_ORDER',
  time,
  instrument: 'EUR_USD',
  units: '100',
  clientExtensions: { id: 'tw-run-1' },
};
const fill = {
  id: '102',
  batchID: '101',
  type: 'ORDER_FILL',
  time,
  orderID: '101',
  clientOrderID: 'tw-run-1',
  instrument: 'EUR_USD',
  units: '100',
  price: '1.10005',
  accountBalance: '1000.0000',
  tradeOpened: { tradeID: '102', units: '100', price: '1.10005' },
};
const stop = {
  id: '103',
  batchID: '101',
  type: 'STOP_LOSS_ORDER',
  time,
  tradeID: '102',
  price: '1.09000',
  clientExtensions: { id: 'tw-run-1-s' },
};
const taken = { orderCreateTransaction: create, orderFillTransaction: fill, lastTransactionID: '103' };

function submit(order: Partial<OrderRequest> = {}): Command {
  return { type: 'order.submitted', at: Date.UTC(2100, 0, 1), order: { ...request, ...order } };
}

async function sent(answer: ScriptedAnswer, command = submit()): Promise<ScriptedOanda> {
  const script = scriptOanda();
  await script.open();
  script.on(/^POST orders$/, () => answer);
  script.inputs.length = 0;
  script.venue.send(command);
  await script.pass(100);
  return script;
}

function told(script: ScriptedOanda): string[] {
  return script.inputs.filter(({ type }) => type.startsWith('order.')).map(({ type }) => type);
}

test('an order that fills at once is accepted and filled, and its stop comes by the stream', async () => {
  const script = await sent(ok(taken, 201));
  assert.deepEqual(told(script), ['order.accepted', 'order.filled']);
  const body = JSON.parse(script.requests.findLast(({ method }) => method === 'POST')?.body ?? '');
  assert.equal(body.order.units, '100');
  assert.equal(body.order.stopLossOnFill.clientExtensions.id, 'tw-run-1-s');
  for (const transaction of [create, fill, stop]) script.stream('transactions').say(transaction);
  await script.pass(1);
  assert.deepEqual(told(script), ['order.accepted', 'order.filled', 'order.accepted']);
});

test('F06: an order that the stream tells of before the answer comes is told once', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/^POST orders$/, () => ok(taken, 201));
  script.venue.send(submit());
  for (const transaction of [create, fill, stop]) script.stream('transactions').say(transaction);
  await script.pass(100);
  assert.deepEqual(told(script), ['order.accepted', 'order.filled', 'order.accepted']);
});

test('F25: a market that is halted cancels the order that it took', async () => {
  const cancel = { id: '102', type: 'ORDER_CANCEL', time, orderID: '101', reason: 'MARKET_HALTED' };
  const script = await sent(ok({ orderCreateTransaction: create, orderCancelTransaction: cancel }, 201));
  assert.deepEqual(told(script), ['order.accepted', 'order.canceled']);
  assert.equal(script.ofType('order.canceled')[0]?.reason, 'MARKET_HALTED');
});

test('a refusal is told with the reason of its transaction, once, also where the stream brings it too', async () => {
  const reject = {
    id: '101',
    type: 'MARKET_ORDER_REJECT',
    time,
    rejectReason: 'INSUFFICIENT_MARGIN',
    clientExtensions: { id: 'tw-run-1' },
  };
  const script = await sent(ok({ orderRejectTransaction: reject, errorCode: 'INSUFFICIENT_MARGIN' }, 400));
  script.stream('transactions').say(reject);
  await script.pass(1);
  assert.deepEqual(
    script.ofType('order.rejected').map(({ code }) => code),
    ['INSUFFICIENT_MARGIN'],
  );
});

test('F26: the id that a reject used up is no gap', async () => {
  const reject = { id: '101', type: 'MARKET_ORDER_REJECT', time, rejectReason: 'UNITS_INVALID' };
  const script = await sent(ok({ orderRejectTransaction: reject }, 400));
  const before = script.asked.length;
  script.stream('transactions').say({ type: 'HEARTBEAT', lastTransactionID: '101', time });
  await script.pass(1_000);
  assert.equal(
    script.asked.slice(before).some((asked) => asked.includes('sinceid')),
    false,
  );
  assert.equal(script.ofType('venue.impaired').length, 0);
  assert.equal(script.ofType('order.rejected')[0]?.code, 'UNITS_INVALID');
});

test('an answer with nothing but words refuses too', async () => {
  const script = await sent(ok({ errorMessage: 'Invalid value specified' }, 400));
  const { code, reason } = script.ofType('order.rejected')[0] ?? {};
  assert.deepEqual([code, reason], ['HTTP_400', 'Invalid value specified']);
});

test('F64: a key without permission refuses the order and impairs the venue until it is let in again', async () => {
  const script = await sent(ok({ errorMessage: 'Insufficient authorization to perform request.' }, 401));
  assert.equal(script.ofType('order.rejected')[0]?.code, 'HTTP_401');
  assert.equal(script.ofType('venue.impaired')[0]?.part, 'permission');
  await script.pass(70_000);
  assert.ok(script.ofType('venue.restored').some(({ part }) => part === 'permission'));
});

test('a locked account is impaired until it takes an order again', async () => {
  const script = await sent(ok({ errorCode: 'ACCOUNT_LOCKED', errorMessage: 'locked' }, 400));
  assert.equal(script.ofType('venue.impaired')[0]?.reason, "the venue takes no orders: 'ACCOUNT_LOCKED'");
  await script.pass(70_000);
  assert.equal(
    script.ofType('venue.restored').some(({ part }) => part === 'permission'),
    false,
  );
  script.on(/^POST orders$/, () => ok(taken, 201));
  script.venue.send(submit({ clientOrderId: 'tw-run-2', isReduceOnly: true, bracket: null }));
  await script.pass(100);
  assert.ok(script.ofType('venue.restored').some(({ part }) => part === 'permission'));
});

test('F01, F03: an order without a word of what came of it is left open and never sent again', async () => {
  const html = { status: 502, body: '<html>bad gateway</html>' };
  for (const answer of ['reset', 'silence', html, ok({}, 503), ok({}, 504), ok({}, 201), ok('<html>', 200)] as const) {
    const script = await sent(answer);
    await script.pass(60_000);
    assert.deepEqual(told(script), ['order.unresolved'], JSON.stringify(answer));
    script.venue.send(submit());
    await script.pass(60_000);
    assert.equal(script.asked.filter((asked) => asked === 'POST orders').length, 1, JSON.stringify(answer));
  }
});

test('an order that cannot leave is refused here and says so', async () => {
  const script = await sent('refused');
  assert.deepEqual(
    script.ofType('order.rejected').map(({ code }) => code),
    ['DENIED_UNREACHABLE'],
  );
  const unknown = await sent('reset', submit({ instrument: 'GBPUSD.OANDA' }));
  assert.equal(unknown.ofType('order.rejected')[0]?.code, 'DENIED_UNKNOWN_INSTRUMENT');
});

test('F75: an entry of a size that the venue does not take is not sent, and a reduction is', async () => {
  const big = await sent(ok(taken, 201), submit({ quantity: 100_000_001 }));
  assert.equal(big.ofType('order.rejected')[0]?.code, 'DENIED_MAX_QUANTITY');
  assert.equal(big.asked.includes('POST orders'), false);
  const small = await sent(ok(taken, 201), submit({ quantity: 0 }));
  assert.equal(small.ofType('order.rejected')[0]?.code, 'DENIED_MIN_QUANTITY');
  const reduction = await sent(ok(taken, 201), submit({ quantity: 100_000_001, isReduceOnly: true, bracket: null }));
  assert.equal(reduction.asked.includes('POST orders'), true);
});

test('F54: an entry that was decided on more than five seconds ago never leaves', async () => {
  const script = scriptOanda();
  await script.open();
  script.venue.send({ ...submit(), at: script.clock.now() - 5_001 });
  await script.pass(60_000);
  assert.equal(script.asked.filter((asked) => asked === 'POST orders').length, 0);
  assert.equal(script.ofType('order.rejected')[0]?.code, 'DENIED_DEADLINE');
});

test('a reduction that cannot leave is tried until it does, and leaves once', async () => {
  const script = await sent('refused', submit({ isReduceOnly: true, bracket: null }));
  await script.pass(60_000);
  assert.deepEqual(told(script), []);
  script.on(/^POST orders$/, () => ok(taken, 201));
  const before = script.asked.length;
  await script.pass(60_000);
  assert.equal(script.asked.slice(before).filter((asked) => asked === 'POST orders').length, 1);
  assert.deepEqual(told(script).slice(0, 2), ['order.accepted', 'order.filled']);
});

test('a reduction that cannot leave for a quarter of an hour is refused here', async () => {
  const script = await sent('refused', submit({ isReduceOnly: true, bracket: null }));
  await script.pass(reductionTriesMax * 1_000);
  assert.equal(script.asked.filter((asked) => asked === 'POST orders').length, reductionTriesMax);
  assert.deepEqual(
    script.ofType('order.rejected').map(({ code }) => code),
    ['DENIED_UNREACHABLE'],
  );
});

test('F51: after a word that it was asked too much the venue is left alone, and that is told', async () => {
  const script = await sent(ok({ errorMessage: 'too many' }, 429));
  assert.equal(script.ofType('order.rejected')[0]?.code, 'HTTP_429');
  assert.equal(script.ofType('venue.impaired')[0]?.part, 'limits');
  script.venue.send({ type: 'order.cancelRequested', at: 1, clientOrderId: 'tw-run-9', reason: 'x' });
  const before = script.requests.length;
  await script.pass(2_000);
  assert.equal(script.requests.length, before);
  await script.pass(10_000);
  assert.ok(script.ofType('venue.restored').some(({ part }) => part === 'limits'));
  assert.ok(script.asked.includes('PUT orders/@tw-run-9/cancel'));
});

test('F08: a cancel of an order that is not there is asked for, and what filled meanwhile is told', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/cancel$/, () =>
    ok({ orderCancelRejectTransaction: { id: '104', type: 'ORDER_CANCEL_REJECT', time } }, 404),
  );
  script.transactions.push(create, fill);
  script.venue.send({ type: 'order.cancelRequested', at: 1, clientOrderId: 'tw-run-1', reason: 'x' });
  await script.pass(3_000);
  assert.equal(told(script).includes('order.canceled'), false);
  assert.ok(told(script).includes('order.filled'));
});

test('F08: a cancel of an order that history does not know is left open', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/cancel$/, () => ok({ errorMessage: 'gone' }, 404));
  script.on(/^GET transactions\?/, () => ok({ pages: [], lastTransactionID: '100' }));
  script.venue.send({ type: 'order.cancelRequested', at: 1, clientOrderId: 'tw-run-1', reason: 'x' });
  await script.pass(3_000);
  assert.deepEqual(told(script), ['order.unresolved']);
});

test('a cancel goes out after the order that it is for', async () => {
  const script = scriptOanda();
  await script.open();
  const limit = { ...create, type: 'LIMIT_ORDER', price: '1.09000' };
  script.on(/^POST orders$/, () => ok({ orderCreateTransaction: limit }, 201));
  script.on(/cancel$/, () =>
    ok({ orderCancelTransaction: { id: '102', type: 'ORDER_CANCEL', time, orderID: '101', reason: 'CLIENT_REQUEST' } }),
  );
  script.venue.send(submit({ orderType: 'limit', limitPrice: 109_000, timeInForce: 'goodTillCancel', bracket: null }));
  script.venue.send({ type: 'order.cancelRequested', at: 1, clientOrderId: 'tw-run-1', reason: 'x' });
  assert.deepEqual(told(script), []);
  await script.pass(100);
  assert.deepEqual(told(script), ['order.accepted', 'order.canceled']);
  assert.deepEqual(script.asked.slice(-2), ['POST orders', 'PUT orders/101/cancel']);
});

test('a cancel that cannot leave is tried until it does, so many times at most', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/cancel$/, () => 'refused');
  script.venue.send({ type: 'order.cancelRequested', at: 1, clientOrderId: 'tw-run-1', reason: 'x' });
  await script.pass(cancelTriesMax * 31_000);
  assert.deepEqual(told(script), ['order.unresolved']);
  assert.ok(script.notices.some((text) => text.startsWith("cancelling 'tw-run-1' waits")));
});

test('a moved stop goes to its trade and is told as amended', async () => {
  const script = await sent(ok(taken, 201));
  script.stream('transactions').say(stop);
  script.on(/^GET orders\/103$/, () =>
    ok({ order: { ...stop, type: 'STOP_LOSS', state: 'PENDING', timeInForce: 'GTC' } }),
  );
  script.on(/^PUT trades\/102\/orders$/, () =>
    ok({
      stopLossOrderCancelTransaction: {
        id: '104',
        type: 'ORDER_CANCEL',
        time,
        orderID: '103',
        reason: 'CLIENT_REQUEST_REPLACED',
        replacedByOrderID: '105',
      },
      stopLossOrderTransaction: { ...stop, id: '105', price: '1.09500', replacesOrderID: '103' },
    }),
  );
  const command: Command = {
    type: 'order.amendRequested',
    at: 1,
    clientOrderId: 'tw-run-1-s',
    stopPrice: 109_500,
    limitPrice: null,
    reason: 'trail',
  };
  await script.pass(1);
  script.venue.send(command);
  await script.pass(100);
  assert.deepEqual(script.ofType('order.amended'), [
    { type: 'order.amended', clientOrderId: 'tw-run-1-s', quantity: 100, stopPrice: 109_500, limitPrice: null },
  ]);
  assert.deepEqual(JSON.parse(script.requests.at(-1)?.body ?? ''), {
    stopLoss: { price: '1.09500', timeInForce: 'GTC', clientExtensions: { id: 'tw-run-1-s' } },
  });
});

test('a refused change is told with the prices that stand', async () => {
  const script = scriptOanda();
  await script.open();
  const order = {
    id: '101',
    type: 'LIMIT',
    state: 'PENDING',
    instrument: 'EUR_USD',
    units: '100',
    price: '1.09000',
    clientExtensions: { id: 'tw-run-1' },
  };
  script.on(/^GET orders\/@tw-run-1$/, () => ok({ order }));
  script.on(/^PUT orders\/101$/, () => ok({ errorCode: 'PRICE_INVALID', errorMessage: 'no' }, 400));
  const amend = { type: 'order.amendRequested', at: 1, stopPrice: null, reason: 'x' } as const;
  script.venue.send({ ...amend, clientOrderId: 'tw-run-1', limitPrice: 109_100 });
  await script.pass(100);
  assert.deepEqual(script.ofType('order.amended'), [
    { type: 'order.amended', clientOrderId: 'tw-run-1', quantity: 100, stopPrice: null, limitPrice: 109_000 },
  ]);
  assert.ok(script.notices.some((text) => text.includes('PRICE_INVALID')));
  assert.equal(told(script).includes('order.rejected'), false);
});

test('S16: the token is in no notice, event or excerpt', async () => {
  const script = await sent(ok({ errorMessage: 'Bearer CANARY-TOKEN is wrong' }, 401));
  script.stream('transactions').bytes('not JSON with CANARY-TOKEN\n');
  await script.pass(1);
  assert.equal(script.ofType('message.quarantined').length, 1);
  assert.equal(JSON.stringify([script.inputs, script.notices]).includes('CANARY'), false);
});

test('transactions are found in an answer under whatever name', () => {
  const body = {
    longOrderFillTransaction: fill,
    relatedTransactionIDs: ['102'],
    lastTransactionID: '102',
    other: stop,
  };
  assert.deepEqual(transactionsIn(body), [fill]);
  assert.deepEqual(transactionsIn(null), []);
  assert.deepEqual(transactionsIn('text'), []);
});

test('what was sent is remembered up to a bound', async () => {
  const script = scriptOanda();
  await script.open();
  const send = (count: number): void =>
    script.venue.send(submit({ clientOrderId: `tw-${count}`, instrument: 'X.OANDA' }));
  for (let count = 0; count <= sentOrdersMax; count += 1) send(count);
  send(1);
  send(0);
  await script.pass(1);
  assert.equal(script.ofType('order.rejected').length, sentOrdersMax + 2);
  assert.deepEqual(script.notices, ["order 'tw-1' was sent before and is not sent again"]);
});
