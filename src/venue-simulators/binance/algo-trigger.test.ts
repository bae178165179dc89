import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene, type SceneSocket } from '../../../tests/support/simulated-binance.ts';

function algoStates(user: SceneSocket): string[] {
  return user.events().flatMap(({ e, o }) => (e === 'ALGO_UPDATE' ? [o.X] : []));
}

function long(): BinanceScene {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  return scene;
}

test('a trigger on the mark does not heed the touch, nor the other way round (F84)', () => {
  const scene = long();
  const user = scene.userSocket();
  scene.stop('SELL', '49000', { closePosition: 'true', workingType: 'MARK_PRICE' });
  scene.server.act('divergeMark', { fraction: 0.05 });
  scene.quote('BTCUSDT', 48_900);
  assert.deepEqual(algoStates(user), ['NEW']);
  scene.server.act('divergeMark', { fraction: 0 });
  assert.deepEqual(algoStates(user), ['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
  assert.equal(scene.floor.ledger().positions.length, 0);
});

test('an order that closes the position takes what is held when it triggers', () => {
  const scene = long();
  scene.stop('SELL', '49000', { closePosition: 'true' });
  scene.market('BUY', '0.020');
  scene.quote('BTCUSDT', 48_900);
  assert.equal(scene.floor.ledger().positions.length, 0);
});

test('a triggered order may be rejected, and the position stays (F117)', () => {
  const scene = long();
  const user = scene.userSocket();
  scene.stop('SELL', '49000', { closePosition: 'true' });
  scene.server.act('rejectNextTrigger', { reason: 'Margin is insufficient.' });
  scene.quote('BTCUSDT', 48_900);
  assert.deepEqual(algoStates(user), ['NEW', 'TRIGGERING', 'REJECTED']);
  const rejected = user.events().find(({ o }) => o?.X === 'REJECTED');
  assert.equal(rejected.o.rm, 'Margin is insufficient.');
  assert.equal(user.events().at(-1).e, 'CONDITIONAL_ORDER_TRIGGER_REJECT');
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 10);
});

test('a stop without a position left is rejected when it triggers (F22)', () => {
  const scene = long();
  const user = scene.userSocket();
  scene.stop('SELL', '49000', { quantity: '0.010', reduceOnly: 'true' });
  scene.server.act('closeElsewhere', {});
  assert.equal(scene.signed('GET', '/fapi/v1/openAlgoOrders').body.length, 1);
  scene.quote('BTCUSDT', 48_900);
  assert.deepEqual(algoStates(user), ['NEW', 'TRIGGERING', 'REJECTED']);
});

test('a stop with a limit becomes a limit order and is finished when that ends', () => {
  const scene = long();
  const user = scene.userSocket();
  const limit = { type: 'STOP', quantity: '0.010', reduceOnly: 'true', price: '48950', clientAlgoId: 's' };
  scene.stop('SELL', '49000', limit);
  scene.quote('BTCUSDT', 48_900);
  assert.deepEqual(algoStates(user), ['NEW', 'TRIGGERING', 'TRIGGERED']);
  const [open] = scene.signed('GET', '/fapi/v1/openOrders').body;
  assert.deepEqual([open.clientOrderId, open.type, open.price], ['s', 'LIMIT', '48950.00']);
  scene.quote('BTCUSDT', 48_960);
  assert.deepEqual(algoStates(user), ['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
});

test('fills in parts stand between the trigger and the link (F118)', () => {
  const scene = new BinanceScene({ fillQuantityMax: 6 });
  scene.market('BUY', '0.006');
  scene.quote('BTCUSDT', 50_000);
  scene.market('BUY', '0.004');
  const user = scene.userSocket();
  scene.stop('SELL', '49000', { closePosition: 'true', clientAlgoId: 's' });
  scene.quote('BTCUSDT', 48_900);
  scene.quote('BTCUSDT', 48_890);
  const told = user.events().flatMap(({ e, o }) => (o === undefined ? [] : [`${e} ${o.X}`]));
  assert.deepEqual(told, [
    'ALGO_UPDATE NEW',
    'ALGO_UPDATE TRIGGERING',
    'ORDER_TRADE_UPDATE NEW',
    'ORDER_TRADE_UPDATE PARTIALLY_FILLED',
    'ALGO_UPDATE TRIGGERED',
    'ORDER_TRADE_UPDATE FILLED',
    'ALGO_UPDATE FINISHED',
  ]);
});

test('a trailing stop follows the price and triggers when it turns', () => {
  const scene = long();
  const user = scene.userSocket();
  scene.stop('SELL', '', { type: 'TRAILING_STOP_MARKET', quantity: '0.010', reduceOnly: 'true', callbackRate: '1' });
  for (const bid of [50_500, 51_000, 50_600]) scene.quote('BTCUSDT', bid);
  assert.deepEqual(algoStates(user), ['NEW']);
  scene.quote('BTCUSDT', 50_490);
  assert.deepEqual(algoStates(user), ['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
});

test('an order bound to its position expires with it', () => {
  const scene = long();
  const user = scene.userSocket();
  scene.stop('SELL', '49000', { closePosition: 'true', timeInForce: 'GTE_GTC' });
  scene.market('SELL', '0.010', { reduceOnly: 'true' });
  assert.deepEqual(algoStates(user), ['NEW', 'EXPIRED']);
});

test('nothing triggers while the market is halted', () => {
  const scene = long();
  const user = scene.userSocket();
  scene.stop('SELL', '49000', { closePosition: 'true' });
  scene.server.act('haltSymbol', {});
  scene.quote('BTCUSDT', 48_000);
  assert.deepEqual(algoStates(user), ['NEW']);
});
