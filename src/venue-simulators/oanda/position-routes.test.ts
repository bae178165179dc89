import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, type OandaScene, openOanda } from '../../../tests/support/oanda-scene.ts';

async function hold(units: string): Promise<OandaScene> {
  const scene = openOanda();
  await askOanda(scene, 'POST', 'orders', { order: { type: 'MARKET', instrument: 'EUR_USD', units } });
  return scene;
}

test('a position tells its sides, and stays listed once it is flat', async () => {
  const scene = await hold('-100');
  const { position } = (await askOanda(scene, 'GET', 'positions/EUR_USD')).body;
  assert.deepEqual(
    [position.short.units, position.short.averagePrice, position.short.tradeIDs, position.long.units],
    ['-100', '1.10000', ['4'], '0'],
  );
  assert.equal((await askOanda(scene, 'GET', 'openPositions')).body.positions.length, 1);
  const closed = await askOanda(scene, 'PUT', 'positions/EUR_USD/close', { shortUnits: 'ALL', longUnits: 'NONE' });
  assert.deepEqual(
    [
      closed.status,
      closed.body.shortOrderCreateTransaction.shortPositionCloseout,
      closed.body.shortOrderFillTransaction.reason,
    ],
    [200, { instrument: 'EUR_USD', units: 'ALL' }, 'MARKET_ORDER_POSITION_CLOSEOUT'],
  );
  assert.deepEqual((await askOanda(scene, 'GET', 'openPositions')).body.positions, []);
  const [flat] = (await askOanda(scene, 'GET', 'positions')).body.positions;
  assert.deepEqual(
    [flat.short.units, flat.short.pl, flat.pl, 'averagePrice' in flat.short],
    ['0', '-0.0100', '-0.0100', false],
  );
});

test('a part may be closed, more than there is may not', async () => {
  const scene = await hold('100');
  await askOanda(scene, 'PUT', 'positions/EUR_USD/close', { longUnits: '30' });
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 70);
  const tooMuch = await askOanda(scene, 'PUT', 'positions/EUR_USD/close', { longUnits: '71' });
  assert.equal(tooMuch.body.errorCode, 'CLOSEOUT_POSITION_UNITS_EXCEED_POSITION_SIZE');
  const wrong = await askOanda(scene, 'PUT', 'positions/EUR_USD/close', { longUnits: '-1' });
  assert.equal(wrong.body.errorCode, 'UNITS_INVALID');
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 70);
});

test('where one of two sides is absent nothing is closed, as was recorded', async () => {
  const scene = await hold('-100');
  const refused = await askOanda(scene, 'PUT', 'positions/EUR_USD/close', { longUnits: 'ALL', shortUnits: 'ALL' });
  const { longOrderRejectTransaction, shortOrderRejectTransaction, errorCode } = refused.body;
  assert.deepEqual([refused.status, errorCode], [400, 'CLOSEOUT_POSITION_DOESNT_EXIST']);
  assert.equal(longOrderRejectTransaction.rejectReason, 'CLOSEOUT_POSITION_DOESNT_EXIST');
  assert.deepEqual(
    [shortOrderRejectTransaction.rejectReason, shortOrderRejectTransaction.units, shortOrderRejectTransaction.batchID],
    ['CLOSEOUT_POSITION_REJECT', '100', longOrderRejectTransaction.batchID],
  );
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, -100);
});

test('a request that closes nothing, or an instrument that is none, is refused', async () => {
  const scene = await hold('100');
  const empty = await askOanda(scene, 'PUT', 'positions/EUR_USD/close', {});
  assert.equal(empty.body.errorCode, 'CLOSEOUT_POSITION_INCOMPLETE_SPECIFICATION');
  assert.equal((await askOanda(scene, 'PUT', 'positions/ABC_DEF/close', { longUnits: 'ALL' })).status, 400);
  assert.equal((await askOanda(scene, 'GET', 'positions/ABC_DEF')).status, 400);
});
