import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import {
  act,
  answer,
  asked,
  bitcoin,
  codesOf,
  entries,
  entryOrders,
  ether,
  exitOrders,
  exits,
  firstAt,
  posts,
  restingEntries,
  script,
  secondAt,
  stopsOf,
  until,
  wish,
  withDesk,
} from '../../support/faulty-binance.ts';

type Fault = FaultScriptInput['faults'][number]['fault'];

test('F01: a market entry whose answer is lost is asked for, and is at the venue once', async () => {
  const lost = { at: firstAt, times: 1, match: entryOrders, fault: { type: 'loseAnswer' } } as const;
  await withDesk({ script: script(lost) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(desk.day.of('order.unresolved').length, 1);
    assert.equal(entries(desk).length, 1);
  });
});

test('F01: a market exit whose answer is lost closes once', async () => {
  const lost = { at: secondAt, times: 1, match: exitOrders, fault: { type: 'loseAnswer' } } as const;
  await withDesk({ script: script(lost) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(desk.day.of('order.unresolved').length, 1);
    assert.equal(exits(desk).length, 1);
  });
});

test('F01: a limit order whose answer is lost works at the venue once', async () => {
  const lost = { at: firstAt, times: 1, match: entryOrders, fault: { type: 'loseAnswer' } } as const;
  await withDesk({ script: script(lost), policies: restingEntries }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 45_000);
    const [first] = entries(desk);
    assert.equal(first?.order.orderType, 'limit');
    assert.equal(desk.day.of('order.unresolved').length, 1);
    assert.equal(entries(desk).length, 1);
    await until(desk, 400_000);
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F01: an entry that was lost on its way is none once the venue has denied it often enough, and only then is another made', async () => {
  const lost = { at: firstAt, times: 1, match: entryOrders, fault: { type: 'loseRequest' } } as const;
  await withDesk({ script: script(lost) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(desk.day.of('order.unresolved').length, 1);
    assert.deepEqual(codesOf(desk), ['NOT_FOUND']);
    const [first, second] = entries(desk);
    assert.notEqual(first?.order.clientOrderId, second?.order.clientOrderId);
    const [verdict] = desk.day.of('order.rejected');
    assert.ok((verdict?.at ?? 0) - (first?.at ?? 0) >= 10_000);
    assert.ok((second?.at ?? 0) >= (verdict?.at ?? 0));
  });
});

for (const status of [500, 502, 504]) {
  test(`F02: an order that is answered with ${status} is not sent again`, async () => {
    const broken = { type: 'answer', status, body: '' } as const;
    await withDesk(
      { script: script({ at: firstAt, for: 60_000, match: entryOrders, fault: broken }) },
      async (desk) => {
        await desk.want({ BTCUSDT: 100 });
        const [first] = entries(desk);
        assert.equal(desk.wire.sentById.get(first?.order.clientOrderId ?? ''), 1);
        assert.ok(desk.day.of('order.unresolved').length >= 1);
        await desk.day.pass(120_000);
        assert.equal(desk.held(bitcoin), 100);
      },
    );
  });
}

test('F02: an order whose connection is reset, or that nobody answers, is not sent again', async () => {
  const faults = [
    { at: firstAt, times: 1, match: entryOrders, fault: { type: 'loseRequest' } },
    { at: secondAt, times: 1, match: entryOrders, fault: { type: 'silence' } },
  ] as const;
  await withDesk({ script: script(...faults) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await desk.want({ BTCUSDT: 100, ETHUSDT: 200 });
    await desk.day.pass(120_000);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [100, 200]);
    assert.equal(desk.day.of('order.unresolved').length, 2);
    assert.ok([...desk.wire.sentById.values()].every((count) => count === 1));
  });
});

const uncertain: readonly (readonly [string, Fault])[] = [
  ['-1006', answer(400, -1006, 'An unexpected response was received from the message bus. Execution status unknown.')],
  ['-1007', answer(408, -1007, 'Timeout waiting for response from backend server.')],
  ['503 that says it is unknown', answer(503, -1000, 'Unknown error, please check your request or try again later.')],
  ['504', { type: 'answer', status: 504, body: '<html>Gateway Time-out</html>' }],
  ['408', { type: 'answer', status: 408, body: '' }],
];

for (const [name, fault] of uncertain) {
  test(`F03: after ${name} an order that was carried out is found and not repeated`, async () => {
    const carriedOut = { ...fault, isCarriedOut: true } as Fault;
    await withDesk(
      { script: script({ at: firstAt, times: 1, match: entryOrders, fault: carriedOut }) },
      async (desk) => {
        await desk.want({ BTCUSDT: 100 });
        assert.equal(desk.held(bitcoin), 100);
        assert.equal(entries(desk).length, 1);
        assert.deepEqual(codesOf(desk), []);
        assert.equal(desk.day.of('order.unresolved').length, 1);
      },
    );
  });

  test(`F03: after ${name} an order that was not carried out is refused by questions alone`, async () => {
    await withDesk({ script: script({ at: firstAt, times: 1, match: entryOrders, fault }) }, async (desk) => {
      await until(desk, 14_000);
      wish(desk, { BTCUSDT: 100 });
      await until(desk, 39_000);
      assert.deepEqual([entries(desk).length, codesOf(desk)], [1, []]);
      await until(desk, 120_000);
      assert.deepEqual(codesOf(desk), ['NOT_FOUND']);
      assert.ok(asked(desk, 'GET', '/fapi/v1/order').length >= 5);
      assert.equal(desk.held(bitcoin), 100);
      assert.equal(entries(desk).length, 2);
    });
  });
}

test('F04: what the stream tells of an order settles it before its answer is given up', async () => {
  const silent = { at: firstAt, times: 1, match: entryOrders, fault: { type: 'silence', isCarriedOut: true } } as const;
  await withDesk({ script: script(silent), policies: restingEntries }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 31_000);
    assert.equal(desk.day.of('order.accepted').length, 1);
    await until(desk, 60_000);
    assert.equal(entries(desk).length, 1);
    assert.deepEqual(codesOf(desk), []);
    const [first] = entries(desk);
    assert.equal(desk.wire.sentById.get(first?.order.clientOrderId ?? ''), 1);
    await until(desk, 400_000);
  });
});

const unavailable: readonly (readonly [string, Fault, 'definite' | 'unknown'])[] = [
  ['Service Unavailable', answer(503, -1, 'Service Unavailable.'), 'definite'],
  ['Internal error', answer(503, -1, 'Internal error; unable to process your request. Please try again.'), 'definite'],
  [
    '-1008',
    answer(503, -1008, 'Request throttled by system-level protection. Reduce-only/close-position orders are exempt.'),
    'definite',
  ],
  ['Unknown error', answer(503, -1, 'Unknown error, please check your request or try again later.'), 'unknown'],
  ['a page of a proxy', { type: 'answer', status: 503, body: '<html><body>503</body></html>' }, 'unknown'],
];

for (const [name, fault, outcome] of unavailable) {
  test(`F05: 503 with ${name} is ${outcome}, and exits go out meanwhile`, async () => {
    await withDesk({ script: script({ at: secondAt, for: 90_000, match: entryOrders, fault }) }, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      wish(desk, { BTCUSDT: 0, ETHUSDT: 200 });
      await until(desk, 155_000);
      assert.equal(desk.held(bitcoin), 0);
      assert.equal(desk.held(ether), 0);
      assert.equal(entries(desk).length, 2);
      assert.equal(codesOf(desk).length, outcome === 'definite' ? 1 : 0);
      assert.equal(desk.day.of('order.unresolved').length, outcome === 'unknown' ? 1 : 0);
      await until(desk, 330_000);
      assert.equal(desk.held(ether), 200);
    });
  });
}

test('F06: a fill that the stream tells before the answer comes stands, and the answer changes nothing', async () => {
  const late = { at: firstAt, times: 1, match: entryOrders, fault: { type: 'delayAnswer', ms: 2_000 } } as const;
  await withDesk({ script: script(late) }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 30_500);
    assert.equal(desk.held(bitcoin), 100);
    const id = entries(desk)[0]?.order.clientOrderId ?? '';
    await until(desk, 60_000);
    assert.equal(desk.day.state.orders.get(id)?.state, 'filled');
    assert.equal(desk.day.of('order.accepted').filter(({ clientOrderId }) => clientOrderId === id).length, 1);
    assert.equal(desk.day.of('order.filled').length, 1);
    assert.equal(desk.day.of('order.unresolved').length, 0);
  });
});

/** The order is carried out, and neither its answer nor its events nor, for so long, the venue's lists tell of it. */
function hidden(ms: number): FaultScriptInput {
  return script(
    { at: firstAt, fault: { type: 'venue', action: 'hideOrders', ms } },
    { at: firstAt, fault: { type: 'venue', action: 'dropUserEvents', count: 4 } },
    { at: firstAt, times: 1, match: entryOrders, fault: { type: 'loseAnswer' } },
  );
}

test('F07: an order that the venue does not know for a while after taking it is found', async () => {
  await withDesk({ script: hidden(8_000) }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 36_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.ok(asked(desk, 'GET', '/fapi/v1/order').length >= 1);
    act(desk, 'hideOrders', { ms: 0 });
    await until(desk, 120_000);
    assert.equal(desk.held(bitcoin), 100);
    assert.deepEqual(codesOf(desk), []);
    assert.equal(entries(desk).length, 1);
  });
});

test('F07: what an order filled that the venue goes on not to know is taken over and guarded, and not ordered again', async () => {
  await withDesk({ script: hidden(60_000) }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 36_000);
    assert.equal(desk.held(bitcoin), 0);
    act(desk, 'hideOrders', { ms: 0 });
    await until(desk, 46_000);
    const [verdict] = desk.day.of('order.rejected');
    const [fill] = desk.day.of('order.filled');
    assert.equal(verdict?.code, 'NOT_FOUND');
    assert.ok((fill?.at ?? Infinity) <= (verdict?.at ?? 0), 'the history is heard before the verdict');
    assert.equal(stopsOf(desk, bitcoin).length, 1);
    await until(desk, 240_000);
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(entries(desk).length, 1);
  });
});

test('F08: a fill that crosses the cancellation of a limit order is found, and the refused cancellation cancels nothing', async () => {
  const deaf = { at: 149_000, for: 3_000, fault: { type: 'stall', stream: '/private/' } } as const;
  await withDesk({ script: script(deaf), policies: restingEntries }, async (desk) => {
    act(desk, 'gapMarket', { symbol: 'BTCUSDT', ticks: -100 });
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 31_000);
    const id = entries(desk)[0]?.order.clientOrderId ?? '';
    act(desk, 'gapMarket', { symbol: 'BTCUSDT', ticks: 50_000 });
    await until(desk, 149_500);
    assert.equal(desk.day.state.orders.get(id)?.state, 'accepted');
    act(desk, 'gapMarket', { symbol: 'BTCUSDT', ticks: -100_000 });
    await until(desk, 149_900);
    assert.equal(desk.held(bitcoin), 0);
    await until(desk, 175_000);
    assert.equal(asked(desk, 'DELETE', '/fapi/v1/order').length, 1);
    assert.equal(desk.day.state.orders.get(id)?.state, 'filled');
    assert.equal(desk.day.of('order.canceled').length + desk.day.of('order.expired').length, 0);
    await until(desk, 400_000);
  });
});

test('F08: a fill that is told after the end of its order is booked', async () => {
  const late = {
    ...{ at: firstAt, for: 200_000 },
    fault: { type: 'reorder', stream: '/private/', only: '"x":"TRADE"', windowMs: 3_000 },
  } as const;
  await withDesk({ script: script(late), policies: restingEntries, fillQuantityMax: 40 }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 31_000);
    const id = entries(desk)[0]?.order.clientOrderId ?? '';
    act(desk, 'gapMarket', { symbol: 'BTCUSDT', ticks: 50_000 });
    await until(desk, 149_500);
    act(desk, 'partialFills', { steps: 40 });
    act(desk, 'gapMarket', { symbol: 'BTCUSDT', ticks: -100_000 });
    act(desk, 'externalCancel', { symbol: 'BTCUSDT', family: 'ordinary' });
    await until(desk, 150_000);
    assert.equal(desk.day.state.orders.get(id)?.state, 'canceled');
    assert.equal(desk.held(bitcoin), 0);
    act(desk, 'partialFills', {});
    await until(desk, 153_000);
    assert.equal(desk.held(bitcoin), 40);
    await until(desk, 160_000);
    assert.equal(stopsOf(desk, bitcoin).length, 1);
    assert.ok(posts(desk).length >= 2);
  });
});
