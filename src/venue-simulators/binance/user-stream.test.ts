import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { FILLS_MAX, LISTEN_KEY_LIFE_MS } from './user-stream.ts';

function keyOf(scene: BinanceScene): string {
  return scene.request('POST', '/fapi/v1/listenKey').body.listenKey;
}

test('the account is heard on every way that clients take', () => {
  const scene = new BinanceScene();
  const key = keyOf(scene);
  const raw = scene.socket('/private/ws', `listenKey=${key}`);
  const wrapped = scene.socket('/private/stream', `listenKey=${key}`);
  const asStream = scene.socket('/private/stream', `streams=${key}`);
  const inPath = scene.socket(`/private/ws/${key}`);
  const subscribed = scene.socket('/private/stream');
  subscribed.peer.onText(JSON.stringify({ method: 'SUBSCRIBE', params: [key], id: 1 }));
  scene.limit('BUY', '0.010', '49000');
  assert.equal(raw.events()[0].e, 'ORDER_TRADE_UPDATE');
  assert.equal(inPath.events()[0].e, 'ORDER_TRADE_UPDATE');
  for (const { stream, data } of [wrapped.events()[0], asStream.events()[0], subscribed.events()[1]]) {
    assert.deepEqual([stream, data.e], [key, 'ORDER_TRADE_UPDATE']);
  }
});

test('a list of events is all that comes', () => {
  const scene = new BinanceScene();
  const listed = scene.socket('/private/ws', `listenKey=${keyOf(scene)}&events=ACCOUNT_UPDATE/TRADE_LITE`);
  scene.market('BUY', '0.010');
  scene.server.act('expireListenKey', {});
  assert.deepEqual(
    listed.events().map(({ e }) => e),
    ['TRADE_LITE', 'ACCOUNT_UPDATE'],
  );
});

test('a key that is not extended says that it ends, and its connection stays open and silent (F27)', async () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  const passMinutes = async (minutes: number): Promise<void> => {
    for (let passed = 0; passed < minutes; passed += 3) {
      await scene.clock.pass(3 * 60_000);
      user.peer.onPong();
    }
  };
  const lifeMinutes = LISTEN_KEY_LIFE_MS / 60_000;
  await passMinutes(lifeMinutes - 3);
  assert.equal(scene.request('PUT', '/fapi/v1/listenKey').status, 200);
  await passMinutes(lifeMinutes - 3);
  assert.equal(user.texts.length, 0);
  await passMinutes(3);
  assert.equal(user.events()[0].e, 'listenKeyExpired');
  scene.market('BUY', '0.010');
  assert.equal(user.texts.length, 1);
});

test('an expiry carries its time as a text or as a number (F28)', () => {
  const scene = new BinanceScene();
  const first = scene.userSocket();
  scene.server.act('expireListenKey', { isTimeText: true });
  const second = scene.userSocket();
  scene.server.act('expireListenKey', { isTimeText: false });
  assert.equal(first.events()[0].E, String(scene.clock.now()));
  assert.equal(second.events()[0].E, scene.clock.now());
});

test('a key is the one of the account: deleted by one it is gone for all, and cannot be extended (F29, F30)', () => {
  const scene = new BinanceScene();
  const key = keyOf(scene);
  assert.equal(keyOf(scene), key);
  const user = scene.socket('/private/ws', `listenKey=${key}`);
  scene.server.act('deleteListenKey', {});
  scene.market('BUY', '0.010');
  assert.equal(user.texts.length, 0);
  assert.equal(scene.request('PUT', '/fapi/v1/listenKey').body.code, -1125);
  assert.notEqual(keyOf(scene), key);
});

test('events may be lost, and fills told twice (F09, F31)', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.server.act('dropUserEvents', { count: 3 });
  scene.market('BUY', '0.010');
  assert.deepEqual(
    user.events().map(({ o }) => o.x),
    ['TRADE'],
  );
  scene.server.act('duplicateFills', { count: 1 });
  scene.market('BUY', '0.010');
  const trades = user.events().filter(({ o }) => o?.x === 'TRADE');
  assert.equal(trades.length, 3);
  assert.deepEqual(trades[1], trades[2]);
});

test('old fills may be told as if they were new (F46)', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.market('BUY', '0.020');
  const user = scene.userSocket();
  scene.server.act('replayFills', { count: 1 });
  assert.deepEqual(
    user.events().map(({ o }) => [o.x, o.z]),
    [['TRADE', '0.020']],
  );
});

test('a key that never lived connects and hears nothing', () => {
  const scene = new BinanceScene();
  const user = scene.socket('/private/ws', 'listenKey=abc');
  scene.market('BUY', '0.010');
  assert.deepEqual([user.texts.length, user.isClosed], [0, false]);
});

test('so many fills can be told once more', () => {
  const scene = new BinanceScene();
  for (let count = 0; count <= FILLS_MAX; count += 1) scene.market(count % 2 === 0 ? 'BUY' : 'SELL', '0.010');
  const user = scene.userSocket();
  scene.server.act('replayFills', { count: 1_000 });
  assert.equal(user.texts.length, FILLS_MAX);
});
