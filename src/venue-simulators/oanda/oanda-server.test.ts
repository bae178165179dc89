import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  differencesFrom,
  recordedCandles,
  recordedChanges,
  recordedClose,
  recordedHeartbeat,
  recordedInstruments,
  recordedPages,
  recordedPositions,
  recordedPrice,
  recordedReject,
  recordedSummary,
  recordedTrades,
  recordedTransactionHeartbeat,
} from '../../../tests/support/oanda-recordings.ts';
import {
  askOanda,
  eurUsdId,
  followOanda,
  type OandaScene,
  oandaOrigin,
  oandaToken,
  openOanda,
} from '../../../tests/support/oanda-scene.ts';
import { usualAccountId } from './oanda-server.ts';

const market = (units: string): unknown => ({ order: { type: 'MARKET', instrument: 'EUR_USD', units } });

async function raw(
  { clock, network }: OandaScene,
  path: string,
  headers: Record<string, string>,
  method: 'GET' | 'DELETE' = 'GET',
): Promise<{ status: number; body: string }> {
  const asked = network.request({ method, url: `${oandaOrigin}${path}`, headers }, 1_000);
  await clock.pass(3);
  return asked;
}

test('an order is created, its fill comes over the stream, a second one is cancelled and candles follow', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, 'transactions/stream');
  const made = await askOanda(scene, 'POST', 'orders', {
    order: {
      type: 'MARKET',
      instrument: 'EUR_USD',
      units: '100',
      timeInForce: 'FOK',
      clientExtensions: { id: 'intent-1', tag: 'a' },
      stopLossOnFill: { price: '1.09500' },
      takeProfitOnFill: { price: '1.10500' },
    },
  });
  assert.equal(made.status, 201);
  assert.equal(made.headers['location'], `/v3/accounts/${usualAccountId}/orders/3`);
  assert.match(made.headers['requestid'] ?? '', /^\d{17}$/);
  assert.deepEqual(made.body.relatedTransactionIDs, ['3', '4', '5', '6']);
  assert.equal(made.body.orderFillTransaction.price, '1.10010');
  const limit = { type: 'LIMIT', instrument: 'EUR_USD', units: '-50', price: '1.12', clientExtensions: { id: 'l' } };
  await askOanda(scene, 'POST', 'orders', { order: limit });
  const cancelled = await askOanda(scene, 'PUT', 'orders/@l/cancel');
  assert.equal(cancelled.body.orderCancelTransaction.orderID, '7');
  await scene.clock.pass(3);
  const told = stream.lines.map(({ type, id, batchID }) =>
    [type, id, batchID].filter((part) => part !== undefined).join(' '),
  );
  assert.deepEqual(told, [
    'HEARTBEAT',
    'MARKET_ORDER 3 3',
    'ORDER_FILL 4 3',
    'TAKE_PROFIT_ORDER 5 3',
    'STOP_LOSS_ORDER 6 3',
    'LIMIT_ORDER 7 7',
    'ORDER_CANCEL 8 8',
  ]);
  const candles = await askOanda(scene, 'GET', '/v3/instruments/EUR_USD/candles?granularity=M1&count=2');
  assert.deepEqual(
    candles.body.candles.map((candle: { complete: boolean }) => candle.complete),
    [false],
  );
  const ledger = scene.floor.ledger();
  assert.deepEqual(ledger.positions, [{ instrument: eurUsdId, signedQuantity: 100, cost: 11_001_000 }]);
  assert.deepEqual(
    ledger.openOrders.map(({ orderType, limitPrice, stopPrice }) => [orderType, limitPrice ?? stopPrice]),
    [
      ['limit', 110_500],
      ['stop', 109_500],
    ],
  );
});

test('answers look as they were recorded', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, 'pricing/stream?instruments=EUR_USD');
  const transactions = await followOanda(scene, 'transactions/stream');
  await scene.clock.pass(5_000);
  const limit = {
    type: 'LIMIT',
    instrument: 'EUR_USD',
    units: '-100',
    price: '1.2',
    stopLossOnFill: { price: '1.22' },
  };
  await askOanda(scene, 'POST', 'orders', { order: limit });
  const changes = await askOanda(scene, 'GET', 'changes?sinceTransactionID=2');
  await askOanda(scene, 'POST', 'orders', market('100'));
  const get = async (path: string): Promise<unknown> => (await askOanda(scene, 'GET', path)).body;
  const reject = await askOanda(scene, 'POST', 'orders', {
    order: { type: 'MARKET_IF_TOUCHED', instrument: 'USD_JPY', units: 300, price: '110.79999999999999' },
  });
  const compared: readonly (readonly [unknown, unknown])[] = [
    [recordedPrice, stream.lines[0]],
    [recordedHeartbeat, stream.lines.at(-1)],
    [recordedTransactionHeartbeat, transactions.lines[0]],
    [recordedChanges, changes.body],
    [recordedReject, reject.body],
    [recordedSummary, await get('summary')],
    [recordedInstruments, await get('instruments')],
    [recordedCandles, await get('instruments/EUR_USD/candles?granularity=M5&count=5')],
    [recordedPositions, await get('positions')],
    [recordedTrades, await get('openTrades')],
    [recordedPages, await get('transactions')],
    [recordedClose, (await askOanda(scene, 'PUT', 'trades/5/close', { units: '100' })).body],
  ];
  for (const [recorded, found] of compared) assert.deepEqual(differencesFrom(recorded, found), []);
});

test('only the token opens anything, and only the account that it belongs to', async () => {
  const scene = openOanda();
  const summary = `/v3/accounts/${usualAccountId}/summary`;
  const refused = { errorMessage: 'Insufficient authorization to perform request.' };
  for (const headers of [{}, { authorization: 'Bearer live-token' }]) {
    const { status, body } = await raw(scene, summary, headers);
    assert.deepEqual([status, JSON.parse(body)], [401, refused]);
  }
  const authorization = `Bearer ${oandaToken}`;
  const other = await raw(scene, '/v3/accounts/001-001-1-001/summary', { authorization });
  assert.deepEqual([other.status, JSON.parse(other.body)], [403, refused]);
  assert.equal((await raw(scene, '/v3/accounts/nonsense/summary', { authorization })).status, 400);
  assert.equal((await raw(scene, '/v3/nothing', { authorization })).status, 404);
  assert.equal((await raw(scene, summary, { authorization }, 'DELETE')).status, 405);
  assert.equal((await raw(scene, `/v3/accounts/${usualAccountId}/pricing/stream`, {})).status, 401);
  const accounts = await raw(scene, '/v3/accounts', { authorization });
  assert.deepEqual(JSON.parse(accounts.body), { accounts: [{ id: usualAccountId, tags: [] }] });
});

test('a client may have instants as seconds', async () => {
  const scene = openOanda();
  const headers = { authorization: `Bearer ${oandaToken}`, 'accept-datetime-format': 'UNIX' };
  const { body } = await raw(scene, `/v3/accounts/${usualAccountId}/transactions/1`, headers);
  assert.match(JSON.parse(body).transaction.time, /^1767787200\.\d{9}$/);
});

test('the 121st request in a second is turned away, and so is the 21st stream', async () => {
  const scene = openOanda();
  const url = `${oandaOrigin}/v3/accounts`;
  const headers = { authorization: `Bearer ${oandaToken}` };
  const asked = Array.from({ length: 121 }, () => scene.network.request({ method: 'GET', url, headers }, 1_000));
  await scene.clock.pass(3);
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.at(-1)], [120, 429]);
  await scene.clock.pass(1_000);
  for (let index = 0; index < 20; index += 1)
    assert.equal((await followOanda(scene, 'transactions/stream')).status, 200);
  assert.equal((await followOanda(scene, 'transactions/stream')).status, 429);
  assert.equal(scene.server.counters.streamsOpened, 20);
});

test('fields that no client knows stand in every object when a script wants them', async () => {
  const scene = openOanda();
  scene.server.act('extraFields', {});
  const made = await askOanda(scene, 'POST', 'orders', market('100'));
  assert.equal(made.body.orderFillTransaction.tradeOpened.st, 1);
  assert.equal(made.body.orderFillTransaction.fullPrice.bids[0].st, 1);
});

test('the end closes streams and stops every timer', async () => {
  const scene = openOanda();
  const pricing = await followOanda(scene, 'pricing/stream?instruments=EUR_USD');
  const transactions = await followOanda(scene, 'transactions/stream');
  scene.server.close();
  scene.floor.stop();
  await scene.clock.pass(60_000);
  assert.deepEqual([pricing.closed, transactions.closed], [['the stream ended'], ['the stream ended']]);
  assert.equal(pricing.lines.length, 1);
});

test('lines of streams are cut now and then, and are whole again at the newline', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, 'pricing/stream?instruments=EUR_USD');
  for (let index = 0; index < 100; index += 1) {
    scene.floor.quote(eurUsdId, 110_000 + index, 110_010 + index);
    await scene.clock.pass(250);
  }
  assert.equal(stream.lines.filter(({ type }) => type === 'PRICE').length, 101);
  assert.ok(stream.pieces.length > stream.lines.length + 10);
});
