import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  act,
  answer,
  asked,
  type BinanceDesk,
  bitcoin,
  codesOf,
  entries,
  ether,
  exits,
  firstAt,
  posts,
  restingEntries,
  script,
  since,
  stopOrders,
  stopsOf,
  stopsSent,
  until,
  wish,
  withDesk,
} from '../../support/faulty-binance.ts';

/** Ticks by which the market falls below a stop one hundredth away. */
const fall = { symbol: 'BTCUSDT', ticks: -60_000 } as const;

function quantities(desk: BinanceDesk, instrument: string): readonly number[] {
  return stopsOf(desk, instrument).map(({ request }) => request.quantity);
}

function kill({ day }: BinanceDesk): void {
  day.run.request((at) => ({ type: 'kill.engaged', at, actor: 'test', reason: 'enough' }));
}

test('F13: the stop follows an entry that fills in parts, and stands for all of it', async () => {
  await withDesk({ fillQuantityMax: 30, policies: restingEntries }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 400_000);
    assert.equal(desk.held(bitcoin), 100);
    assert.ok(stopsSent(desk).length >= 3);
    assert.deepEqual(quantities(desk, bitcoin), [100]);
    assert.equal(desk.wire.venue.openConditionalOrders, 1);
  });
});

test('F13: an entry that is cut short after a part has a stop of that part, which the market then takes', async () => {
  await withDesk({ fillQuantityMax: 30, policies: restingEntries }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 31_000);
    act(desk, 'gapMarket', { symbol: 'BTCUSDT', ticks: -100 });
    await until(desk, 31_100);
    act(desk, 'externalCancel', { symbol: 'BTCUSDT', family: 'ordinary' });
    wish(desk, {});
    await until(desk, 40_000);
    const held = desk.held(bitcoin);
    assert.ok(held > 0 && held < 100, `a part is held, found ${held}`);
    assert.deepEqual(quantities(desk, bitcoin), [held]);
    act(desk, 'partialFills', {});
    act(desk, 'gapMarket', fall);
    await until(desk, 60_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(exits(desk).length, 0);
  });
});

test('F21: stops are sent to where conditional orders are taken', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    assert.deepEqual(
      posts(desk).map(({ path, query }) => [path, /type=(\w+)/.exec(query)?.[1]]),
      [
        ['/fapi/v1/order', 'MARKET'],
        ['/fapi/v1/algoOrder', 'STOP_MARKET'],
      ],
    );
  });
});

test('F21: a position whose stop is refused again and again is closed', async () => {
  const refused = answer(400, -4120, 'Order type not supported for this endpoint. Please use the Algo Order API.');
  await withDesk({ script: script({ at: firstAt, for: 20_000, match: stopOrders, fault: refused }) }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 31_000);
    wish(desk, {});
    await until(desk, 35_100);
    assert.deepEqual(codesOf(desk), ['-4120', '-4120', '-4120']);
    assert.equal(exits(desk).length, 1);
    assert.equal(desk.held(bitcoin), 0);
  });
});

test('F21: a position whose stop gets no answer at all is closed after five seconds', async () => {
  const silent = { at: firstAt, for: 30_000, match: stopOrders, fault: { type: 'silence' } } as const;
  await withDesk({ script: script(silent) }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 31_000);
    wish(desk, {});
    await until(desk, 36_100);
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(exits(desk).length, 1);
  });
});

test('F22: the stop of a position that another hand has closed is taken away', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    assert.equal(desk.wire.venue.openConditionalOrders, 1);
    act(desk, 'closeElsewhere', { symbol: 'BTCUSDT' });
    await desk.day.pass(5_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(desk.wire.venue.openConditionalOrders, 0);
    assert.equal(asked(desk, 'DELETE', '/fapi/v1/algoOrder').length, 1);
  });
});

test('F22: the stop of a position that was closed while nobody listened is taken away once that is known', async () => {
  const deaf = { at: 135_000, for: 60_000, fault: { type: 'stall', stream: '/private/' } } as const;
  await withDesk({ script: script(deaf) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    await until(desk, 136_000);
    act(desk, 'closeElsewhere', { symbol: 'BTCUSDT' });
    await until(desk, 137_000);
    assert.equal(desk.held(bitcoin), 100);
    await until(desk, 195_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(desk.wire.venue.openConditionalOrders, 0);
  });
});

test('F23: the switch takes back a resting limit order and an orphaned stop, and leaves the stop of what is held', async () => {
  const broken = {
    ...{ at: 290_000, for: 40_900 },
    match: { method: 'DELETE', path: 'algoOrder' },
    fault: { type: 'answer', status: 500, body: '' },
  } as const;
  const options = { script: script(broken), policies: restingEntries, coins: ['BTC', 'ETH', 'SOL'] };
  await withDesk(options, async (desk) => {
    wish(desk, { BTCUSDT: 100, ETHUSDT: 200 });
    await until(desk, 290_000);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [100, 200]);
    act(desk, 'closeElsewhere', { symbol: 'ETHUSDT' });
    wish(desk, { SOLUSDT: 3_000 });
    await until(desk, 330_100);
    act(desk, 'gapMarket', { symbol: 'SOLUSDT', ticks: 5_000 });
    await until(desk, 331_000);
    assert.equal(desk.wire.floor.ledger().openOrders.length, 1);
    assert.equal(desk.wire.venue.openConditionalOrders, 2);
    kill(desk);
    await until(desk, 333_000);
    assert.equal(desk.wire.floor.ledger().openOrders.length, 0);
    assert.equal(desk.wire.venue.openConditionalOrders, 1);
    assert.deepEqual(quantities(desk, bitcoin), [100]);
    const sent = entries(desk).length;
    await until(desk, 600_000);
    assert.equal(entries(desk).length, sent, 'nothing is added under the switch');
  });
});

test('F23: with the order to be flat nothing is left, neither positions nor orders of either family', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100, ETHUSDT: -200 });
    kill(desk);
    desk.day.run.request((at) => ({ type: 'flatten.requested', at, actor: 'test', reason: 'enough' }));
    await desk.day.pass(2_000);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [0, 0]);
    assert.deepEqual(desk.wire.floor.ledger().openOrders, []);
    assert.equal(desk.wire.venue.openConditionalOrders, 0);
  });
});

test('F24: a stop that the market has passed already becomes an exit at the market at once', async () => {
  await withDesk({}, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 30_002);
    assert.equal(desk.held(bitcoin), 100);
    wish(desk, {});
    act(desk, 'gapMarket', fall);
    await until(desk, 30_020);
    assert.equal(codesOf(desk)[0], 'WOULD_TRIGGER');
    assert.equal(exits(desk).length, 1);
    assert.equal(desk.held(bitcoin), 0);
  });
});

test('F117: a position whose stop triggers and is refused then is closed within five seconds', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    act(desk, 'rejectNextTrigger', { count: 1 });
    act(desk, 'gapMarket', fall);
    const at = since(desk);
    await desk.day.pass(5_000);
    assert.equal(codesOf(desk)[0], 'TRIGGER_REJECTED');
    assert.equal(desk.held(bitcoin), 0);
    const [exit] = exits(desk);
    assert.ok((exit?.at ?? Infinity) - (Date.UTC(2026, 0, 14, 9) + at) <= 5_000);
  });
});

test('F118: what a triggered stop fills before it is linked belongs to the stop', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    const [stop] = stopsOf(desk, bitcoin);
    act(desk, 'partialFills', { steps: 76 });
    act(desk, 'gapMarket', fall);
    await desk.day.pass(30_000);
    assert.equal(desk.held(bitcoin), 0);
    const fills = desk.day.of('order.filled').slice(1);
    assert.deepEqual(
      fills.map(({ clientOrderId, quantity }) => [clientOrderId, quantity]),
      [
        [stop?.request.clientOrderId, 76],
        [stop?.request.clientOrderId, 24],
      ],
    );
    assert.equal(exits(desk).length, 0);
    assert.equal(desk.day.state.orders.get(stop?.request.clientOrderId ?? '')?.state, 'filled');
    assert.deepEqual(Object.keys(desk.day.state.impairments), []);
  });
});

/** The process dies: nothing of it reaches the venue any more, and another one is started. */
async function dieAndRise(desk: BinanceDesk): Promise<void> {
  desk.wire.network.setUp(false);
  await desk.day.stop();
  desk.wire.network.setUp(true);
  await desk.day.open();
}

for (const [name, at, sent] of [
  ['before its fill was heard of', 30_001, 0],
  ['before its stop reached the venue', 30_002, 1],
  ['before the answer to its stop', 30_003, 1],
] as const) {
  test(`F88: a desk that dies after an entry, ${name}, has exactly one stop soon after its streams are open again`, async () => {
    await withDesk({}, async (desk) => {
      wish(desk, { BTCUSDT: 100 });
      await until(desk, at);
      assert.deepEqual(
        desk.wire.floor.ledger().positions.map(({ signedQuantity }) => signedQuantity),
        [100],
      );
      assert.equal(stopsSent(desk).length, sent);
      const risesAt = desk.clock.now();
      let most = 0;
      desk.wire.floor.listen({
        onMarket: () => {
          most = Math.max(most, desk.wire.venue.openConditionalOrders);
        },
      });
      await dieAndRise(desk);
      const opened = desk.wire.requests.find(({ at: openedAt, isSocket, path }) => {
        return openedAt > risesAt && isSocket && path.startsWith('/private');
      });
      await desk.day.pass(Math.max(0, (opened?.at ?? 0) + 5_000 - desk.clock.now()));
      assert.equal(desk.held(bitcoin), 100);
      assert.equal(desk.wire.venue.openConditionalOrders, 1);
      await desk.day.pass(120_000);
      assert.equal(most, 1);
      assert.equal(entries(desk).length, 1);
    });
  });
}

test('F89, F22: what another hand closed while the desk was dead leaves no stop behind after its restart', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    desk.wire.network.setUp(false);
    await desk.day.stop();
    act(desk, 'closeElsewhere', { symbol: 'BTCUSDT' });
    await desk.day.pass(60_000);
    assert.equal(desk.wire.venue.openConditionalOrders, 1);
    desk.wire.network.setUp(true);
    await desk.day.open();
    await desk.day.pass(5_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(desk.wire.venue.openConditionalOrders, 0);
  });
});
