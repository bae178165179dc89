import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('quotes are told as they come', () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/public/ws/btcusdt@bookTicker');
  scene.quote('BTCUSDT', 50_001);
  scene.quote('ETHUSDT', 2_001);
  assert.deepEqual(
    socket.events().map(({ e, s, b, a }) => [e, s, b, a]),
    [['bookTicker', 'BTCUSDT', '50001.00', '50001.10']],
  );
});

test('differences of the book go on from each other without a gap, and on from a snapshot', async () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/public/ws/btcusdt@depth@100ms');
  scene.quote('BTCUSDT', 50_001);
  scene.quote('BTCUSDT', 50_002);
  await scene.clock.pass(100);
  const { lastUpdateId } = scene.request('GET', '/fapi/v1/depth', 'symbol=BTCUSDT').body;
  scene.quote('BTCUSDT', 50_003);
  await scene.clock.pass(100);
  const [first, second] = socket.events();
  assert.equal(socket.texts.length, 2);
  assert.equal(second.pu, first.u);
  assert.ok(second.U <= lastUpdateId && second.u >= lastUpdateId);
  assert.equal(
    second.b.some(([price]: [string]) => price === '50003.00'),
    true,
  );
});

test('a difference that is dropped leaves a gap (F39)', async () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/public/ws/btcusdt@depth@100ms');
  for (const [index, bid] of [50_001, 50_002, 50_003].entries()) {
    if (index === 1) scene.server.act('dropDepthDiff', {});
    scene.quote('BTCUSDT', bid);
    await scene.clock.pass(100);
  }
  const [first, third] = socket.events();
  assert.equal(socket.texts.length, 2);
  assert.ok(third.pu > first.u);
});

test('a part of the book comes whole', async () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/public/ws/btcusdt@depth5@100ms');
  scene.quote('BTCUSDT', 50_001);
  await scene.clock.pass(100);
  assert.equal(socket.events()[0].b.length, 5);
  scene.server.act('emptyBook', {});
  assert.deepEqual([socket.events()[1].b, socket.events()[1].a], [[], []]);
});

test('a bar is told open while it lasts, and closed once', async () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/market/ws/btcusdt@kline_1m/btcusdt@kline_3m');
  scene.quote('BTCUSDT', 50_001);
  await scene.clock.pass(60_000);
  scene.closeMinutes(1);
  assert.deepEqual(
    socket.events().map(({ k }) => `${k.i} ${k.x} ${k.c}`),
    ['1m false 50001.00', '3m false 50001.00', '1m true 50001.00', '3m false 50001.00'],
  );
});

test('a closed bar may be revised, an open one and one of the future told (F81, F82, F83)', async () => {
  const scene = new BinanceScene();
  await scene.clock.pass(60_000);
  scene.closeMinutes(1);
  const socket = scene.socket('/market/ws/btcusdt@kline_1m');
  scene.server.act('reviseKline', { ticks: 5 });
  scene.server.act('openKline', {});
  scene.server.act('futureKline', { ms: 86_400_000 });
  const [revised, open, future] = socket.events().map(({ k }) => k);
  assert.deepEqual([revised.x, revised.c], [true, '50000.50']);
  assert.equal(open.x, false);
  assert.equal(future.t - revised.t, 86_400_000);
});

test('marks come each second or each third, for one or for all', async () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/market/stream', 'streams=btcusdt@markPrice@1s/btcusdt@markPrice/!markPrice@arr@1s');
  await scene.clock.pass(6_000);
  const names = socket.events().map(({ stream }) => stream);
  assert.equal(names.filter((name) => name === 'btcusdt@markPrice@1s').length, 6);
  assert.equal(names.filter((name) => name === 'btcusdt@markPrice').length, 2);
  const all = socket.events().find(({ stream }) => stream === '!markPrice@arr@1s').data;
  assert.deepEqual(
    all.map(({ s, st }: { s: string; st: number }) => `${s} ${st}`),
    ['BTCUSDT 1', 'ETHUSDT 1', 'BTCUSD_PERP 2'],
  );
});

test('nothing goes by the clock while nobody listens', () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/market/ws/btcusdt@markPrice@1s');
  socket.peer.onClose();
  scene.socket('/public/ws/btcusdt@markPrice@1s');
  const set: number[] = [];
  const { after } = scene.clock;
  scene.clock.after = (ms, act) => {
    set.push(ms);
    return after.call(scene.clock, ms, act);
  };
  scene.quote('BTCUSDT', 50_001);
  assert.deepEqual(set, []);
});

test('a move of the touch makes a trade between others', () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/market/ws/btcusdt@aggTrade');
  for (const bid of [50_001, 50_001, 49_999]) scene.quote('BTCUSDT', bid);
  assert.deepEqual(
    socket.events().map(({ p, m }) => `${p} ${m}`),
    ['50001.10 false', '49999.00 true'],
  );
});
