import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  act,
  asked,
  type BinanceDesk,
  bitcoin,
  entries,
  ether,
  firstAt,
  heldBack,
  impairedParts,
  script,
  sockets,
  stopsOf,
  until,
  wish,
  withDesk,
} from '../../support/faulty-binance.ts';

/** When the stream was first said not to be trusted after an instant, in milliseconds since then. */
function noticedAfter({ day }: BinanceDesk, at: number): number {
  const noticed = day.of('venue.impaired').find((event) => event.part === 'account' && event.at >= at);
  return (noticed?.at ?? Infinity) - at;
}

test('F27: a key that ends without a word is noticed within 90 seconds, and what was missed meanwhile is made up for', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    await until(desk, 140_000);
    const at = desk.clock.now();
    act(desk, 'expireListenKey', { isSilent: true });
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'SELL', quantity: '0.040', reduceOnly: true });
    await desk.day.pass(1_000);
    assert.equal(desk.held(bitcoin), 100);
    await desk.day.pass(89_000);
    assert.ok(noticedAfter(desk, at) <= 90_000);
    assert.equal(desk.held(bitcoin), 60);
    assert.equal(sockets(desk, '/private/').length, 2);
  });
});

test('F27: a key that ends although it was prolonged is found out by the account itself, and entries wait until the gap is filled', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    act(desk, 'nextResponses', { status: 200, body: '{}', method: 'PUT', path: 'listenKey', times: 3 });
    act(desk, 'expireListenKey', { isSilent: true });
    const at = desk.clock.now();
    act(desk, 'externalOrder', { symbol: 'ETHUSDT', side: 'BUY', quantity: '0.300' });
    await desk.day.pass(90_000);
    assert.ok(noticedAfter(desk, at) <= 90_000 || desk.held(ether) === 300);
    await desk.day.pass(60_000);
    assert.equal(desk.held(ether), 300);
    assert.deepEqual(heldBack(desk), []);
    assert.equal(stopsOf(desk, ether).length, 1);
  });
});

test('F27: no entry leaves while the account is without its stream', async () => {
  const gone = { at: firstAt, for: 70_000, match: { path: 'listenKey' }, fault: { type: 'loseRequest' } } as const;
  await withDesk({ script: script(gone) }, async (desk) => {
    await until(desk, firstAt);
    act(desk, 'expireListenKey');
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 94_000);
    assert.deepEqual(impairedParts(desk), ['account']);
    assert.equal(entries(desk).length, 0);
    await until(desk, 160_000);
    assert.equal(desk.held(bitcoin), 100);
  });
});

for (const isTimeText of [true, false]) {
  test(`F28: the end of the key is heard whether its time is told as ${isTimeText ? 'a text' : 'a number'}`, async () => {
    await withDesk({}, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      act(desk, 'expireListenKey', { isTimeText });
      await desk.day.pass(3_000);
      assert.equal(asked(desk, 'POST', '/fapi/v1/listenKey').length, 2);
      assert.equal(sockets(desk, '/private/').length, 2);
      assert.deepEqual(heldBack(desk), []);
      assert.equal(desk.day.of('message.quarantined').length, 0);
    });
  });
}

test('F29: a key that another process deletes is replaced, and ours is never deleted', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    const at = desk.clock.now();
    act(desk, 'deleteListenKey');
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'BUY', quantity: '0.010' });
    await desk.day.pass(90_000);
    assert.ok(noticedAfter(desk, at) <= 90_000);
    assert.equal(desk.held(bitcoin), 110);
    await desk.day.stop();
    assert.equal(asked(desk, 'DELETE', '/fapi/v1/listenKey').length, 0);
    await desk.day.open();
  });
});

test('F30: where the key cannot be prolonged a new one is asked for and the stream opened with it', async () => {
  const unknown = {
    ...{ at: 60_000, times: 1 },
    match: { method: 'PUT', path: 'listenKey' },
    fault: { type: 'answer', status: 400, body: '{"code":-1125,"msg":"This listenKey does not exist."}' },
  } as const;
  await withDesk({ script: script(unknown) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(asked(desk, 'POST', '/fapi/v1/listenKey').length, 2);
    assert.equal(sockets(desk, '/private/').length, 2);
    assert.deepEqual(impairedParts(desk), ['account']);
    assert.deepEqual(heldBack(desk), []);
  });
});

for (const count of [1, 3, 8]) {
  test(`F31: ${count} events that are lost while the key is exchanged leave no difference`, async () => {
    await withDesk({}, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      wish(desk, {});
      act(desk, 'dropUserEvents', { count });
      act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'SELL', quantity: '0.020', reduceOnly: true });
      act(desk, 'externalOrder', { symbol: 'ETHUSDT', side: 'SELL', quantity: '0.300' });
      act(desk, 'expireListenKey');
      await desk.day.pass(10_000);
      act(desk, 'dropUserEvents', { count: 0 });
      assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [80, -300]);
      assert.deepEqual(
        [bitcoin, ether].map((instrument) => stopsOf(desk, instrument)[0]?.request.quantity),
        [80, 300],
      );
    });
  });
}
