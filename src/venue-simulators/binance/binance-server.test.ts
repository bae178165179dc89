import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { BinanceScene, sceneKey } from '../../../tests/support/simulated-binance.ts';
import { parseFaultScript } from '../fault-script.ts';
import { faultyServer } from '../faulty-server.ts';
import { virtualNetwork } from '../virtual-network.ts';

test('a market order is acknowledged, and its fill is told on the account stream', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  const placed = scene.market('BUY', '0.010', { newClientOrderId: 'o-1' });
  assert.equal(placed.status, 200);
  assert.match(placed.text, /"orderId":8389766145050669870/);
  assert.equal(placed.body.status, 'NEW');
  assert.equal('avgPrice' in placed.body || 'cumQuote' in placed.body, false);
  const events = user.events();
  assert.deepEqual(
    events.map((event) => event.o?.x ?? event.e),
    ['NEW', 'TRADE_LITE', 'ACCOUNT_UPDATE', 'TRADE'],
  );
  const [, , account, trade] = events;
  assert.deepEqual(account.a.B[0], { a: 'USDT', wb: '9999.79999960', cw: '9999.79999960', bc: '0.00000000' });
  assert.equal(account.a.P[0].pa, '0.010');
  assert.equal(trade.o.X, 'FILLED');
  assert.equal(trade.o.L, '50000.10');
  assert.equal(trade.o.n, '0.20000040');
  assert.equal(scene.floor.ledger().balance, 999_979_999_960);
});

test('a stop triggers in the recorded sequence', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const user = scene.userSocket();
  const stop = scene.stop('SELL', '49900', { quantity: '0.010', reduceOnly: 'true', clientAlgoId: 's-1' });
  assert.equal(stop.body.algoStatus, 'NEW');
  scene.quote('BTCUSDT', 49_950);
  scene.quote('BTCUSDT', 49_890);
  const told = user
    .events()
    .map((event) =>
      [event.e, event.o?.X ?? '', event.o?.c ?? event.o?.caid ?? event.c ?? '', event.o?.ai ?? ''].join(' ').trim(),
    );
  assert.deepEqual(told, [
    'ALGO_UPDATE NEW s-1',
    'ALGO_UPDATE TRIGGERING s-1',
    'ORDER_TRADE_UPDATE NEW s-1',
    'TRADE_LITE  s-1',
    'ACCOUNT_UPDATE',
    'ORDER_TRADE_UPDATE FILLED s-1',
    'ALGO_UPDATE TRIGGERED s-1 8389766145050669871',
    'ALGO_UPDATE FINISHED s-1 8389766145050669871',
  ]);
});

test('cancelling one family leaves the other alone', () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000');
  scene.stop('SELL', '48000', { quantity: '0.010', reduceOnly: 'true' });
  const cancelled = scene.signed('DELETE', '/fapi/v1/allOpenOrders', { symbol: 'BTCUSDT' });
  assert.deepEqual(cancelled.body, { code: 200, msg: 'The operation of cancel all open order is done.' });
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').body.length, 0);
  assert.equal(scene.signed('GET', '/fapi/v1/openAlgoOrders').body.length, 1);
  scene.limit('BUY', '0.010', '49000');
  scene.signed('DELETE', '/fapi/v1/algoOpenOrders', { symbol: 'BTCUSDT' });
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').body.length, 1);
  assert.equal(scene.signed('GET', '/fapi/v1/openAlgoOrders').body.length, 0);
});

test('a server that is closed leaves no timer and no socket behind', async () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  const market = scene.socket('/market/ws/btcusdt@markPrice@1s');
  scene.server.close();
  scene.floor.stop();
  const before = market.texts.length;
  await scene.clock.pass(9 * 3_600_000);
  assert.equal(user.isClosed && market.isClosed, true);
  assert.equal(market.texts.length, before);
  assert.equal(user.pings, 0);
});

test('over a network an order reaches the venue, its fill the client, and a lost answer hides neither', async () => {
  const scene = new BinanceScene();
  const script = parseFaultScript({
    faults: [{ at: 0, times: 1, match: { method: 'POST', path: '/v1/order\\?' }, fault: { type: 'loseAnswer' } }],
  });
  const server = faultyServer(scene.server, script, scene.clock);
  const hosts = { server, address: '10.0.0.1' };
  const network = virtualNetwork({
    time: scene.clock,
    servers: [
      { origin: 'https://rest.binance.test', host: 'rest', ...hosts },
      { origin: 'https://stream.binance.test', host: 'stream', ...hosts },
    ],
  });
  const headers = { 'x-mbx-apikey': sceneKey.apiKey };
  const ask = (method: 'POST' | 'GET', path: string) =>
    network.request({ method, url: `https://rest.binance.test${path}`, headers }, 5_000);
  const asked = ask('POST', '/fapi/v1/listenKey');
  await scene.clock.pass(10);
  const { listenKey } = JSON.parse((await asked).body);
  const told: string[] = [];
  network.socket(`wss://stream.binance.test/private/ws?listenKey=${listenKey}`, {
    onOpen: () => undefined,
    onText: (text) => told.push(text),
    onPing: () => undefined,
    onClose: () => undefined,
  });
  await scene.clock.pass(10);
  const text = `symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&timestamp=${scene.clock.now()}`;
  const signature = createHmac('sha256', sceneKey.apiSecret).update(text).digest('hex');
  const lost = assert.rejects(ask('POST', `/fapi/v1/order?${text}&signature=${signature}`));
  await scene.clock.pass(10);
  await lost;
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 10);
  assert.equal(JSON.parse(told.at(-1) ?? '{}').o.X, 'FILLED');
});
