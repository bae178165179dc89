import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, type OandaScene, openOanda } from '../../../tests/support/oanda-scene.ts';

async function withHistory(): Promise<OandaScene> {
  const scene = openOanda();
  for (let index = 0; index < 3; index += 1)
    await askOanda(scene, 'POST', 'orders', { order: { type: 'MARKET', instrument: 'EUR_USD', units: '100' } });
  return scene;
}

function ids(body: { transactions: { id: string }[] }): string[] {
  return body.transactions.map(({ id }) => id);
}

test('pages are addresses, and what is on them is there', async () => {
  const scene = await withHistory();
  const { body } = await askOanda(scene, 'GET', 'transactions?pageSize=3');
  assert.deepEqual([body.count, body.pageSize, body.lastTransactionID], [8, 3, '8']);
  const queries = body.pages.map((page: string) => page.split('/transactions/')[1]);
  assert.deepEqual(queries, ['idrange?from=1&to=3', 'idrange?from=4&to=6', 'idrange?from=7&to=8']);
  assert.deepEqual(ids((await askOanda(scene, 'GET', `transactions/${queries[1]}`)).body), ['4', '5', '6']);
  const fills = (await askOanda(scene, 'GET', 'transactions?type=ORDER_FILL')).body;
  assert.deepEqual([fills.count, fills.pages[0].endsWith('from=4&to=8&type=ORDER_FILL')], [3, true]);
  const early = await askOanda(scene, 'GET', 'transactions?to=2026-01-07T12:00:00Z');
  assert.equal(early.body.count, 2);
  assert.equal((await askOanda(scene, 'GET', 'transactions?pageSize=1001')).body.errorCode, 'INVALID_PAGESIZE');
  assert.equal((await askOanda(scene, 'GET', 'transactions?from=then')).status, 400);
});

test('sinceid leaves its id out, idrange has both', async () => {
  const scene = await withHistory();
  assert.deepEqual(ids((await askOanda(scene, 'GET', 'transactions/sinceid?id=6')).body), ['7', '8']);
  assert.deepEqual(ids((await askOanda(scene, 'GET', 'transactions/sinceid?id=8')).body), []);
  assert.deepEqual(ids((await askOanda(scene, 'GET', 'transactions/sinceid?id=0&type=ORDER_FILL')).body), [
    '4',
    '6',
    '8',
  ]);
  assert.deepEqual(ids((await askOanda(scene, 'GET', 'transactions/idrange?from=2&to=3')).body), ['2', '3']);
  assert.equal((await askOanda(scene, 'GET', 'transactions/5')).body.transaction.type, 'MARKET_ORDER');
});

test('what lies outside of the history is refused', async () => {
  const scene = await withHistory();
  for (const path of [
    'sinceid?id=9',
    'sinceid',
    'sinceid?id=x',
    'idrange?from=1&to=9',
    'idrange?from=3&to=2',
    'idrange?from=0&to=1',
  ])
    assert.equal((await askOanda(scene, 'GET', `transactions/${path}`)).status, 416, path);
  assert.equal((await askOanda(scene, 'GET', 'transactions/9')).status, 404);
});

test('ids that were skipped leave a gap and nothing else', async () => {
  const scene = await withHistory();
  scene.server.act('skipTransactions', { count: 5 });
  await askOanda(scene, 'POST', 'orders', { order: { type: 'MARKET', instrument: 'EUR_USD', units: '100' } });
  assert.deepEqual(ids((await askOanda(scene, 'GET', 'transactions/sinceid?id=7')).body), ['8', '14', '15']);
});

test('one answer has a thousand transactions at most, the oldest first', async () => {
  const scene = await withHistory();
  for (let index = 0; index < 1_100; index += 1) scene.server.act('transfer', { amount: '1' });
  const { body } = await askOanda(scene, 'GET', 'transactions/sinceid?id=0');
  assert.deepEqual(
    [body.transactions.length, body.transactions.at(-1).id, body.lastTransactionID],
    [1_000, '1000', '1108'],
  );
});
