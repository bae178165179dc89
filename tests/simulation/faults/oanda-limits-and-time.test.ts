import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isMarketOpen } from '#domain/calendar.ts';
import type { TimePort } from '#engine/ports.ts';
import { calendarAround } from '#runtime/desk-setup.ts';
import {
  changeTargets,
  codesOf,
  denials,
  entries,
  euro,
  from,
  impairedParts,
  type OandaDesk,
  orders,
  posts,
  reduce,
  script,
  until,
  withDesk,
  yen,
} from '../../support/faulty-oanda.ts';
import type { HandClock } from '../../support/hand-clock.ts';

const minuteMs = 60_000;
const faultAt = 150_000;
const prices = { method: 'GET', path: 'pricing\\?' } as const;
function isOpenAround(startAt: number): (at: number) => boolean {
  const calendar = calendarAround(startAt - 86_400_000, startAt + 8 * 86_400_000);
  return (at) => isMarketOpen(calendar, at);
}

/** What was asked of the venue between two instants after its opening, streams left out. */
function askedBetween({ wire }: OandaDesk, fromMs: number, untilMs: number): readonly string[] {
  return wire.requests
    .filter(({ at, path }) => at >= wire.openedAt + fromMs && at < wire.openedAt + untilMs && !path.includes('stream'))
    .map(({ method, path }) => `${method} ${path}`);
}

test('F47, F51: a venue that asks to be left alone is, and a reduction is the first to go when that is over', async () => {
  const fault = { type: 'answer', status: 429, body: '{}', headers: { 'retry-after': '60' } } as const;
  await withDesk({ script: script({ at: 280_000, times: 1, match: prices, fault }) }, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    await desk.want({});
    for (let waited = 0; waited < 120 && !('limits *' in day.state.impairments); waited += 1) await day.pass(1_000);
    assert.ok(impairedParts(desk).includes('limits'));
    const beganMs = (wire.requests.findLast(({ path }) => path.includes('pricing?'))?.at ?? 0) - wire.openedAt;
    reduce(desk, euro, 1_000);
    await until(desk, beganMs + 59_900);
    assert.deepEqual(askedBetween(desk, beganMs + 1, beganMs + 59_900), []);
    assert.equal(desk.held(euro), 1_000);
    await day.pass(3_000);
    assert.match(askedBetween(desk, beganMs + 59_900, beganMs + 63_000)[0] ?? '', /^POST .*orders$/);
    assert.equal(desk.held(euro), 0);
    assert.deepEqual(codesOf(desk), []);
    assert.equal(day.state.impairments['limits *'], undefined);
  });
});

test('F47, F51: a ban is kept over a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-ban-'));
  const fault = { type: 'answer', status: 429, body: '{}', headers: { 'retry-after': '120' } } as const;
  try {
    const options = {
      script: script({ at: faultAt, times: 1, match: prices, fault }),
      banFile: join(folder, 'ban.json'),
    };
    await withDesk(options, async (desk) => {
      const { day, wire } = desk;
      for (let waited = 0; waited < 240 && !('limits *' in day.state.impairments); waited += 1) await day.pass(1_000);
      const beganMs = (wire.requests.findLast(({ path }) => path.includes('pricing?'))?.at ?? 0) - wire.openedAt;
      await day.stop();
      await day.pass(5_000);
      await assert.rejects(day.open(), /is not asked until/);
      await day.stop();
      assert.deepEqual(askedBetween(desk, beganMs + 1, beganMs + 119_000), []);
      await until(desk, beganMs + 121_000);
      await day.open();
      await desk.want({ EUR_USD: 1_000 });
      assert.equal(desk.held(euro), 1_000);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('F48: beside another client of the same address the desk backs off and comes back', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    wire.server.act('limitRequests', { perSecond: 10 });
    const other = wire.openPort();
    const asked: Promise<unknown>[] = [];
    for (let second = 0; second < 70; second += 1) {
      for (let count = 0; count < 12; count += 1) asked.push(other.report().catch(() => undefined));
      await day.pass(1_000);
    }
    await other.close();
    assert.ok(impairedParts(desk).includes('limits'), 'the desk was turned away too');
    assert.ok(wire.counters.refusedByRate > 0);
    assert.ok(wire.counters.requests < asked.length, `${wire.counters.requests} requests of two clients`);
    await day.pass(30_000);
    await Promise.all(asked);
    await desk.want({ EUR_USD: 2_000 });
    assert.equal(desk.held(euro), 2_000);
  });
});

for (const status of [403, 451]) {
  test(`F49: status ${status} from a wall before the venue holds entries and is not asked in a tight loop`, async () => {
    const wall = { type: 'answer', status, body: '<html>Forbidden</html>' } as const;
    const match = { path: 'v3' };
    await withDesk({ script: script({ at: faultAt, for: 120_000, match, fault: wall }) }, async (desk) => {
      const { day, wire } = desk;
      await until(desk, faultAt);
      const before = wire.counters.streamsOpened;
      await until(desk, faultAt + 110_000);
      assert.ok('permission *' in day.state.impairments);
      assert.equal(wire.counters.streamsOpened, before);
      const asked = askedBetween(desk, faultAt, faultAt + 110_000);
      assert.ok(asked.length > 0 && asked.length < 200, `${asked.length} requests in 110 s`);
      await until(desk, faultAt + 240_000);
      await desk.want({ EUR_USD: 1_000 });
      assert.equal(desk.held(euro), 1_000);
    });
  });
}

test('F50: a desk that has used up its orders of a minute still reduces', async () => {
  const symbols = ['EUR_USD', 'USD_JPY', 'AUD_USD'];
  const policies = { 'limits/fx': { maximumOrdersPerMinute: 2 } };
  await withDesk({ symbols, policies }, async (desk) => {
    const { day } = desk;
    changeTargets(desk, { EUR_USD: 1_000, USD_JPY: 1_000, AUD_USD: 1_000 });
    for (let waited = 0; waited < 200 && entries(desk).length === 0; waited += 1) await day.pass(1_000);
    assert.ok(denials(desk).includes('ORDER_RATE'));
    assert.equal(posts(desk).length, 2);
    await day.pass(1_000);
    for (const { order } of entries(desk)) for (const quantity of [400, 600]) reduce(desk, order.instrument, quantity);
    await day.pass(2_000);
    assert.deepEqual(desk.wire.floor.ledger().positions, []);
    assert.equal(posts(desk).length, 6);
    changeTargets(desk, {});
  });
});

for (const [ms, isHeld] of [
  [400, false],
  [600, true],
  [1_200, true],
  [-6_000, true],
] as const) {
  test(`F52: a clock ${ms} ms from the venue's ${isHeld ? 'holds entries and lets exits go' : 'is near enough'}`, async () => {
    await withDesk({}, async (desk) => {
      const { day, wire } = desk;
      await desk.want({ EUR_USD: 1_000 });
      wire.server.act('skewClock', { ms });
      await day.pass(120_000);
      assert.equal('clock *' in day.state.impairments, isHeld);
      await desk.want({ EUR_USD: 2_000 });
      assert.equal(desk.held(euro), isHeld ? 1_000 : 2_000);
      reduce(desk, euro, 500);
      await day.pass(1_000);
      assert.equal(desk.held(euro), isHeld ? 500 : 1_500);
      wire.server.act('skewClock', { ms: 0 });
    });
  });
}

test('F53: a machine that slept for a minute and a half goes on without a burst of late orders', async () => {
  await withDesk({}, async (desk) => {
    const { day, clock } = desk;
    await desk.want({ EUR_USD: 1_000 });
    changeTargets(desk, { EUR_USD: 3_000 });
    const decided = day.of('order.submitted').length;
    clock.jump(90_000);
    await day.pass(2_000);
    assert.ok(impairedParts(desk).includes('pause'));
    assert.equal(day.of('order.submitted').length, decided);
    await day.pass(180_000);
    assert.equal(day.state.impairments['pause *'], undefined);
    assert.equal(desk.held(euro), 3_000);
    assert.equal(posts(desk).length, 2);
  });
});

test('F53: a clock that steps back by five seconds takes nothing back, and deadlines still come', async () => {
  let stepMs = 0;
  const deskTime = (clock: HandClock): TimePort => ({
    now: () => clock.now() + stepMs,
    monotonic: () => clock.monotonic(),
    after: (ms, act) => clock.after(ms, act),
    random: () => clock.random(),
  });
  await withDesk({ deskTime }, async (desk) => {
    const { day } = desk;
    await desk.want({ EUR_USD: 1_000 });
    stepMs = -5_000;
    const { at } = day.run;
    await day.pass(70_000);
    assert.ok(impairedParts(desk).includes('pause'));
    assert.ok('clock *' in day.state.impairments, 'the venue says otherwise');
    const instants = day.events.map((event) => event.at).filter((each) => each >= at);
    assert.ok(instants.every((each, index) => each >= (instants[index - 1] ?? 0)));
    reduce(desk, euro, 400);
    await day.pass(1_000);
    assert.equal(desk.held(euro), 600);
    stepMs = 0;
    await day.pass(180_000);
    await desk.want({ EUR_USD: 2_000 });
    assert.equal(desk.held(euro), 2_000);
  });
});

test('F54: an entry that its own machine held up for longer than it may be old is never sent', async () => {
  let isBusy: (() => boolean) | undefined;
  const deskTime = (clock: HandClock): TimePort => ({
    now: () => {
      if (isBusy?.() === true) {
        isBusy = undefined;
        clock.jump(6_000);
      }
      return clock.now();
    },
    monotonic: () => clock.monotonic(),
    after: (ms, act) => clock.after(ms, act),
    random: () => clock.random(),
  });
  await withDesk({ deskTime }, async (desk) => {
    const { day } = desk;
    isBusy = () => day.of('order.submitted').length > 0;
    await desk.want({ EUR_USD: 1_000 });
    assert.equal(isBusy, undefined, 'it was held up');
    assert.deepEqual(codesOf(desk), ['DENIED_DEADLINE']);
    assert.equal(entries(desk).length, 2);
    assert.equal(posts(desk).length, 1, 'only the next one was sent');
    assert.equal(desk.held(euro), 1_000);
  });
});

test('F54: an order whose answer takes twenty seconds is left open after ten and not sent again', async () => {
  const fault = { type: 'delayAnswer', ms: 20_000 } as const;
  await withDesk({ script: script({ at: from, times: 1, match: orders, fault }) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    const [sent] = desk.day.of('order.submitted');
    const [open] = desk.day.of('order.unresolved');
    assert.equal(Math.round(((open?.at ?? 0) - (sent?.at ?? 0)) / 1_000), 10);
    assert.equal(posts(desk).length, 1);
    assert.equal(desk.held(euro), 1_000);
  });
});

test('F55: a position is held over a weekend, its stop pays the gap, and nothing is opened while the market is closed', async () => {
  const startAt = Date.UTC(2026, 0, 16, 21, 40);
  await withDesk({ startAt, isOpen: isOpenAround(startAt) }, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 10_000 });
    assert.equal(desk.held(euro), 10_000);
    const stopPrice = [...day.state.orders.values()].find(({ request }) => request.purpose === 'stopLoss')?.request
      .stopPrice;
    await until(desk, 30 * minuteMs);
    const sent = posts(desk).length;
    await desk.want({ EUR_USD: 12_000, USD_JPY: 1_000 });
    assert.equal(posts(desk).length, sent);
    await day.stop();
    await until(desk, 47.5 * 60 * minuteMs);
    await day.open();
    wire.server.act('gap', { instrument: 'EUR_USD', pips: -200 });
    assert.equal(posts(desk).length, sent);
    await until(desk, 48.4 * 60 * minuteMs);
    changeTargets(desk, {});
    const exit = day.of('order.filled').find(({ clientOrderId }) => clientOrderId.endsWith('-s'));
    assert.ok((exit?.price ?? Infinity) < (stopPrice ?? 0) - 50, `'${exit?.price}' beyond the stop at '${stopPrice}'`);
    const [trip] = day.of('roundTrip.closed');
    assert.equal(trip?.realizedPnl, exit?.realizedPnl);
    assert.ok((trip?.realizedPnl ?? 0) < -100_000_000, 'more than a hundred dollars');
  });
});

for (const [name, startAt, openAt] of [
  ['before America changes its clocks', Date.UTC(2026, 2, 1, 21, 40), Date.UTC(2026, 2, 1, 22)],
  ['on which America changes its clocks', Date.UTC(2026, 2, 8, 20, 40), Date.UTC(2026, 2, 8, 21)],
  ['on which Europe changes its clocks', Date.UTC(2026, 2, 29, 20, 40), Date.UTC(2026, 2, 29, 21)],
  ['on which Europe changes them back', Date.UTC(2026, 9, 25, 20, 40), Date.UTC(2026, 9, 25, 21)],
  ['on which America changes them back', Date.UTC(2026, 10, 1, 21, 40), Date.UTC(2026, 10, 1, 22)],
] as const) {
  test(`F56: on the weekend ${name} the market opens at five in New York`, async () => {
    await withDesk({ startAt, isOpen: isOpenAround(startAt) }, async (desk) => {
      changeTargets(desk, { EUR_USD: 1_000 });
      await desk.day.pass(openAt - desk.clock.now() - 1);
      assert.equal(posts(desk).length, 0);
      await desk.day.pass(8 * minuteMs);
      const [entry] = entries(desk);
      assert.ok((entry?.at ?? 0) >= openAt && (entry?.at ?? Infinity) < openAt + 7 * minuteMs);
      assert.equal(desk.held(euro), 1_000);
    });
  });
}

test('F57: the daily break is a closed market: no entry, no alarm, and what was to be closed is closed after it', async () => {
  const startAt = Date.UTC(2026, 0, 14, 21, 50);
  await withDesk({ startAt, isOpen: isOpenAround(startAt) }, async (desk) => {
    const { day } = desk;
    await desk.want({ EUR_USD: 1_000 });
    assert.equal(desk.held(euro), 1_000);
    await until(desk, 8 * minuteMs + 30_000);
    const sent = posts(desk).length;
    changeTargets(desk, { EUR_USD: 2_000, USD_JPY: 1_000 });
    await until(desk, 12 * minuteMs + 50_000);
    assert.equal(posts(desk).length, sent);
    assert.deepEqual(
      day.of('venue.impaired').filter(({ part }) => part === 'prices' || part === 'silence'),
      [],
    );
    await until(desk, 17 * minuteMs);
    assert.deepEqual([desk.held(euro), desk.held(yen)], [2_000, 1_000]);
  });
});

test('F57: an exit in the daily break is cancelled by the venue and tried again until the market is open', async () => {
  const startAt = Date.UTC(2026, 0, 14, 21, 50);
  await withDesk({ startAt, isOpen: isOpenAround(startAt) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    await until(desk, 8 * minuteMs + 30_000);
    changeTargets(desk, { EUR_USD: 0 });
    await until(desk, 12 * minuteMs + 50_000);
    assert.equal(desk.held(euro), 1_000);
    assert.ok(posts(desk).length <= 7, `${posts(desk).length} orders`);
    await until(desk, 17 * minuteMs);
    assert.equal(desk.held(euro), 0);
  });
});
