import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { canaryKey, canarySecret, restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { orderSchema } from './schema.ts';
import { signerOf } from './signing.ts';

test('a signed question carries the time of the venue, its window and a signature over everything before it', async () => {
  const { rest, server, settled, clock } = restScene();
  server.on('GET /fapi/v1/time', () => ({ body: { serverTime: clock.now() + 300 } }));
  await settled(rest.syncClock());
  await settled(rest.call('openOrders', { symbol: '币安人生USDT' }));
  const url = server.askedOf('GET /fapi/v1/openOrders')[0]?.url ?? '';
  const query = url.slice(url.indexOf('?') + 1);
  const [payload, signature] = query.split('&signature=');
  assert.equal(payload, `symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&recvWindow=5000&timestamp=${rest.venueNow()}`);
  assert.equal(signature, signerOf(canarySecret)(payload ?? ''));
  assert.equal(server.askedOf('GET /fapi/v1/openOrders')[0]?.headers['x-mbx-apikey'], canaryKey);
});

test('a public question carries no key', async () => {
  const { rest, server, settled } = restScene();
  await settled(rest.call('exchangeInfo', {}));
  assert.deepEqual(server.askedOf('GET /fapi/v1/exchangeInfo')[0]?.headers, {});
});

test('each try of a question is signed anew', async () => {
  const { rest, server, settled } = restScene();
  server.on('GET /fapi/v1/openOrders', () => 'reset');
  await settled(rest.call('openOrders', {}));
  const times = server.askedOf('GET /fapi/v1/openOrders').map(({ query }) => query.get('timestamp'));
  assert.equal(times.length, 4);
  assert.equal(new Set(times).size, 4);
});

test('an order is sent once, whatever does not come back (F01, F02)', async () => {
  for (const outcome of [
    'reset',
    'silence',
    { text: '<html>', status: 502 },
    { status: 503, body: { code: -1000, msg: 'Unknown error, please check your request or try again later.' } },
  ] as const) {
    const { rest, server, settled } = restScene();
    server.on('POST /fapi/v1/order', () => outcome);
    const answer = await settled(rest.call('newOrder', { symbol: 'BTCUSDT' }));
    assert.equal(answer.type, 'unknown');
    assert.equal(server.askedOf('POST /fapi/v1/order').length, 1);
  }
});

test('a question refused for its time is asked again with the right time (F52)', async () => {
  const { rest, server, settled, clock } = restScene();
  server.on('GET /fapi/v1/time', () => ({ body: { serverTime: clock.now() - 6_000 } }));
  server.inTurn('GET /fapi/v1/allOrders', [
    { status: 400, body: { code: -1021, msg: 'Timestamp for this request was 1000ms ahead of the server time.' } },
    { body: [] },
  ]);
  assert.deepEqual(await settled(rest.ask('allOrders', { symbol: 'BTCUSDT' }, z.array(orderSchema))), []);
  assert.ok(Math.abs((rest.offsetMs ?? 0) + 6_000) <= 1);
});

test('questions fail with the kind of their failure, and no message has a secret in it', async () => {
  const cases = [
    [
      { status: 400, body: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' } },
      'refused',
      '-2015',
    ],
    ['reset', 'unreachable', 'NONE'],
    [{ body: { odd: true } }, 'unreachable', 'UNREADABLE'],
  ] as const;
  for (const [scripted, kind, code] of cases) {
    const { rest, server, settled } = restScene();
    server.on('GET /fapi/v1/allOrders', () => scripted);
    const error = await settled(
      rest.ask('allOrders', { symbol: 'A' }, z.array(orderSchema)).catch((caught: unknown) => caught),
    );
    assert.deepEqual([Reflect.get(Object(error), 'kind'), Reflect.get(Object(error), 'code')], [kind, code]);
    assert.ok(!String(error).includes('CANARY'));
  }
});

test('during a ban nothing is asked, and a ban is told of (F47)', async () => {
  const { rest, server, settled, clock, measures } = restScene();
  const until = clock.now() + 120_000;
  server.refuse('GET /fapi/v1/allOrders', -1003, `Way too many requests; IP banned until ${until}.`, 418);
  await settled(rest.call('allOrders', { symbol: 'A' }));
  assert.deepEqual(measures, ['ban']);
  const denied = await settled(rest.call('openOrders', {}));
  assert.ok(denied.type === 'denied');
  assert.equal(denied.code, 'DENIED_PAUSED');
  assert.equal(server.askedOf('GET /fapi/v1/openOrders').length, 0);
  await clock.pass(until - clock.now() + 2_000);
  assert.equal((await settled(rest.call('openOrders', {}))).type, 'confirmed');
});

test('a shut door is not knocked at again for a while, though it does not speak JSON (F49)', async () => {
  const { rest, server, settled, clock, measures } = restScene();
  server.on('GET /fapi/v1/openOrders', () => ({ text: '<html>Forbidden</html>', status: 403 }));
  assert.equal((await settled(rest.call('openOrders', {}))).type, 'refused');
  assert.deepEqual(measures, ['forbidden']);
  assert.equal((await settled(rest.call('openOrders', {}))).type, 'denied');
  await clock.pass(300_000);
  assert.equal((await settled(rest.call('openOrders', {}))).type, 'refused');
  assert.equal(server.askedOf('GET /fapi/v1/openOrders').length, 2);
});

test('what the venue says of its limits counts, and reductions have a reserve (F50)', async () => {
  const { rest, server, settled } = restScene();
  server.on('GET /fapi/v1/openOrders', () => ({
    body: [],
    headers: { 'x-mbx-order-count-10s': '195', 'x-mbx-order-count-1m': '195' },
  }));
  await settled(rest.call('openOrders', {}));
  const sent: string[] = [];
  server.on('POST /fapi/v1/order', () => {
    sent.push('order');
    return { body: {} };
  });
  const entry = rest.call('newOrder', { symbol: 'A' }, { deadlineAt: 1_700_000_000_500 + 3_000 });
  const reduction = rest.call('newOrder', { symbol: 'A' }, { priority: 'reduction' });
  assert.equal((await settled(reduction)).type, 'confirmed');
  assert.equal((await settled(entry)).type, 'denied');
  assert.deepEqual(sent, ['order']);
});

test('the key itself is asked about at the host of the wallet', async () => {
  const { rest, server, settled } = restScene();
  await settled(rest.call('apiRestrictions', {}));
  assert.match(
    server.asked.at(-1)?.url ?? '',
    /^https:\/\/wallet\.binance\.test\/sapi\/v1\/account\/apiRestrictions\?/,
  );
});
