import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, eurUsdId, openOanda } from '../../../tests/support/oanda-scene.ts';

test('net asset value, margin and how near a close-out is follow the price', async () => {
  const scene = openOanda();
  await askOanda(scene, 'POST', 'orders', { order: { type: 'MARKET', instrument: 'EUR_USD', units: '1000000' } });
  scene.floor.quote(eurUsdId, 109_000, 109_010);
  const { account } = (await askOanda(scene, 'GET', 'summary')).body;
  // A million bought at 1.10010 and worth 1.09000; a fiftieth of the value at the middle is bound.
  assert.deepEqual(
    [account.unrealizedPL, account.NAV, account.marginUsed, account.marginAvailable, account.positionValue],
    ['-10100.0000', '89900.0000', '21801.0000', '68099.0000', '1090050.0000'],
  );
  assert.deepEqual([account.marginCloseoutPercent, account.marginCallPercent], ['0.12125', '0.24250']);
  assert.deepEqual([account.balance, account.hedgingEnabled, account.marginRate], ['100000.0000', false, '0.02']);
});

test('an average price is that of the ledger, whatever trades it is made of', async () => {
  const scene = openOanda();
  const buy = async (): Promise<unknown> =>
    askOanda(scene, 'POST', 'orders', { order: { type: 'MARKET', instrument: 'EUR_USD', units: '100' } });
  await buy();
  scene.floor.quote(eurUsdId, 110_990, 111_000);
  await buy();
  const { position } = (await askOanda(scene, 'GET', 'positions/EUR_USD')).body;
  assert.equal(position.long.averagePrice, '1.10505');
  assert.deepEqual(position.long.tradeIDs, ['4', '6']);
  assert.equal(scene.floor.ledger().positions[0]?.cost, 22_101_000);
});

test('what cannot be valued yet counts nothing', async () => {
  const scene = openOanda();
  const { account } = (await askOanda(scene, 'GET', '')).body;
  assert.deepEqual([account.positions, account.trades, account.NAV], [[], [], '100000.0000']);
  assert.equal((await askOanda(scene, 'GET', 'positions/USD_JPY')).body.position.unrealizedPL, '0.0000');
});
