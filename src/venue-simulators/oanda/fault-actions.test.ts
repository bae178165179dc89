import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, followOanda, type OandaScene, openOanda } from '../../../tests/support/oanda-scene.ts';
import { FaultActionError, faultActions } from './fault-actions.ts';

const market = { order: { type: 'MARKET', instrument: 'EUR_USD', units: '100' } };

async function price(scene: OandaScene): Promise<Record<string, unknown>> {
  return (await askOanda(scene, 'GET', 'pricing?instruments=EUR_USD')).body.prices[0];
}

test('the next orders end right after they were created, or are refused', async () => {
  const scene = openOanda();
  scene.server.act('cancelNext', { reason: 'FIFO_VIOLATION', times: 2 });
  for (const _ of [1, 2]) {
    const { status, body } = await askOanda(scene, 'POST', 'orders', market);
    assert.deepEqual([status, body.orderCancelTransaction.reason], [201, 'FIFO_VIOLATION']);
  }
  scene.server.act('rejectNext', { reason: 'INSTRUMENT_NOT_TRADEABLE' });
  const refused = await askOanda(scene, 'POST', 'orders', market);
  assert.deepEqual(
    [refused.status, refused.body.errorCode, refused.body.lastTransactionID],
    [400, 'INSTRUMENT_NOT_TRADEABLE', '7'],
  );
  scene.server.act('lockAccount', {});
  assert.equal((await askOanda(scene, 'POST', 'orders', market)).body.errorCode, 'ACCOUNT_ORDER_CREATION_LOCKED');
  scene.server.act('lockAccount', { isOn: false });
  assert.equal((await askOanda(scene, 'POST', 'orders', market)).body.orderFillTransaction.units, '100');
});

test('an order that was created cannot be found for a while', async () => {
  const scene = openOanda();
  scene.server.act('hideOrders', { ms: 5_000 });
  const order = { type: 'LIMIT', instrument: 'EUR_USD', units: '100', price: '1.09', clientExtensions: { id: 'mine' } };
  await askOanda(scene, 'POST', 'orders', { order });
  assert.equal((await askOanda(scene, 'GET', 'orders/@mine')).status, 404);
  assert.deepEqual((await askOanda(scene, 'GET', 'pendingOrders')).body.orders, []);
  await scene.clock.pass(5_000);
  assert.equal((await askOanda(scene, 'GET', 'orders/@mine')).status, 200);
  assert.equal((await askOanda(scene, 'GET', 'pendingOrders')).body.orders.length, 1);
});

test('other hands trade the account, cancel in it and move its money', async () => {
  const scene = openOanda();
  scene.server.act('externalOrder', { instrument: 'EUR_USD', units: '-100', stopLoss: '1.11000', clientId: 'theirs' });
  scene.server.act('externalOrder', { instrument: 'EUR_USD', units: '100', price: '1.05', clientId: 'limit' });
  scene.server.act('externalCancel', { order: '@limit' });
  scene.server.act('transfer', { amount: '250.5' });
  scene.server.act('financing', { instrument: 'EUR_USD', amount: '-1.25' });
  const { transactions } = (await askOanda(scene, 'GET', 'transactions/sinceid?id=2')).body;
  assert.deepEqual(
    transactions.map(({ type, amount, financing, batchID }: Record<string, string>) => [
      type,
      amount ?? financing,
      batchID,
    ]),
    [
      ['MARKET_ORDER', undefined, '3'],
      ['ORDER_FILL', '0.0000', '3'],
      ['STOP_LOSS_ORDER', undefined, '3'],
      ['LIMIT_ORDER', undefined, '6'],
      ['ORDER_CANCEL', undefined, '7'],
      ['TRANSFER_FUNDS', '250.5000', '8'],
      ['DAILY_FINANCING', '-1.2500', '9'],
    ],
  );
  scene.server.act('liquidate', { instrument: 'EUR_USD' });
  assert.deepEqual(scene.floor.ledger().positions, []);
  const last = (await askOanda(scene, 'GET', 'transactions/sinceid?id=9')).body.transactions;
  assert.equal(last.at(-1).reason, 'MARKET_ORDER_MARGIN_CLOSEOUT');
});

test('prices may jump, be told wrongly or not at all', async () => {
  const scene = openOanda();
  scene.server.act('gap', { instrument: 'EUR_USD', pips: -200 });
  assert.equal((await price(scene))['closeoutBid'], '1.07998');
  scene.server.act('quote', { instrument: 'EUR_USD', bid: '1.2', ask: '1.20005' });
  assert.deepEqual((await price(scene))['asks'], [{ price: '1.20005', liquidity: 10_000_000 }]);
  scene.server.act('oddPrice', { instrument: 'EUR_USD', bids: ['-37.63'], asks: [] });
  const odd = await price(scene);
  assert.deepEqual([odd['bids'], odd['asks']], [[{ price: '-37.63', liquidity: 10_000_000 }], []]);
  scene.server.act('oddPrice', { instrument: 'EUR_USD' });
  assert.deepEqual((await price(scene))['bids'], [{ price: '1.20000', liquidity: 10_000_000 }]);
});

test("the venue's clock may be wrong", async () => {
  const scene = openOanda();
  scene.server.act('skewClock', { ms: -6_000 });
  const { time } = (await askOanda(scene, 'GET', 'pricing?instruments=EUR_USD')).body;
  assert.match(time, /^2026-01-07T11:59:54/);
  const made = await askOanda(scene, 'POST', 'orders', market);
  assert.match(made.body.orderFillTransaction.time, /^2026-01-07T11:59:54/);
});

test('a token may lose its rights, and limits may tighten', async () => {
  const scene = openOanda();
  scene.server.act('revokeToken', {});
  assert.equal((await askOanda(scene, 'GET', 'summary')).status, 401);
  scene.server.act('revokeToken', { isOn: false });
  assert.equal((await askOanda(scene, 'GET', 'summary')).status, 200);
  scene.server.act('limitRequests', { perSecond: 1 });
  assert.equal((await askOanda(scene, 'GET', 'summary')).status, 429);
});

test('old transactions may come again when a stream begins', async () => {
  const scene = openOanda();
  await askOanda(scene, 'POST', 'orders', market);
  scene.server.act('replayTransactions', { count: 2 });
  const first = await followOanda(scene, 'transactions/stream');
  assert.deepEqual(
    first.lines.map(({ id, type }) => id ?? type),
    ['3', '4', 'HEARTBEAT'],
  );
  const second = await followOanda(scene, 'transactions/stream');
  assert.deepEqual(
    second.lines.map(({ type }) => type),
    ['HEARTBEAT'],
  );
});

test('units may get decimals and lose them again, and a lot may grow', async () => {
  const scene = openOanda();
  scene.server.act('setInstrument', { instrument: 'EUR_USD', lotSize: 1_000 });
  assert.equal((await askOanda(scene, 'POST', 'orders', market)).body.errorCode, 'UNITS_PRECISION_EXCEEDED');
  scene.server.act('setInstrument', { instrument: 'EUR_USD', lotSize: 1, tickSize: 10 });
  const order = { type: 'LIMIT', instrument: 'EUR_USD', units: '100', price: '1.09001' };
  assert.equal((await askOanda(scene, 'POST', 'orders', { order })).body.errorCode, 'PRICE_PRECISION_EXCEEDED');
});

test('a script may have candles spoilt and ids used up', () => {
  const scene = openOanda();
  scene.server.act('candles', { mode: 'duplicate', times: 3 });
  scene.server.act('skipTransactions', { count: 3 });
});

test('an action that is unknown, or told wrongly, is refused with what was expected', () => {
  const scene = openOanda();
  for (const [action, parameters, message] of [
    ['explode', {}, /expected one of 'halt', 'resume'.*found the action 'explode'/],
    ['halt', {}, /'halt' is told wrongly: 'instrument'/],
    ['halt', { instrument: 'ABC_DEF' }, /found 'ABC_DEF'/],
    ['transfer', { amount: '1.23456' }, /at most 4 decimals, found '1.23456'/],
    ['gap', { instrument: 'EUR_USD', pips: 1, more: 2 }, /more/],
  ] as const) {
    assert.throws(
      () => scene.server.act(action, parameters),
      (error: Error) => error instanceof FaultActionError && message.test(error.message),
    );
  }
  assert.equal(new Set(faultActions).size, faultActions.length);
});
