import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin } from '../../../tests/support/binance-adapter-scene.ts';
import { balanceRow, positionRow } from '../../../tests/support/scripted-binance.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { isSameReading, positionCost, quantitiesOf, readAccount, readBalance } from './account-reader.ts';

test('balance and positions are read in whole steps, cost from the average price', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v3/balance', () => ({ body: [balanceRow('122607.35137903', 1_617_939_110_373)] }));
  scene.server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('-0.030', '50000.123456')] }));
  const reading = await scene.settled(readAccount(scene));
  assert.deepEqual([reading.balance, reading.balanceAt], [12_260_735_137_903, 1_617_939_110_373]);
  assert.deepEqual(reading.positions.get('BTCUSDT'), { signedQuantity: -30, cost: 15_000_037 });
});

test('an empty list is flat, anything less than a whole answer proves nothing (F70)', async () => {
  const flat = restScene();
  assert.equal((await flat.settled(readAccount(flat))).positions.size, 0);
  const broken = [
    { body: {} },
    { text: '[', status: 200 },
    { status: 500, body: { code: -1000, msg: '' } },
    { body: [{ symbol: 'BTCUSDT' }] },
  ] as const;
  for (const scripted of broken) {
    const scene = restScene();
    scene.server.on('GET /fapi/v3/positionRisk', () => scripted);
    await assert.rejects(scene.settled(readAccount(scene)), { name: 'VenueError' });
  }
});

test('a position of one side is refused, a flat one of such a mode is not (F59)', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v3/positionRisk', () => ({ body: [{ ...positionRow('0.000'), positionSide: 'LONG' }] }));
  assert.equal((await scene.settled(readAccount(scene))).positions.size, 0);
  scene.server.on('GET /fapi/v3/positionRisk', () => ({ body: [{ ...positionRow('0.010'), positionSide: 'LONG' }] }));
  await assert.rejects(scene.settled(readAccount(scene)), { code: 'HEDGE_MODE' });
});

test('a position that cannot be counted rejects, one in no instrument of ours is noticed', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('0.0105')] }));
  await assert.rejects(scene.settled(readAccount(scene)), { code: 'UNREADABLE' });
  scene.server.on('GET /fapi/v3/positionRisk', () => ({ body: [{ ...positionRow('5'), symbol: 'NOPEUSDT' }] }));
  assert.equal((await scene.settled(readAccount(scene))).positions.size, 0);
  assert.match(scene.notices.join(), /NOPEUSDT/);
});

test('an account that never held the asset has none of it', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v3/balance', () => ({ body: [] }));
  assert.equal((await scene.settled(readBalance(scene))).balance, 0);
});

test('two readings are the same when balance and quantities are, whatever the average price', () => {
  const reading = (balance: number, signedQuantity: number, cost: number) => ({
    balance,
    balanceAt: 1,
    positions: new Map([['A', { signedQuantity, cost }]]),
  });
  assert.equal(isSameReading(reading(1, 2, 3), reading(1, 2, 4)), true);
  assert.equal(isSameReading(reading(1, 2, 3), reading(2, 2, 3)), false);
  assert.equal(isSameReading(reading(1, 2, 3), reading(1, 3, 3)), false);
  assert.deepEqual([...quantitiesOf(reading(1, 2, 3))], [['A', 2]]);
});

test('a cost is rounded once, half to even', () => {
  assert.equal(positionCost('0.25', 1, bitcoin.instrument), 2);
  assert.equal(positionCost('0.35', 1, bitcoin.instrument), 4);
  assert.throws(() => positionCost('NaN', 1, bitcoin.instrument), { code: 'UNREADABLE' });
});
