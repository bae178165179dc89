import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBinanceWire } from '../../support/binance-wire.ts';
import {
  act,
  asked,
  type BinanceDesk,
  bitcoin,
  codesOf,
  denials,
  entries,
  ether,
  exits,
  heldBack,
  impairedParts,
  posts,
  script,
  secondAt,
  settableTime,
  since,
  until,
  wish,
  withDesk,
} from '../../support/faulty-binance.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { openScene } from '../../support/live-venue-scene.ts';
import { wantingAt } from '../../support/wanting-desk.ts';
import { sceneOver } from '../../support/wire-floor.ts';

/** Requests, without sockets, between two instants after the opening of the venue. */
function requestsBetween({ wire }: BinanceDesk, fromMs: number, untilMs: number): readonly string[] {
  return wire.requests
    .filter(({ at, isSocket }) => !isSocket && at > wantingAt + fromMs && at < wantingAt + untilMs)
    .map(({ method, path }) => `${method} ${path}`);
}

test('F47: nothing is asked while the venue bans us, and what reduces goes out first when the ban is over', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await until(desk, 140_000);
    act(desk, 'banAddress', { ms: 120_000 });
    const before = desk.wire.requests.length;
    wish(desk, { BTCUSDT: 0, ETHUSDT: 200 });
    await until(desk, 259_900);
    const during = desk.wire.requests.slice(before).filter(({ isSocket }) => !isSocket);
    assert.equal(new Set(during.map(({ at }) => at)).size, 1, 'what left in the instant before we heard of it');
    assert.ok(heldBack(desk).includes('limits'));
    assert.equal(desk.held(bitcoin), 100);
    const [order] = await firstOrderFrom(desk, 259_900);
    assert.match(order?.query ?? '', /reduceOnly=true/);
    assert.equal(desk.held(bitcoin), 0);
    await until(desk, 400_000);
    assert.equal(desk.held(ether), 200);
    assert.deepEqual(heldBack(desk), []);
  });
});

async function firstOrderFrom(desk: BinanceDesk, ms: number): Promise<BinanceDesk['wire']['requests']> {
  await until(desk, ms + 3_000);
  return posts(desk).filter(({ at }) => at >= wantingAt + ms);
}

test('F47: where the minute is used up everything waits for its end, and no ban follows', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'useWeight', { weight: 2_400 });
    wish(desk, { BTCUSDT: 0 });
    await until(desk, 300_000);
    assert.deepEqual(requestsBetween(desk, 150_100, 179_000).length <= 2, true);
    assert.equal(desk.held(bitcoin), 0);
    assert.ok(impairedParts(desk).includes('limits'));
    assert.deepEqual(heldBack(desk), []);
  });
});

test('F47: a ban is honoured after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-ban-'));
  try {
    await withDesk({ adapter: { banFile: join(folder, 'ban.json') } }, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      act(desk, 'banAddress', { ms: 120_000 });
      const endsAt = since(desk) + 120_000;
      await desk.day.pass(30_000);
      await desk.day.stop();
      const before = desk.wire.requests.length;
      await assert.rejects(desk.day.open(), /is not asked until .* answered '418'/);
      assert.ok(since(desk) < endsAt);
      assert.equal(desk.wire.requests.length, before, 'nothing is asked');
      await until(desk, endsAt + 1_000);
      await desk.day.stop();
      await desk.day.open();
      assert.equal(desk.held(bitcoin), 100);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('F48: what others behind our address use counts as used', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    for (let minute = 0; minute < 5; minute += 1) {
      act(desk, 'useWeight', { weight: 2_200 });
      await until(desk, (3 + minute) * 60_000 + 100);
    }
    assert.ok(!impairedParts(desk).includes('limits'), 'we are never one too many');
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
  });
});

for (const status of [403, 451]) {
  test(`F49: a wall that answers ${status} is not run against, and its opening is noticed`, async () => {
    const wall = { at: secondAt, for: 120_000, fault: { type: 'answer', status, body: '<html>no</html>' } } as const;
    await withDesk({ script: script(wall) }, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      wish(desk, { BTCUSDT: 100, ETHUSDT: 200 });
      await until(desk, secondAt + 119_000);
      assert.ok(heldBack(desk).includes('permission'));
      assert.ok(requestsBetween(desk, secondAt, secondAt + 119_000).length <= 3);
      assert.equal(entries(desk).length <= 2, true);
      await until(desk, 900_000);
      assert.equal(desk.held(ether), 200);
    });
  });
}

test('F50: entries in great number leave room for the orders that reduce', async () => {
  const clock = new HandClock(wantingAt);
  const untilAt = wantingAt + 3_600_000;
  const wire = openBinanceWire({ clock, coins: ['BTC', 'ETH'], historyMs: 3_600_000, untilAt, quotesPerMinute: 12 });
  const scene = await openScene(
    sceneOver(wire.floor, {
      ...{ clock, port: wire.openPort(), symbols: ['BTCUSDT', 'ETHUSDT'], close: () => wire.close() },
      tradeByOtherHands: () => undefined,
    }),
  );
  try {
    scene.send({ instrument: bitcoin, side: 'buy', quantity: 100 });
    await scene.pass(10_000);
    const limitPrice = Math.round(scene.quote(ether).bidPrice * 0.9);
    const burst = { instrument: ether, side: 'buy', quantity: 200, orderType: 'limit', limitPrice } as const;
    for (let sent = 0; sent < 300; sent += 1) scene.send({ ...burst, timeInForce: 'goodTillCancel' });
    await scene.pass(1_000);
    const arrived = scene.ledger().openOrders;
    assert.ok(arrived >= 180 && arrived <= 192, `four fifths of four fifths of 300 at most, found ${arrived}`);
    scene.send({ instrument: bitcoin, side: 'sell', quantity: 100, isReduceOnly: true, purpose: 'exit' });
    await scene.pass(10);
    assert.deepEqual(scene.ledger().positions, []);
    await scene.pass(10_000);
    const denied = scene.of('order.rejected').filter(({ code }) => code.startsWith('DENIED_'));
    assert.ok(denied.length > 0 && denied.length + scene.ledger().openOrders === 300);
  } finally {
    await scene.close();
  }
});

for (const ms of [900, -900]) {
  test(`F52: entries wait while our clock is ${ms} ms off, and exits do not`, async () => {
    const time = settableTime();
    await withDesk({ adapterTime: time.adapterTime }, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      wish(desk, { BTCUSDT: 0, ETHUSDT: 200 });
      time.step(ms);
      await until(desk, 147_000);
      assert.deepEqual(heldBack(desk), ['clock']);
      await until(desk, 240_000);
      assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [0, 0]);
      assert.deepEqual(denials(desk), ['VENUE_IMPAIRED']);
      time.step(-ms);
      await until(desk, 340_000);
      assert.deepEqual(heldBack(desk), []);
      assert.equal(desk.held(ether), 200);
    });
  });
}

for (const ms of [-1_100, 6_000, -6_000]) {
  test(`F52: a clock that is ${ms} ms off is found by the refusal, and exits go out with the venue's time`, async () => {
    await withDesk({}, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      act(desk, 'skewClock', { ms });
      wish(desk, { BTCUSDT: 0, ETHUSDT: 200 });
      await until(desk, 240_000);
      assert.equal(desk.held(bitcoin), 0);
      assert.equal(desk.held(ether), 0);
      assert.ok(heldBack(desk).includes('clock'));
      act(desk, 'skewClock', { ms: 0 });
      await until(desk, 340_000);
      assert.deepEqual(heldBack(desk), []);
      assert.equal(desk.held(ether), 200);
    });
  });
}

test('F52: an order that expires at the matching engine is refused for certain, and the next one is in time', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'refuseOrders', { code: -5028, msg: 'Timestamp for this request was outside of the ME recvWindow.' });
    const before = asked(desk, 'GET', '/fapi/v1/time').length;
    await desk.want({ BTCUSDT: 100 });
    assert.deepEqual(codesOf(desk), ['-5028']);
    assert.equal(asked(desk, 'GET', '/fapi/v1/time').length, before + 1);
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F53: a clock that is set back by five seconds leads to no double decision and no lost deadline', async () => {
  const time = settableTime();
  await withDesk({ adapterTime: time.adapterTime }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await until(desk, 149_000);
    wish(desk, { BTCUSDT: 100, ETHUSDT: 200 });
    time.step(-5_000);
    await until(desk, 220_000);
    assert.deepEqual(heldBack(desk), ['clock']);
    time.step(5_000);
    await until(desk, 350_000);
    assert.equal(entries(desk).length, 2);
    assert.equal(desk.held(ether), 200);
    const ats = desk.day.events.map(({ at }) => at);
    assert.ok(
      ats.every((at, index) => at >= (ats[index - 1] ?? 0)),
      'time never goes back',
    );
  });
});

test('F53: a machine that sleeps for half a minute wakes to one decision', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, { BTCUSDT: 100, ETHUSDT: 200 });
    await until(desk, 149_000);
    desk.clock.jump(30_000);
    await until(desk, 330_000);
    assert.deepEqual(codesOf(desk), ['DENIED_DEADLINE'], 'what was decided before it slept does not leave after it');
    assert.equal(entries(desk).length, 3);
    assert.equal(desk.held(ether), 200);
  });
});

test('F54: an order that takes twenty seconds to the venue is never carried out', async () => {
  await withDesk({}, async (desk) => {
    desk.wire.detours.push({ path: /^\/fapi\/v1\/order\?(?!.*reduceOnly=true)/, ms: 20_000, times: 1 });
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 45_000);
    assert.equal(entries(desk).length, 1);
    assert.equal(desk.day.of('order.unresolved').length, 1);
    await until(desk, 85_000);
    assert.deepEqual(codesOf(desk), ['NOT_FOUND']);
    assert.deepEqual(desk.wire.floor.ledger().positions, []);
    await until(desk, 160_000);
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(exits(desk).length, 0);
  });
});
