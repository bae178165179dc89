import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, openOanda } from '../../../tests/support/oanda-scene.ts';

test('changes tell what happened since a transaction, and a state that goes with prices', async () => {
  const scene = openOanda();
  const order = { type: 'MARKET', instrument: 'EUR_USD', units: '100' };
  await askOanda(scene, 'POST', 'orders', { order: { ...order, takeProfitOnFill: { price: '1.12' } } });
  await askOanda(scene, 'POST', 'orders', { order: { ...order, units: '-40' } });
  await askOanda(scene, 'PUT', 'orders/5/cancel');
  const { changes, state, lastTransactionID } = (await askOanda(scene, 'GET', 'changes?sinceTransactionID=2')).body;
  const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id);
  assert.equal(lastTransactionID, '8');
  assert.deepEqual(ids(changes.transactions), ['3', '4', '5', '6', '7', '8']);
  assert.deepEqual(ids(changes.ordersCreated), ['3', '5', '6']);
  assert.deepEqual(ids(changes.ordersFilled), ['3', '6']);
  assert.deepEqual(ids(changes.ordersCancelled), ['5']);
  assert.deepEqual(
    [ids(changes.tradesOpened), ids(changes.tradesReduced), ids(changes.tradesClosed)],
    [['4'], ['4'], []],
  );
  assert.equal(changes.positions[0].long.units, '60');
  assert.deepEqual(state.trades, [{ id: '4', unrealizedPL: '-0.0060', marginUsed: '1.3201' }]);
  assert.deepEqual(state.positions, [
    {
      instrument: 'EUR_USD',
      netUnrealizedPL: '-0.0060',
      longUnrealizedPL: '-0.0060',
      shortUnrealizedPL: '0.0000',
      marginUsed: '1.3201',
    },
  ]);
  const later = (await askOanda(scene, 'GET', 'changes?sinceTransactionID=6')).body.changes;
  assert.deepEqual([ids(later.ordersCreated), ids(later.tradesReduced)], [[], ['4']]);
  assert.deepEqual((await askOanda(scene, 'GET', 'changes?sinceTransactionID=8')).body.changes.transactions, []);
});

test('an id beyond the last, or none, is out of range', async () => {
  const scene = openOanda();
  for (const path of ['changes?sinceTransactionID=3', 'changes', 'changes?sinceTransactionID=x']) {
    const { status, body } = await askOanda(scene, 'GET', path);
    assert.deepEqual([status, body.lastTransactionID], [416, '2'], path);
  }
});

test('instruments are told as they are counted now', async () => {
  const scene = openOanda();
  const read = async (query = ''): Promise<Record<string, unknown>[]> =>
    (await askOanda(scene, 'GET', `instruments${query}`)).body.instruments;
  assert.deepEqual(
    (await read()).map(({ name }) => name),
    ['EUR_USD', 'GBP_USD', 'USD_JPY'],
  );
  const [yen] = await read('?instruments=USD_JPY');
  assert.deepEqual(
    [
      yen?.['displayPrecision'],
      yen?.['pipLocation'],
      yen?.['minimumTrailingStopDistance'],
      yen?.['maximumTrailingStopDistance'],
    ],
    [3, -2, '0.050', '100.000'],
  );
  scene.server.act('setInstrument', { instrument: 'EUR_USD', minimumQuantity: 1_000, unitsDecimals: 0 });
  assert.equal((await read('?instruments=EUR_USD'))[0]?.['minimumTradeSize'], '1000');
  const order = { type: 'MARKET', instrument: 'EUR_USD', units: '999' };
  const refused = await askOanda(scene, 'POST', 'orders', { order });
  assert.equal(refused.body.errorCode, 'UNITS_MIMIMUM_NOT_MET');
  assert.equal((await askOanda(scene, 'GET', 'instruments?instruments=ABC_DEF')).status, 400);
});

test('the account has in it what the lists have', async () => {
  const scene = openOanda();
  const order = { type: 'MARKET', instrument: 'EUR_USD', units: '100', stopLossOnFill: { price: '1.09' } };
  await askOanda(scene, 'POST', 'orders', { order });
  const { account } = (await askOanda(scene, 'GET', '')).body;
  assert.deepEqual([account.orders.length, account.trades[0].stopLossOrderID, account.positions.length], [1, '5', 1]);
  const { account: summary } = (await askOanda(scene, 'GET', 'summary')).body;
  assert.deepEqual([summary.openTradeCount, summary.openPositionCount, summary.pendingOrderCount], [1, 1, 1]);
  assert.equal('orders' in summary, false);
});
