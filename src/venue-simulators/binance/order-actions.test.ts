import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene, type SceneSocket } from '../../../tests/support/simulated-binance.ts';

function orders(user: SceneSocket): string[] {
  return user
    .events()
    .flatMap(({ o }) =>
      o?.x === undefined ? [] : [`${o.c.replace(/\d{5,}|[0-9a-f]{20}/, '#')} ${o.x} ${o.X} ${o.z}`],
    );
}

test("another hand's orders carry the ids of the venue's pages (F11)", () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('externalOrder', { side: 'BUY', quantity: '0.010' });
  scene.server.act('externalOrder', { side: 'SELL', quantity: '0.010', price: '51000', clientOrderId: 'ios_1' });
  scene.server.act('externalCancel', {});
  assert.deepEqual(orders(user), [
    'web_# NEW NEW 0.000',
    'web_# TRADE FILLED 0.010',
    'ios_1 NEW NEW 0.000',
    'ios_1 CANCELED CANCELED 0.000',
  ]);
});

test('a liquidation cancels the orders of its market, and takes the position (F66)', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.limit('SELL', '0.010', '51000', { newClientOrderId: 'target' });
  const user = scene.userSocket();
  scene.server.act('liquidate', {});
  assert.deepEqual(orders(user), ['target CANCELED CANCELED 0.000', 'autoclose-# CALCULATED FILLED 0.010']);
  assert.equal(scene.floor.ledger().positions.length, 0);
});

test('a deleveraging takes a part, a settlement the rest (F66, F71)', () => {
  const scene = new BinanceScene();
  scene.market('SELL', '0.010');
  const user = scene.userSocket();
  scene.server.act('adl', { quantity: '0.004' });
  scene.server.act('settle', {});
  assert.deepEqual(orders(user), [
    'adl_autoclose CALCULATED FILLED 0.004',
    'settlement_autoclose-# CALCULATED FILLED 0.006',
  ]);
});

test('a liquidation that is on its way has no quantity yet (F66)', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const user = scene.userSocket();
  scene.server.act('pendingLiquidation', { status: 'NEW_INSURANCE' });
  const [told] = user.events();
  assert.deepEqual([told.o.x, told.o.X, told.o.q, told.o.l], ['CALCULATED', 'NEW_INSURANCE', '0.000', '0.000']);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 10);
});

test('a position that is closed elsewhere leaves its stop behind (F22)', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.stop('SELL', '49000', { quantity: '0.010', reduceOnly: 'true' });
  scene.server.act('closeElsewhere', {});
  assert.equal(scene.floor.ledger().positions.length, 0);
  assert.equal(scene.signed('GET', '/fapi/v1/openAlgoOrders').body.length, 1);
});
