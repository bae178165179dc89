import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOanda } from '#adapters/oanda/index.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { systemNetwork } from '#adapters/wire/system-network.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { VenueInput } from '#engine/live-port.ts';
import {
  denials,
  entries,
  euro,
  from,
  impairedParts,
  orders,
  posts,
  reduce,
  script,
  until,
  withDesk,
  yen,
} from '../../support/faulty-oanda.ts';
import { loopbackServer } from '../../support/loopback-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

const minuteMs = 60_000;
const instrumentsBody = JSON.stringify({
  instruments: [
    {
      ...{ name: 'EUR_USD', type: 'CURRENCY', displayPrecision: 5, pipLocation: -4, tradeUnitsPrecision: 0 },
      ...{ minimumTradeSize: '1', maximumOrderUnits: '100000000', marginRate: '0.02' },
    },
  ],
  lastTransactionID: '1',
});
const plainOrder: OrderRequest = {
  ...{ clientOrderId: 'tw-large-1', instrument: euro, side: 'buy', quantity: 1, orderType: 'market' },
  ...{ limitPrice: null, stopPrice: null, timeInForce: 'fillOrKill', expiresAt: null, isReduceOnly: false },
  ...{ purpose: 'entry', bracket: null, strategy: 'large', reason: 'large' },
};
const faultAt = 150_000;

test('F31: what happened at the account while its stream was away is found when it is back', async () => {
  const away = { at: faultAt, for: 30_000, fault: { type: 'disconnect', stream: 'transactions' } } as const;
  await withDesk({ script: script(away) }, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    await desk.want({});
    await until(desk, faultAt + 110_000);
    assert.ok(impairedParts(desk).includes('account'));
    wire.server.act('externalOrder', { instrument: 'USD_JPY', units: '300' });
    await day.pass(1_000);
    assert.equal(desk.held(yen), 300);
  });
});

test('F31: a transaction that the stream leaves out is asked for', async () => {
  const dropped = {
    at: faultAt,
    fault: { type: 'drop', stream: 'transactions', except: 'HEARTBEAT', count: 3 },
  } as const;
  await withDesk({ script: script(dropped) }, async (desk) => {
    const { day, wire } = desk;
    await until(desk, faultAt + 1_000);
    wire.server.act('externalOrder', { instrument: 'EUR_USD', units: '300' });
    await day.pass(100);
    assert.equal(desk.held(euro), 0, 'the stream has left it out');
    await day.pass(6_000);
    assert.equal(desk.held(euro), 300);
    await day.pass(minuteMs);
  });
});

test('F32, F34: a pricing stream that says nothing but heartbeats in an open market is no market, and exits go', async () => {
  const mute = { at: faultAt, for: 240_000, fault: { type: 'stall', stream: 'pricing', except: 'HEARTBEAT' } } as const;
  await withDesk({ script: script(mute) }, async (desk) => {
    const { day } = desk;
    await desk.want({ EUR_USD: 1_000 });
    await until(desk, faultAt + 70_000);
    assert.ok(`prices ${euro}` in day.state.impairments);
    assert.equal(desk.wire.counters.streamsOpened, 2, 'heartbeats keep the stream');
    await desk.want({ EUR_USD: 2_000 });
    assert.equal(desk.held(euro), 1_000);
    assert.ok(denials(desk).includes('VENUE_IMPAIRED'));
    reduce(desk, euro, 1_000);
    await day.pass(1_000);
    assert.equal(desk.held(euro), 0);
  });
});

test('F34: heartbeats alone in a closed market are nothing to be told of', async () => {
  const saturdayAt = Date.UTC(2026, 0, 17, 9);
  await withDesk({ startAt: saturdayAt, isOpen: () => false }, async (desk) => {
    await desk.day.pass(10 * minuteMs);
    assert.deepEqual(
      desk.day.of('venue.impaired').filter(({ part }) => part === 'prices' || part === 'silence'),
      [],
    );
    await desk.want({ EUR_USD: 1_000 });
    assert.equal(posts(desk).length, 0);
    return Object.keys(desk.day.state.impairments).filter((key) => key.startsWith('market '));
  });
});

for (const [dead, alive, part] of [
  ['pricing', 'transactions', 'prices'],
  ['transactions', 'pricing', 'account'],
] as const) {
  test(`F35, F36: a dead ${dead} stream is noticed in ten seconds and opened anew, whatever the other one says`, async () => {
    const silent = { at: faultAt, for: 60_000, fault: { type: 'stall', stream: dead } } as const;
    await withDesk({ script: script(silent) }, async (desk) => {
      const { day, wire } = desk;
      await until(desk, faultAt);
      const streamsOf = (name: string): number =>
        wire.requests.filter(({ path }) => path.includes(`/${name}/stream`)).length;
      const before = [streamsOf(dead), streamsOf(alive)];
      await day.pass(20_000);
      const [impaired] = day.of('venue.impaired').filter((event) => event.part === part);
      assert.ok((impaired?.at ?? Infinity) <= day.run.at && (impaired?.at ?? 0) > faultAt);
      assert.ok(streamsOf(dead) > (before[0] ?? 0));
      assert.equal(streamsOf(alive), before[1], 'the healthy one was left alone');
      await desk.want({ EUR_USD: 1_000 });
      assert.equal(desk.held(euro), 1_000, 'it is well again');
    });
  });
}

test('F37: lines in pieces of a few bytes, with carriage returns and empty lines, are read like whole ones', async () => {
  const chop = { type: 'chop', bytesMax: 17, hasCarriageReturns: true, hasEmptyLines: true } as const;
  const run = async (faults: Parameters<typeof script>): Promise<readonly unknown[]> => {
    const quotes: unknown[] = [];
    await withDesk({ script: script(...faults), quotesPerMinute: 4 }, async (desk) => {
      await desk.want({ EUR_USD: 1_000 });
      await desk.want({ EUR_USD: 400 });
      assert.equal(desk.day.of('message.quarantined').length, 0);
      for (const { type, instrument, bidPrice, askPrice } of desk.day.of('quote.updated'))
        quotes.push([type, instrument, bidPrice, askPrice]);
      for (const { instrument, quantity, price, side } of desk.day.of('order.filled'))
        quotes.push([instrument, quantity, price, side]);
    });
    return quotes;
  };
  const whole = await run([]);
  assert.ok(whole.length > 20);
  assert.deepEqual(await run([{ at: 0, for: 86_400_000, fault: chop }]), whole);
});

test('F38: transactions that come twice and out of order lead to the same end', async () => {
  const mixed = [
    { at: from, for: 240_000, fault: { type: 'duplicate', fraction: 0.2 } },
    { at: from, for: 240_000, fault: { type: 'reorder', windowMs: 2_000 } },
  ] as const;
  await withDesk({ script: script(...mixed) }, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000, USD_JPY: 500 });
    for (const units of ['10', '-20', '30']) wire.server.act('externalOrder', { instrument: 'EUR_USD', units });
    await desk.want({ EUR_USD: -500, USD_JPY: 0 });
    await desk.want({ EUR_USD: -500, USD_JPY: 0 });
    assert.deepEqual([desk.held(euro), desk.held(yen)], [-500, 0]);
    const external = day.of('order.filled').filter(({ clientOrderId }) => clientOrderId.startsWith('external-'));
    assert.equal(new Set(external.map(({ fillId }) => fillId)).size, 3);
  });
});

test('F42: a connection that is open and dead on both sides is given up, and streams and books come back', async () => {
  const dead = [
    { at: faultAt, for: 90_000, fault: { type: 'stall' } },
    { at: faultAt, for: 90_000, fault: { type: 'silence' } },
  ] as const;
  await withDesk({ script: script(...dead) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    await until(desk, faultAt + 30_000);
    assert.ok(['account *', 'prices *'].every((key) => key in desk.day.state.impairments));
    await until(desk, faultAt + 90_000 + 120_000);
    assert.deepEqual(Object.keys(desk.day.state.impairments), []);
    await desk.want({ EUR_USD: 2_000 });
    assert.equal(desk.held(euro), 2_000);
  });
});

test('F43: without a name for the venue nothing is sent, nothing ends, and all comes back within two minutes', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    wire.network.setUp(false);
    const asked = wire.network.requestCount;
    await desk.want({ EUR_USD: 2_000 });
    await day.pass(180_000);
    assert.equal(wire.network.requestCount, asked);
    assert.equal(entries(desk).length, 1, 'no entry is decided on');
    assert.ok(denials(desk).includes('VENUE_IMPAIRED'));
    wire.network.setUp(true);
    await day.pass(120_000);
    assert.deepEqual(Object.keys(day.state.impairments), []);
    await day.pass(minuteMs);
    assert.equal(desk.held(euro), 2_000);
  });
});

for (const body of [
  '<html>login</html>',
  '',
  '\u001f\u008b\u0008garbage',
  '{"orderCreateTransaction":',
  'null',
  '[]',
  '7',
]) {
  test(`F44: status 200 with '${body.slice(0, 8)}' as its body leaves an order open and throws nothing`, async () => {
    const page = {
      at: from,
      times: 1,
      match: orders,
      fault: { type: 'answer', status: 200, body, isCarriedOut: true },
    } as const;
    await withDesk({ script: script(page) }, async (desk) => {
      await desk.want({ EUR_USD: 1_000 });
      assert.equal(desk.day.of('order.unresolved').length, 1);
      assert.equal(desk.held(euro), 1_000);
      assert.equal(posts(desk).length, 1);
    });
  });
}

test('F44: a stream of pages in place of prices is told and opened anew', async () => {
  const page = { type: 'answer', status: 200, body: '<html>\n<p>Sign in</p>\n</html>\n' } as const;
  const cut = { at: faultAt, fault: { type: 'disconnect', stream: 'pricing' } } as const;
  const match = { path: 'pricing/stream' };
  await withDesk({ script: script({ at: faultAt, times: 3, match, fault: page }, cut) }, async (desk) => {
    await until(desk, faultAt + minuteMs);
    assert.ok(desk.day.of('message.quarantined').some(({ reason }) => reason === 'BAD_LINE'));
    await desk.want({ EUR_USD: 1_000 });
    assert.equal(desk.held(euro), 1_000);
  });
});

test('F45: a line without an end is given up at a bound and its stream opened anew', async () => {
  const text = 'x'.repeat(999_999);
  const faults = [faultAt, faultAt + 1].map(
    (at) => ({ at, fault: { type: 'inject', stream: 'pricing', text } }) as const,
  );
  await withDesk({ script: script(...faults) }, async (desk) => {
    await until(desk, faultAt + 30_000);
    assert.ok(desk.day.of('message.quarantined').every(({ excerpt }) => excerpt.length <= 500));
    assert.ok(desk.day.of('message.quarantined').length > 0);
    await desk.want({ EUR_USD: 1_000 });
    assert.equal(desk.held(euro), 1_000);
  });
});

test('F45: an answer of 33 MiB is not read to its end, and what came of the order is open', async (context) => {
  const server = await loopbackServer(context, (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.method === 'POST') response.end(`{"x":"${'x'.repeat(33 * 1024 * 1024)}"}`);
    else response.end(instrumentsBody);
  });
  const network = systemNetwork();
  context.after(() => network.close());
  const desk = { accountCurrency: 'USD', moneyDecimals: 6 };
  const origins = { rest: server.origin, stream: server.origin };
  const account = { environment: 'simulated', accountId: '101-004-1-001', token: 'canary', desk } as const;
  const venue = openOanda({ network, time: systemTime, ...account, origins });
  const instruments = await venue.instruments(['EUR_USD']);
  const inputs: VenueInput[] = [];
  venue.open(instruments, { onInput: (input) => void inputs.push(input), onNotice: () => undefined });
  venue.send({ type: 'order.submitted', at: systemTime.now(), order: plainOrder });
  const open = (): VenueInput | undefined => inputs.find(({ type }) => type === 'order.unresolved');
  await waitUntil('the order is open', () => open() !== undefined);
  await venue.close();
  assert.equal(inputs.filter(({ type }) => type === 'order.rejected' || type === 'order.accepted').length, 0);
});

test('F46: old transactions that a stream begins with move nothing', async () => {
  const cut = { at: 400_000, fault: { type: 'disconnect', stream: 'transactions' } } as const;
  await withDesk({ script: script(cut) }, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    await desk.want({ EUR_USD: 0 });
    const fills = day.of('order.filled').length;
    wire.server.act('replayTransactions', { count: 100 });
    await until(desk, 430_000);
    assert.equal(day.of('order.filled').length, fills);
    assert.equal(desk.held(euro), 0);
    await day.stop();
    wire.server.act('replayTransactions', { count: 100 });
    await day.open();
    await day.pass(minuteMs);
    assert.equal(day.of('order.filled').length, fills);
  });
});
