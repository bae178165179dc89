import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changeTargets,
  codesOf,
  entries,
  euro,
  from,
  guards,
  impairedParts,
  orders,
  posts,
  reduce,
  restingEntries,
  script,
  withDesk,
  yen,
} from '../../support/faulty-oanda.ts';

const unavailable = [408, 500, 502, 503, 504];

test('F01: an order whose answer is lost is asked for, and is at the venue once', async () => {
  await withDesk(
    { script: script({ at: from, times: 1, match: orders, fault: { type: 'loseAnswer' } }) },
    async (desk) => {
      await desk.want({ EUR_USD: 1_000 });
      assert.equal(desk.held(euro), 1_000);
      assert.equal(desk.day.of('order.unresolved').length, 1);
      assert.equal(posts(desk).length, 1);
    },
  );
});

test('F01: an exit whose answer is lost is asked for, and closes once', async () => {
  const lost = { at: 150_000, times: 1, match: orders, fault: { type: 'loseAnswer' } } as const;
  await withDesk({ script: script(lost) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    assert.equal(desk.held(euro), 1_000);
    await desk.want({ EUR_USD: 0 });
    assert.equal(desk.held(euro), 0);
    assert.equal(desk.day.of('order.unresolved').length, 1);
    assert.equal(posts(desk).length, 2);
  });
});

test('F01: an order that was lost on its way is none once the venue has denied it often enough, and only then is another made', async () => {
  await withDesk(
    { script: script({ at: from, times: 1, match: orders, fault: { type: 'loseRequest' } }) },
    async (desk) => {
      await desk.want({ EUR_USD: 1_000 });
      assert.equal(desk.held(euro), 1_000);
      assert.equal(desk.day.of('order.unresolved').length, 1);
      assert.deepEqual(codesOf(desk), ['NOT_FOUND']);
      const [first, second] = desk.day.of('order.submitted');
      assert.notEqual(first?.order.clientOrderId, second?.order.clientOrderId);
      const [verdict] = desk.day.of('order.rejected');
      assert.ok((verdict?.at ?? 0) - (first?.at ?? 0) >= 10_000);
      assert.ok((second?.at ?? 0) >= (verdict?.at ?? 0));
    },
  );
});

test('F01: an exit that was lost on its way is followed by another one', async () => {
  const lost = { at: 150_000, times: 1, match: orders, fault: { type: 'loseRequest' } } as const;
  await withDesk({ script: script(lost) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    await desk.want({ EUR_USD: 0 });
    assert.equal(desk.held(euro), 0);
    assert.equal(desk.day.of('order.unresolved').length, 1);
    assert.equal(posts(desk).length, 3);
  });
});

test('F01: a resting order whose answer is lost is found at work', async () => {
  const lost = { at: from, times: 1, match: orders, fault: { type: 'loseAnswer' } } as const;
  await withDesk({ script: script(lost), policies: restingEntries }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    await desk.day.pass(240_000);
    assert.equal(entries(desk)[0]?.order.orderType, 'limit');
    assert.equal(desk.day.of('order.unresolved').length, 1);
    assert.equal(desk.held(euro), 1_000);
    assert.deepEqual(codesOf(desk), []);
  });
});

test('F01, F31: an order whose answer and whose news on the stream are lost is found in the history of the account', async () => {
  const lost = { at: from, times: 1, match: orders, fault: { type: 'loseAnswer' } } as const;
  const mute = { at: from - 500, for: 7_000, fault: { type: 'stall', stream: 'transactions' } } as const;
  await withDesk({ script: script(lost, mute) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    const [sent] = desk.day.of('order.submitted');
    const [fill] = desk.day.of('order.filled');
    const [open] = desk.day.of('order.unresolved');
    assert.ok((open?.at ?? Infinity) < (fill?.at ?? 0), 'the stream said nothing');
    assert.ok((fill?.at ?? Infinity) - (sent?.at ?? 0) < 4_000, 'the stream is not yet given up');
    assert.equal(entries(desk).length, 1);
    await desk.day.pass(60_000);
    assert.deepEqual(
      guards(desk).map(({ request }) => request.quantity),
      [1_000],
      'one stop is left',
    );
  });
});

test('F02: no order is sent a second time, whatever the network and the proxies do', async () => {
  const bodies = [500, 502, 504].map((status) => ({
    ...{ at: from, times: 1, match: orders },
    fault: { type: 'answer', status, body: '{}', isCarriedOut: true } as const,
  }));
  const reset = { at: from, times: 1, match: orders, fault: { type: 'loseAnswer' } } as const;
  await withDesk({ script: script(...bodies, reset) }, async (desk) => {
    for (const EUR_USD of [1_000, 2_000, 3_000, 4_000]) await desk.want({ EUR_USD });
    assert.equal(desk.held(euro), 4_000);
    assert.equal(desk.day.of('order.unresolved').length, 4);
    assert.equal(posts(desk).length, 4);
    assert.equal(desk.day.of('order.submitted').length, 4);
  });
});

for (const status of unavailable) {
  for (const isCarriedOut of [true, false]) {
    const truth = isCarriedOut ? 'was carried out' : 'was not carried out';
    test(`F03: status ${status} to an order that ${truth} leaves open what came of it until the venue is asked`, async () => {
      const fault = { type: 'answer', status, body: '{"errorMessage":"Try again"}', isCarriedOut } as const;
      await withDesk({ script: script({ at: from, times: 1, match: orders, fault }) }, async (desk) => {
        await desk.want({ EUR_USD: 1_000 });
        assert.equal(desk.held(euro), 1_000);
        assert.equal(desk.day.of('order.unresolved').length, 1);
        assert.deepEqual(codesOf(desk), isCarriedOut ? [] : ['NOT_FOUND']);
        assert.equal(posts(desk).length, isCarriedOut ? 1 : 2);
      });
    });
  }
}

test('F04: an order that the stream tells as filled is not asked for and not sent again when its answer never comes', async () => {
  const fault = { type: 'silence', isCarriedOut: true } as const;
  await withDesk({ script: script({ at: from, times: 1, match: orders, fault }) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    const [sent] = desk.day.of('order.submitted');
    const [fill] = desk.day.of('order.filled');
    assert.ok((fill?.at ?? Infinity) - (sent?.at ?? 0) < 2_000, 'the stream told it');
    const [unresolved] = desk.day.of('order.unresolved');
    assert.ok((unresolved?.at ?? 0) - (sent?.at ?? 0) >= 10_000, 'the answer was waited for');
    assert.equal(desk.day.state.orders.get(sent?.order.clientOrderId ?? '')?.state, 'filled');
    const asked = desk.wire.requests.filter(({ method, path }) => method === 'GET' && path.includes('/orders/@'));
    assert.deepEqual(asked, []);
    assert.equal(posts(desk).length, 1);
  });
});

test('F05: a page of a proxy in place of an answer is no refusal, and exits go while it is open what came of an entry', async () => {
  const fault = { type: 'answer', status: 503, body: '<html>Service Unavailable</html>', isCarriedOut: false } as const;
  await withDesk({ script: script({ at: 150_000, times: 1, match: orders, fault }) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    changeTargets(desk, { EUR_USD: 2_000 });
    for (let waited = 0; waited < 120 && desk.day.of('order.unresolved').length === 0; waited += 1)
      await desk.day.pass(1_000);
    assert.equal(desk.day.of('order.unresolved').length, 1);
    reduce(desk, euro, 400);
    await desk.day.pass(1_000);
    assert.equal(desk.held(euro), 600);
    assert.deepEqual(codesOf(desk), [], 'what came of the entry is still open');
    await desk.day.pass(60_000);
    assert.deepEqual(codesOf(desk), ['NOT_FOUND']);
  });
});

test('F05: a definite refusal is told as one with the code of the venue and is asked about no more', async () => {
  await withDesk({}, async (desk) => {
    desk.wire.server.act('rejectNext', { reason: 'PRICE_BOUND_INVALID', times: 1 });
    await desk.want({ EUR_USD: 1_000 });
    assert.deepEqual(codesOf(desk), ['PRICE_BOUND_INVALID']);
    assert.equal(desk.day.of('order.unresolved').length, 0);
    assert.equal(posts(desk).length, 2);
    assert.equal(desk.held(euro), 1_000);
  });
});

test('F06: an order that is told as filled before its answer comes is filled once', async () => {
  const late = { at: from, times: 1, match: orders, fault: { type: 'delayAnswer', ms: 2_000 } } as const;
  await withDesk({ script: script(late) }, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    const [sent] = desk.day.of('order.submitted');
    const fills = desk.day.of('order.filled');
    assert.equal(fills.length, 1);
    assert.ok((fills[0]?.at ?? Infinity) - (sent?.at ?? 0) < 2_000);
    assert.equal(desk.day.of('order.unresolved').length, 0);
    assert.equal(desk.held(euro), 1_000);
  });
});

test('F07: an order that cannot be found for a while is not taken for none', async () => {
  const lost = { at: from, times: 1, match: orders, fault: { type: 'loseAnswer' } } as const;
  const gone = { at: from, for: 60_000, fault: { type: 'stall', stream: 'transactions' } } as const;
  await withDesk({ script: script(lost, gone), policies: restingEntries }, async (desk) => {
    desk.wire.server.act('hideOrders', { ms: 8_000 });
    await desk.want({ EUR_USD: 1_000 });
    await desk.day.pass(240_000);
    const asked = desk.wire.requests.filter(({ method, path }) => method === 'GET' && path.includes('/orders/'));
    assert.ok(asked.length >= 1, 'the venue was asked');
    assert.deepEqual(codesOf(desk), []);
    assert.equal(desk.held(euro), 1_000);
    desk.wire.server.act('hideOrders', { ms: 0 });
  });
});

test('F01, F43: a reduction that is asked for while the network is down goes out once it is back, and once', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ EUR_USD: 1_000 });
    await desk.want({});
    desk.wire.network.setUp(false);
    await desk.day.pass(5_000);
    reduce(desk, euro, 400);
    await desk.day.pass(60_000);
    assert.equal(desk.held(euro), 1_000);
    assert.equal(posts(desk).length, 1);
    assert.ok(impairedParts(desk).includes('account'));
    desk.wire.network.setUp(true);
    await desk.day.pass(5_000);
    assert.equal(desk.held(euro), 600);
    assert.equal(posts(desk).length, 2);
    assert.deepEqual(codesOf(desk), []);
  });
});

test('F01, F43: a desk that is to be flattened while the network is down is flat soon after it is back', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ EUR_USD: 1_000, USD_JPY: -2_000 });
    desk.wire.network.setUp(false);
    await desk.day.pass(5_000);
    desk.day.run.request((at) => ({ type: 'kill.engaged', at, actor: 'test', reason: 'enough' }));
    desk.day.run.request((at) => ({ type: 'flatten.requested', at, actor: 'test', reason: 'enough' }));
    await desk.day.pass(30_000);
    assert.deepEqual([desk.held(euro), desk.held(yen)], [1_000, -2_000]);
    desk.wire.network.setUp(true);
    await desk.day.pass(20_000);
    assert.deepEqual([desk.held(euro), desk.held(yen)], [0, 0]);
    assert.equal(entries(desk).length, 2);
  });
});

test('F43: a position that lost its stop right before the network went down is flat once it is back, and nothing is left', async () => {
  await withDesk({}, async (desk) => {
    const { day, wire } = desk;
    await desk.want({ EUR_USD: 1_000 });
    await desk.want({});
    const [entry] = entries(desk);
    wire.server.act('externalCancel', { order: `@${entry?.order.clientOrderId}-s` });
    await day.pass(1_000);
    wire.network.setUp(false);
    await day.pass(60_000);
    assert.equal(posts(desk).length, 1, 'neither the stop nor the exit could leave');
    wire.network.setUp(true);
    await day.pass(30_000);
    assert.equal(desk.held(euro), 0);
    assert.deepEqual(wire.floor.ledger().openOrders, []);
  });
});

for (const type of ['loseAnswer', 'loseRequest'] as const) {
  const truth = type === 'loseAnswer' ? 'and that was carried out' : 'and that never arrived';
  test(`F01: a restart in the middle of an order of which nothing is known ${truth} sends nothing twice`, async () => {
    await withDesk({ script: script({ at: from, times: 1, match: orders, fault: { type } }) }, async (desk) => {
      const { day } = desk;
      changeTargets(desk, { EUR_USD: 1_000 });
      for (let waited = 0; waited < 240 && day.of('order.unresolved').length === 0; waited += 1) await day.pass(500);
      const [sent] = day.of('order.submitted');
      await day.stop();
      await day.pass(20_000);
      await day.open();
      await day.pass(120_000);
      assert.equal(desk.held(euro), 1_000);
      assert.deepEqual(codesOf(desk), type === 'loseAnswer' ? [] : ['NOT_FOUND']);
      assert.equal(desk.wire.sentById.get(sent?.order.clientOrderId ?? ''), 1);
      assert.equal(posts(desk).length, type === 'loseAnswer' ? 1 : 2);
    });
  });
}
