import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { CONNECTIONS_MAX } from './stream-hub.ts';

test('every connection that asked for a stream hears it, and none after it has gone', () => {
  const scene = new BinanceScene();
  const [one, two] = [scene.socket('/public/ws/btcusdt@bookTicker'), scene.socket('/public/ws/btcusdt@bookTicker')];
  scene.quote('BTCUSDT', 50_001);
  one.peer.onClose();
  scene.quote('BTCUSDT', 50_002);
  assert.deepEqual([one.texts.length, two.texts.length], [1, 2]);
});

test('an address may open so many connections in five minutes and no more (F41)', () => {
  const scene = new BinanceScene();
  for (let index = 0; index < CONNECTIONS_MAX; index += 1) scene.socket('/market/stream').peer.onClose();
  assert.throws(() => scene.socket('/market/stream'), /'429'/);
  scene.clock.jump(5 * 60_000);
  scene.socket('/market/stream');
});

test('names in a path may be encoded (F85)', () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/market/ws/%E5%B8%81usdt@kline_1m');
  socket.peer.onText('{"method":"LIST_SUBSCRIPTIONS","id":1}');
  assert.deepEqual(socket.events()[0].result, ['币usdt@kline_1m']);
});

test('what is no path of streams is refused', () => {
  const scene = new BinanceScene();
  assert.throws(() => scene.socket('/nothing'), /'404'/);
});

test('streams are found by their paths, also where one door leads to both hosts', () => {
  const scene = new BinanceScene();
  const place = {
    method: 'GET',
    host: 'rest',
    path: '/market/ws',
    query: '',
    headers: {},
    address: '10.0.0.1',
  } as const;
  const opened = scene.server.openSocket(place, { send: () => 0, ping: () => 0, close: () => 0 });
  assert.equal('status' in opened, false);
});
