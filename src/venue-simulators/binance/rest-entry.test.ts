import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { BinanceScene, sceneKey } from '../../../tests/support/simulated-binance.ts';

test('whatever a client puts where, it is taken: all in the query, all in the body, or JSON announced and empty', () => {
  const scene = new BinanceScene();
  const text = `symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&timestamp=${scene.clock.now()}`;
  const signature = createHmac('sha256', sceneKey.apiSecret).update(text).digest('hex');
  for (const [query, body] of [
    [`${text}&signature=${signature}`, undefined],
    ['', `${text}&signature=${signature}`],
    [`${text}&signature=${signature}`, '{}'],
  ] as const) {
    assert.equal(scene.request('POST', '/fapi/v1/order', query, body).status, 200);
  }
});

test('answers say what was used, and of orders how many', () => {
  const scene = new BinanceScene();
  assert.equal(scene.request('GET', '/fapi/v1/time').headers['x-mbx-used-weight-1m'], '1');
  assert.equal(scene.signed('GET', '/fapi/v1/openOrders').headers['x-mbx-used-weight-1m'], '41');
  const placed = scene.market('BUY', '0.010');
  assert.equal(placed.headers['x-mbx-used-weight-1m'], '41');
  assert.deepEqual([placed.headers['x-mbx-order-count-10s'], placed.headers['x-mbx-order-count-1m']], ['1', '1']);
  const refused = scene.market('BUY', '0.0101');
  assert.equal('x-mbx-order-count-10s' in refused.headers, false);
});

test('weight that others use counts for the same address, and whoever goes on is banned (F47, F48)', () => {
  const scene = new BinanceScene();
  scene.request('GET', '/fapi/v1/ping');
  scene.server.act('useWeight', { weight: 2_399 });
  const limited = scene.request('GET', '/fapi/v1/ping');
  assert.deepEqual([limited.status, limited.body.code, limited.headers['retry-after']], [429, -1003, '60']);
  for (let index = 0; index < 4; index += 1) scene.request('GET', '/fapi/v1/ping');
  const banned = scene.request('GET', '/fapi/v1/ping');
  assert.equal(banned.status, 418);
  assert.match(banned.body.msg, new RegExp(`banned until ${scene.clock.now() + 120_000}`));
});

test('the orders of a minute come to an end for entries and exits alike (F50)', () => {
  const scene = new BinanceScene();
  scene.server.act('useOrders', { count: 300 });
  const refused = scene.market('BUY', '0.010');
  assert.deepEqual([refused.status, refused.body.code], [429, -1015]);
  scene.clock.jump(10_000);
  assert.equal(scene.market('BUY', '0.010').status, 200);
});

test('a clock that is off refuses by both texts (F52)', () => {
  const scene = new BinanceScene();
  scene.server.act('skewClock', { ms: 6_000 });
  assert.match(scene.market('BUY', '0.010').body.msg, /outside of the recvWindow/);
  scene.server.act('skewClock', { ms: -1_100 });
  assert.match(scene.market('BUY', '0.010').body.msg, /1000ms ahead/);
  assert.equal(scene.request('GET', '/fapi/v1/time').body.serverTime, scene.clock.now() - 1_100);
});

test('a revoked key is refused, and public questions are not (F64)', () => {
  const scene = new BinanceScene();
  scene.server.act('revokeKey', {});
  assert.deepEqual([scene.market('BUY', '0.010').status, scene.market('BUY', '0.010').body.code], [401, -2015]);
  assert.equal(scene.request('POST', '/fapi/v1/listenKey').body.code, -2015);
  assert.equal(scene.request('GET', '/fapi/v1/ping').status, 200);
});

test('scripted answers come instead, for whom they are meant and as often as told', () => {
  const scene = new BinanceScene();
  const body = { code: -1000, msg: 'Unknown error, please check your request or try again later.' };
  scene.server.act('nextResponses', { status: 503, body, method: 'POST', path: '/order$', times: 2, carriedOut: true });
  assert.equal(scene.request('GET', '/fapi/v1/ping').status, 200);
  assert.deepEqual([scene.market('BUY', '0.010').status, scene.market('BUY', '0.010').body], [503, body]);
  assert.equal(scene.market('BUY', '0.010').status, 200);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 30);
  scene.server.act('nextResponses', { status: 200, body: '<html>' });
  assert.equal(scene.market('BUY', '0.010').text, '<html>');
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 30);
});

test('a path that is none is said to be none', () => {
  const scene = new BinanceScene();
  const answer = scene.request('GET', '/fapi/v1/nothing');
  assert.deepEqual([answer.status, answer.body.code], [404, -5000]);
  assert.equal(scene.request('GET', '/fapi/v1/klines', 'symbol=%E5%').body.code, -1100);
});
