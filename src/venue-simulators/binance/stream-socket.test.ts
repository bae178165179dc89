import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene, type SceneSocket } from '../../../tests/support/simulated-binance.ts';
import { MESSAGES_PER_SECOND_MAX, STREAMS_MAX } from './stream-socket.ts';

function say(socket: SceneSocket, message: object): unknown {
  socket.peer.onText(JSON.stringify(message));
  return socket.events().at(-1);
}

test('subscribing is acknowledged with the id as it came, a number or a text', () => {
  const socket = new BinanceScene().socket('/market/stream');
  const params = ['btcusdt@kline_1m'];
  assert.deepEqual(say(socket, { method: 'SUBSCRIBE', params, id: 1 }), { result: null, id: 1 });
  const id = '0123456789abcdef0123456789abcdef';
  assert.deepEqual(say(socket, { method: 'LIST_SUBSCRIPTIONS', id }), { result: params, id });
  assert.deepEqual(say(socket, { method: 'UNSUBSCRIBE', params, id: 2 }), { result: null, id: 2 });
  assert.deepEqual(say(socket, { method: 'LIST_SUBSCRIPTIONS', id: 3 }), { result: [], id: 3 });
});

test('a stream on the wrong route is acknowledged and never speaks (F33)', () => {
  const scene = new BinanceScene();
  const wrong = scene.socket('/market/stream');
  const right = scene.socket('/public/stream');
  for (const socket of [wrong, right]) {
    assert.deepEqual(say(socket, { method: 'SUBSCRIBE', params: ['btcusdt@bookTicker'], id: 1 }), {
      result: null,
      id: 1,
    });
  }
  scene.quote('BTCUSDT', 50_001);
  assert.deepEqual([wrong.texts.length, right.texts.length], [1, 2]);
});

test('paths of former years connect and stay silent', () => {
  const scene = new BinanceScene();
  const { listenKey } = scene.request('POST', '/fapi/v1/listenKey').body;
  const sockets = [
    scene.socket('/ws/btcusdt@bookTicker'),
    scene.socket(`/ws/${listenKey}`),
    scene.socket('/stream', 'streams=btcusdt@bookTicker'),
  ];
  scene.quote('BTCUSDT', 50_001);
  scene.market('BUY', '0.010');
  assert.deepEqual(
    sockets.map(({ texts }) => texts.length),
    [0, 0, 0],
  );
});

test('wrapped messages carry the name of their stream, and a property switches that', () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/public/ws/btcusdt@bookTicker');
  say(socket, { method: 'SET_PROPERTY', params: ['combined', true], id: 1 });
  scene.quote('BTCUSDT', 50_001);
  assert.equal(socket.events().at(-1).stream, 'btcusdt@bookTicker');
});

test('what is no request is answered with a problem', () => {
  const socket = new BinanceScene().socket('/market/stream');
  socket.peer.onText('not json');
  assert.equal(socket.events()[0].error.code, 3);
  assert.equal((say(socket, { method: 'DANCE', id: 1 }) as { error: { code: number } }).error.code, 1);
  const params = Array.from({ length: STREAMS_MAX + 1 }, (_, index) => `s${index}@bookTicker`);
  assert.equal((say(socket, { method: 'SUBSCRIBE', params, id: 2 }) as { error: { code: number } }).error.code, 4);
});

test('one message too many in a second ends the connection (F41)', () => {
  const socket = new BinanceScene().socket('/market/stream');
  for (let index = 0; index < MESSAGES_PER_SECOND_MAX; index += 1)
    say(socket, { method: 'LIST_SUBSCRIPTIONS', id: index });
  assert.equal(socket.isClosed, false);
  socket.peer.onText('{}');
  assert.equal(socket.isClosed, true);
});

test('the venue pings every three minutes and closes what has not answered for ten', async () => {
  const scene = new BinanceScene();
  const silent = scene.socket('/market/stream');
  const alive = scene.socket('/market/stream');
  for (let minutes = 0; minutes < 15; minutes += 3) {
    await scene.clock.pass(3 * 60_000);
    alive.peer.onPong();
  }
  assert.deepEqual([silent.pings, silent.isClosed], [3, true]);
  assert.deepEqual([alive.pings, alive.isClosed], [5, false]);
});

test('no connection outlives a day (F40)', async () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/market/stream');
  for (let hours = 0; hours < 24; hours += 1) {
    assert.equal(socket.isClosed, false);
    for (let part = 0; part < 20; part += 1) {
      await scene.clock.pass(3 * 60_000);
      socket.peer.onPong();
    }
  }
  assert.equal(socket.isClosed, true);
});
