import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RenewedStream } from '#adapters/binance/stream.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import { openBinanceWire } from '../../support/binance-wire.ts';
import {
  act,
  asked,
  bitcoin,
  entries,
  entryOrders,
  ether,
  exits,
  filledOf,
  firstAt,
  heldBack,
  impairedParts,
  posts,
  script,
  secondAt,
  since,
  sockets,
  until,
  wish,
  withDesk,
} from '../../support/faulty-binance.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { closedWantingBinance, wantingAt } from '../../support/wanting-desk.ts';

test('F32: prices that stop while their socket lives are noticed after ten seconds, and no entry leaves on old ones', async () => {
  const mute = { at: 135_000, for: 90_000, fault: { type: 'stall', stream: '/public/' } } as const;
  await withDesk({ script: script(mute) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, { BTCUSDT: 0, ETHUSDT: 200 });
    await until(desk, 146_500);
    assert.deepEqual(heldBack(desk), ['prices']);
    await until(desk, 220_000);
    assert.equal(desk.held(bitcoin), 0, 'exits go out');
    assert.equal(desk.held(ether), 0);
    assert.equal(entries(desk).length, 1);
    assert.ok(sockets(desk, '/public/').length >= 3, 'a socket that carries nothing is replaced');
    await until(desk, 400_000);
    assert.equal(desk.held(ether), 200);
  });
});

test('F32: bars and marks that stop are noticed although quotes go on', async () => {
  const mute = { at: 135_000, for: 60_000, fault: { type: 'stall', stream: '/market/' } } as const;
  await withDesk({ script: script(mute) }, async (desk) => {
    await until(desk, 150_000);
    assert.deepEqual(heldBack(desk), ['prices']);
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 194_000);
    assert.equal(entries(desk).length, 0);
    await until(desk, 400_000);
    assert.equal(desk.held(bitcoin), 100);
  });
});

for (const stream of ['/public/', '/market/']) {
  test(`F33: the desk does not start where nothing ever comes over '${stream}'`, async () => {
    const deaf = { at: 0, for: 3_600_000, fault: { type: 'stall', stream } } as const;
    const desk = closedWantingBinance({ script: script(deaf) });
    try {
      await assert.rejects(desk.day.open(), /stream (public|market)/);
      assert.equal(posts(desk).length, 0);
    } finally {
      await desk.day.close();
    }
  });
}

test('F38: messages out of order, twice and late come to the same books', async () => {
  const faults = [
    { at: firstAt, for: 400_000, fault: { type: 'duplicate', fraction: 0.2 } },
    { at: firstAt, for: 400_000, fault: { type: 'reorder', windowMs: 2_000 } },
  ] as const;
  await withDesk({ script: script(...faults) }, async (desk) => {
    await desk.want({ BTCUSDT: 100, ETHUSDT: -200 });
    await desk.want({ BTCUSDT: 60, ETHUSDT: 100 });
    await desk.want({ BTCUSDT: 0, ETHUSDT: 100 });
    await until(desk, 500_000);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [0, 100]);
    assert.deepEqual([filledOf(desk, bitcoin), filledOf(desk, ether)], [0, 100]);
  });
});

test('F39: a gap in the depth makes its book nothing until it was read anew', async () => {
  await withDesk({ depth: true }, async (desk) => {
    await until(desk, 60_000);
    assert.ok((desk.day.state.venueMarkets[bitcoin]?.bids.length ?? 0) > 0);
    const read = asked(desk, 'GET', '/fapi/v1/depth').length;
    const told = desk.day.of('depth.updated').length;
    act(desk, 'dropDepthDiff', { symbol: 'BTCUSDT', count: 1 });
    await desk.day.pass(30_000);
    assert.equal(asked(desk, 'GET', '/fapi/v1/depth').length, read + 1);
    const since = desk.day.of('depth.updated').slice(told);
    assert.ok(
      since.some(({ bids, asks }) => bids.length + asks.length === 0),
      'what is not known is told as nothing',
    );
    assert.ok((desk.day.state.venueMarkets[bitcoin]?.bids.length ?? 0) > 0);
  });
});

test('F40: all sockets that end at one moment are open again at once, and what was missed is made up for', async () => {
  const cut = { at: secondAt, fault: { type: 'disconnect' } } as const;
  await withDesk({ script: script(cut) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await until(desk, secondAt + 100);
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'BUY', quantity: '0.010' });
    assert.deepEqual(heldBack(desk), ['account']);
    wish(desk, {});
    await until(desk, secondAt + 10_000);
    assert.equal(desk.held(bitcoin), 110);
    assert.deepEqual(heldBack(desk), []);
  });
});

test('F40: a socket is renewed before its day is over, and nothing is missed over it', async () => {
  const clock = new HandClock(wantingAt);
  const untilAt = wantingAt + 60_000;
  const wire = openBinanceWire({ clock, coins: ['BTC'], historyMs: 3_600_000, untilAt, quotesPerMinute: 12 });
  wire.floor.stop();
  const seen = new Set<number>();
  const downs: string[] = [];
  const stream = new RenewedStream({
    ...{ time: clock, network: wire.network, name: 'the public stream', idleMs: 700_000, livesByPings: true },
    url: () => 'wss://stream.binance.test/public/stream?streams=btcusdt@bookTicker',
    onText: (text) => void seen.add(Number(/"u":(\d+)/.exec(text)?.[1])),
    onUp: () => undefined,
    onDown: (reason) => void downs.push(reason),
  });
  try {
    stream.open();
    await clock.pass(1_000);
    let told = 0;
    const tell = async (everyMs: number, forMs: number): Promise<void> => {
      for (let passed = 0; passed < forMs; passed += everyMs) {
        wire.venue.act('gapMarket', { symbol: 'BTCUSDT', ticks: 1 });
        told += 1;
        await clock.pass(everyMs);
      }
    };
    await tell(300_000, 23 * 3_600_000);
    await tell(1_000, 1_800_000);
    await tell(300_000, 3_600_000);
    // Every change of the touch counts one on, those of the market's own beside ours.
    assert.equal(Math.max(...seen) - Math.min(...seen) + 1, seen.size);
    assert.ok(seen.size >= told);
    assert.deepEqual(downs, []);
    assert.equal(wire.requests.filter(({ isSocket }) => isSocket).length, 2);
  } finally {
    stream.close();
    wire.close();
  }
});

test('F41: sockets that the venue goes on ending are opened ever more slowly, and nothing is said into them', async () => {
  const storm = { at: 60_000, for: 120_000, fault: { type: 'disconnect' } } as const;
  await withDesk({ script: script(storm) }, async (desk) => {
    await until(desk, 180_000);
    const opened = desk.wire.requests.filter(({ isSocket, at }) => isSocket && at >= desk.clock.now() - 120_000);
    const bySecond = new Map<number, number>();
    for (const { at } of opened) bySecond.set(Math.floor(at / 1_000), (bySecond.get(Math.floor(at / 1_000)) ?? 0) + 1);
    assert.ok(Math.max(...bySecond.values()) <= 5);
    assert.ok(opened.length >= 9 && opened.length <= 60, `found ${opened.length}`);
    assert.deepEqual(desk.wire.said, []);
    await until(desk, 240_000);
    assert.deepEqual(heldBack(desk), []);
  });
});

test('F42: a connection of which nothing comes any more, not even a ping, is replaced', async () => {
  const hole = { at: 20_000, for: 900_000, fault: { type: 'stall', stream: '/private/', hasPings: false } } as const;
  await withDesk({ script: script(hole), coins: ['BTC'] }, async (desk) => {
    assert.equal(sockets(desk, '/private/').length, 1);
    await until(desk, 640_000);
    assert.equal(sockets(desk, '/private/').length, 2);
    await until(desk, 925_000);
  });
});

test('F43: a network that resolves and connects nothing degrades the desk and never ends it', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    desk.wire.network.setUp(false);
    wish(desk, { BTCUSDT: 100, ETHUSDT: 200 });
    await desk.day.pass(90_000);
    assert.ok(heldBack(desk).includes('account') && heldBack(desk).includes('prices'));
    assert.equal(entries(desk).length, 1);
    desk.wire.network.setUp(true);
    await desk.day.pass(180_000);
    assert.deepEqual(heldBack(desk), []);
    assert.equal(desk.held(ether), 200);
  });
});

test('F43: a reduction asked for while nothing can be reached goes out once it can, exactly once', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    desk.wire.network.setUp(false);
    desk.day.run.request((at) => ({
      type: 'reduction.requested',
      at,
      instrument: bitcoin,
      quantity: 100,
      actor: 'test',
      reason: 'less',
    }));
    await desk.day.pass(30_000);
    assert.equal(desk.held(bitcoin), 100);
    desk.wire.network.setUp(true);
    await desk.day.pass(60_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(exits(desk).length, 1);
  });
});

const garbage: readonly (readonly [string, string])[] = [
  ['a page', '<html><body>Welcome</body></html>'],
  ['nothing', ''],
  ['bytes that are no text', '\u001f\ufffd\u0008\u0000\u0000'],
];

for (const [name, body] of garbage) {
  for (const isCarriedOut of [true, false]) {
    test(`F44: an order that is answered with ${name} and was ${isCarriedOut ? '' : 'not '}taken is asked for`, async () => {
      const fault = { type: 'answer', status: 200, body, isCarriedOut } as FaultScriptInput['faults'][number]['fault'];
      await withDesk({ script: script({ at: firstAt, times: 1, match: entryOrders, fault }) }, async (desk) => {
        await desk.want({ BTCUSDT: 100 });
        assert.equal(desk.held(bitcoin), 100);
        assert.equal(desk.day.of('order.unresolved').length, 1);
        assert.equal(entries(desk).length, isCarriedOut ? 1 : 2);
      });
    });
  }
}

test('F44: questions that are answered with garbage for a minute change nothing', async () => {
  const fault = { type: 'answer', status: 200, body: '<html>' } as const;
  await withDesk({ script: script({ at: secondAt, for: 60_000, match: { method: 'GET' }, fault }) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, { BTCUSDT: 40 });
    await until(desk, secondAt + 59_000);
    assert.equal(desk.held(bitcoin), 40);
    assert.equal(exits(desk).length, 1);
  });
});

test('F45: messages and answers without an end are set aside with a short excerpt of them', async () => {
  const long = 'x'.repeat(900_000);
  const faults = [
    { at: 60_000, fault: { type: 'inject', stream: '/private/', text: long } },
    { at: 61_000, fault: { type: 'inject', stream: '/public/', text: `{"data":{"e":"bookTicker","s":"${long}"}}` } },
    { at: secondAt, times: 1, match: entryOrders, fault: { type: 'answer', status: 200, body: long } },
  ] as const;
  await withDesk({ script: script(...faults) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await desk.want({ BTCUSDT: 100, ETHUSDT: 200 });
    const kept = desk.day.of('message.quarantined');
    assert.ok(kept.length >= 2);
    assert.ok(kept.every(({ excerpt, reason }) => excerpt.length <= 500 && reason.length <= 500));
    assert.equal(desk.day.of('order.unresolved').length, 1);
    await desk.day.pass(60_000);
    assert.equal(desk.held(ether), 200);
  });
});

test('F46: what the account traded before the desk began is not told as news', async () => {
  const desk = closedWantingBinance();
  try {
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'BUY', quantity: '0.100' });
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'SELL', quantity: '0.100' });
    await desk.day.pass(5_000);
    await desk.day.open();
    desk.day.letTrade();
    act(desk, 'replayFills', { count: 10 });
    await desk.day.pass(60_000);
    assert.equal(since(desk) > 60_000, true);
    assert.equal(desk.day.state.account.balance, desk.wire.floor.ledger().balance);
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(exits(desk).length + entries(desk).length, 0);
    assert.deepEqual(
      impairedParts(desk).filter((part) => part !== 'account'),
      [],
    );
  } finally {
    await desk.day.close();
  }
});

test('F46: fills that are told once more after a restart are not booked again', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100, ETHUSDT: -200 });
    await desk.day.stop();
    await desk.day.open();
    const { balance } = desk.day.state.account;
    act(desk, 'replayFills', { count: 10 });
    await desk.day.pass(30_000);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [100, -200]);
    assert.equal(desk.day.state.account.balance, balance);
    assert.equal(desk.day.of('order.submitted').length, 4);
  });
});
