import assert from 'node:assert/strict';
import { test } from 'node:test';
import { algoRow, balanceRow, orderRow, positionRow } from '../../../tests/support/scripted-binance.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { readingsMax, readReport } from './account-report.ts';

test('the books of the venue at one instant', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('0.010')] }));
  scene.server.on('GET /fapi/v1/openOrders', () => ({
    body: [orderRow({ clientOrderId: 'web_1', type: 'LIMIT', price: '49000.0' })],
  }));
  scene.server.on('GET /fapi/v1/openAlgoOrders', () => ({ body: [algoRow()] }));
  const report = await scene.settled(readReport(scene));
  assert.equal(report.balance, 100_000_000_000);
  assert.deepEqual(report.positions, [{ instrument: 'BTCUSDT-PERP.BINANCE', signedQuantity: 10, cost: 5_000_000 }]);
  assert.deepEqual(
    report.openOrders.map(({ clientOrderId, family, stopPrice, limitPrice }) => [
      clientOrderId,
      family,
      stopPrice,
      limitPrice,
    ]),
    [
      ['tw-run-1-s', 'conditional', 490_000, null],
      ['external-22542179', 'ordinary', null, 490_000],
    ],
  );
  assert.deepEqual([scene.book.wallet.balance, scene.book.positions.get('BTCUSDT')], [100_000_000_000, 10]);
});

test('an account that moved meanwhile is read again, and the cursor is between the last two readings', async () => {
  const scene = restScene();
  let reads = 0;
  const at: number[] = [];
  scene.server.on('GET /fapi/v3/positionRisk', () => {
    at.push(scene.clock.now());
    reads += 1;
    scene.clock.jump(10);
    return { body: [positionRow(reads === 1 ? '0.005' : '0.010')] };
  });
  const report = await scene.settled(readReport(scene));
  assert.deepEqual([reads, report.positions[0]?.signedQuantity], [3, 10]);
  assert.ok(Number(report.cursor) > (at[1] ?? 0) && Number(report.cursor) <= (at[2] ?? 0));
});

test('an account that never keeps still has no report', async () => {
  const scene = restScene();
  let reads = 0;
  scene.server.on('GET /fapi/v3/balance', () => {
    reads += 1;
    return { body: [balanceRow(`${reads}.0`, 1)] };
  });
  await assert.rejects(scene.settled(readReport(scene)), { code: 'MOVING' });
  assert.equal(reads, readingsMax);
});
