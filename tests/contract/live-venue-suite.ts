import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { Instrument } from '#domain/instrument.ts';
import { signOf } from '#domain/order.ts';
import { type LiveVenueScene, type OpenScene, openScene } from '../support/live-venue-scene.ts';

type Row = (scene: OpenScene, instrument: Instrument, other: Instrument) => Promise<void>;

/**
 * What every venue must do, whoever built it. A venue passes it unchanged, or it is not a venue. Rows follow the acceptance lists of
 * trading systems: orders of each type from flat, long and short, across zero, refused, amended, cancelled, found again, and books
 * that agree with the venue's own to the last step.
 */
export function liveVenueSuite(name: string, open: () => Promise<LiveVenueScene>): void {
  for (const [title, row] of Object.entries(rows)) {
    test(`${name}: ${title}`, async () => {
      const scene = await openScene(await open());
      try {
        const [instrument, other] = scene.instruments;
        await row(scene, present(instrument, 'an instrument'), present(other, 'another instrument'));
        await agree(scene);
      } finally {
        await scene.close();
      }
    });
  }
}

/** A quantity that is well above every minimum and far below every margin. */
function lots(instrument: Instrument, count = 1): number {
  const smallest = Math.max(instrument.minimumQuantity, instrument.lotSize);
  return Math.ceil((smallest * 20 * count) / instrument.lotSize) * instrument.lotSize;
}

async function fillAtMarket(scene: OpenScene, instrument: Instrument, signedQuantity: number): Promise<string> {
  const side = signedQuantity > 0 ? 'buy' : 'sell';
  const id = scene.send({ instrument: instrument.id, side, quantity: Math.abs(signedQuantity) });
  await scene.pass(3_000);
  return id;
}

/** The books told by fills, the report and the venue's own ledger are one and the same. */
async function agree(scene: OpenScene): Promise<void> {
  await scene.pass(2_000);
  const report = await scene.report();
  const ledger = scene.ledger();
  const held = (list: readonly { instrument: string; signedQuantity: number }[]): [string, number][] =>
    list
      .map(({ instrument, signedQuantity }): [string, number] => [instrument, signedQuantity])
      .sort(([left], [right]) => (left < right ? -1 : 1));
  assert.deepEqual(held(report.positions), held(ledger.positions), 'report and ledger');
  assert.deepEqual(held(positionsOfFills(scene)), held(ledger.positions), 'fills and ledger');
  assert.equal(report.openOrders.length, ledger.openOrders, 'working orders');
  assert.ok(Math.abs(report.balance - ledger.balance) <= 1, `balance ${report.balance} of ${ledger.balance}`);
}

function positionsOfFills(scene: OpenScene): { instrument: string; signedQuantity: number }[] {
  const sums = new Map<string, number>();
  const seen = new Set<string>();
  for (const fill of scene.of('order.filled')) {
    const key = `${fill.instrument} ${fill.fillId}`;
    if (seen.has(key)) continue;
    seen.add(key);
    sums.set(fill.instrument, (sums.get(fill.instrument) ?? 0) + signOf(fill.side) * fill.quantity);
  }
  return [...sums]
    .filter(([, signedQuantity]) => signedQuantity !== 0)
    .map(([instrument, signedQuantity]) => ({ instrument, signedQuantity }));
}

function tickAway(scene: OpenScene, instrument: Instrument, side: 'buy' | 'sell', fraction: number): number {
  const { bidPrice, askPrice } = scene.quote(instrument.id);
  const price = side === 'buy' ? bidPrice * (1 - fraction) : askPrice * (1 + fraction);
  return Math.round(price / instrument.tickSize) * instrument.tickSize;
}

const rows: Readonly<Record<string, Row>> = {
  'a good account passes every check before the start': async (scene) => {
    const checks = await scene.settled(scene.port.preflight());
    assert.ok(checks.length >= 4, `found ${checks.length} checks`);
    assert.deepEqual(
      checks.filter(({ isPassed }) => !isPassed),
      [],
    );
  },

  'an instrument that is not listed is refused by name': async (scene) => {
    await assert.rejects(scene.settled(scene.port.instruments(['NO_SUCH'])), { name: 'VenueError', kind: 'refused' });
  },

  'quotes and closed bars arrive, each bar once and in order': async (scene, instrument) => {
    await scene.pass(190_000);
    assert.ok(scene.of('quote.updated').length > 2);
    for (const quote of scene.of('quote.updated')) assert.ok(quote.bidPrice > 0 && quote.askPrice >= quote.bidPrice);
    const opens = scene
      .of('bar.closed')
      .filter((bar) => bar.instrument === instrument.id)
      .map(({ openAt }) => openAt);
    assert.ok(opens.length >= 3, `found ${opens.length} bars`);
    opens.forEach((openAt, index) => {
      if (index > 0) assert.equal(openAt - (opens[index - 1] ?? 0), 60_000);
    });
  },

  'the past is closed, whole and in order': async (scene, instrument) => {
    await scene.pass(120_000);
    const untilAt = Math.floor(scene.clock.now() / 60_000) * 60_000;
    const bars = await scene.settled(scene.port.bars(instrument, untilAt - 30 * 60_000, untilAt));
    assert.ok(bars.length >= 20, `found ${bars.length} bars`);
    assert.deepEqual(
      bars.map(({ openAt }) => openAt),
      [...new Set(bars.map(({ openAt }) => openAt))].sort((left, right) => left - right),
    );
    for (const bar of bars) {
      assert.ok(bar.openAt >= untilAt - 30 * 60_000 && bar.openAt < untilAt);
      assert.ok(bar.low > 0 && bar.low <= Math.min(bar.open, bar.close) && bar.high >= Math.max(bar.open, bar.close));
    }
  },

  'a market buy from flat is taken and filled once': async (scene, instrument) => {
    const id = await fillAtMarket(scene, instrument, lots(instrument));
    assert.equal(scene.of('order.accepted', id).length, 1);
    const fills = scene.of('order.filled', id);
    assert.equal(
      fills.reduce((sum, { quantity }) => sum + quantity, 0),
      lots(instrument),
    );
    for (const fill of fills) assert.ok(fill.price > 0 && fill.fillId !== '' && fill.venueOrderId !== '');
  },

  'a long position is closed': async (scene, instrument) => {
    await fillAtMarket(scene, instrument, lots(instrument));
    scene.send({
      instrument: instrument.id,
      side: 'sell',
      quantity: lots(instrument),
      isReduceOnly: true,
      purpose: 'exit',
    });
    await scene.pass(3_000);
    assert.deepEqual((await scene.report()).positions, []);
  },

  'a short position is opened and closed': async (scene, instrument) => {
    await fillAtMarket(scene, instrument, -lots(instrument));
    assert.equal((await scene.report()).positions[0]?.signedQuantity, -lots(instrument));
    scene.send({
      instrument: instrument.id,
      side: 'buy',
      quantity: lots(instrument),
      isReduceOnly: true,
      purpose: 'exit',
    });
    await scene.pass(3_000);
    assert.deepEqual((await scene.report()).positions, []);
  },

  'one order turns a long position into a short one and back': async (scene, instrument) => {
    await fillAtMarket(scene, instrument, lots(instrument));
    await fillAtMarket(scene, instrument, -2 * lots(instrument));
    assert.equal((await scene.report()).positions[0]?.signedQuantity, -lots(instrument));
    await fillAtMarket(scene, instrument, 2 * lots(instrument));
    assert.equal((await scene.report()).positions[0]?.signedQuantity, lots(instrument));
  },

  'two instruments are held side by side': async (scene, instrument, other) => {
    await fillAtMarket(scene, instrument, lots(instrument));
    await fillAtMarket(scene, other, -lots(other));
    assert.equal((await scene.report()).positions.length, 2);
  },

  'a limit away from the market waits under our id until it is cancelled': async (scene, instrument) => {
    const limitPrice = tickAway(scene, instrument, 'buy', 0.02);
    const id = scene.send({
      instrument: instrument.id,
      side: 'buy',
      quantity: lots(instrument),
      orderType: 'limit',
      limitPrice,
      timeInForce: 'goodTillCancel',
    });
    await scene.pass(3_000);
    const [order] = (await scene.report()).openOrders;
    assert.deepEqual([order?.clientOrderId, order?.limitPrice, order?.family], [id, limitPrice, 'ordinary']);
    scene.cancel(id);
    await scene.pass(3_000);
    assert.equal(scene.of('order.canceled', id).length, 1);
    assert.deepEqual((await scene.report()).openOrders, []);
  },

  'a limit is moved and keeps our id': async (scene, instrument) => {
    const id = scene.send({
      instrument: instrument.id,
      side: 'sell',
      quantity: lots(instrument),
      orderType: 'limit',
      limitPrice: tickAway(scene, instrument, 'sell', 0.03),
      timeInForce: 'goodTillCancel',
    });
    await scene.pass(3_000);
    const limitPrice = tickAway(scene, instrument, 'sell', 0.02);
    scene.port.send({
      type: 'order.amendRequested',
      at: scene.clock.now(),
      clientOrderId: id,
      stopPrice: null,
      limitPrice,
      reason: 'asked',
    });
    await scene.pass(3_000);
    assert.equal(scene.of('order.amended', id).at(-1)?.limitPrice, limitPrice);
    const [order] = (await scene.report()).openOrders;
    assert.deepEqual([order?.clientOrderId, order?.limitPrice], [id, limitPrice]);
    assert.deepEqual(scene.of('order.canceled', id), []);
  },

  'a protective stop waits, and closes the position once its price is met': async (scene, instrument) => {
    await fillAtMarket(scene, instrument, lots(instrument));
    const stopPrice = tickAway(scene, instrument, 'buy', 0.01);
    const id = scene.send({
      instrument: instrument.id,
      side: 'sell',
      quantity: lots(instrument),
      orderType: 'stop',
      stopPrice,
      timeInForce: 'goodTillCancel',
      isReduceOnly: true,
      purpose: 'stopLoss',
    });
    await scene.pass(3_000);
    const [order] = (await scene.report()).openOrders;
    assert.deepEqual(
      [order?.clientOrderId, order?.stopPrice, order?.isReduceOnly, order?.quantity],
      [id, stopPrice, true, lots(instrument)],
    );
    scene.gap(instrument.id, -Math.ceil((scene.quote(instrument.id).bidPrice * 0.015) / instrument.tickSize));
    await scene.pass(20_000);
    assert.deepEqual((await scene.report()).positions, []);
    assert.equal(
      scene.of('order.filled', id).reduce((sum, { quantity }) => sum + quantity, 0),
      lots(instrument),
    );
  },

  'a reduction larger than the position does not turn it': async (scene, instrument) => {
    await fillAtMarket(scene, instrument, lots(instrument));
    scene.send({
      instrument: instrument.id,
      side: 'sell',
      quantity: 3 * lots(instrument),
      isReduceOnly: true,
      purpose: 'exit',
    });
    await scene.pass(3_000);
    const held = (await scene.report()).positions[0]?.signedQuantity ?? 0;
    assert.ok(held >= 0, `held ${held}`);
  },

  'a reduction of nothing is refused and opens nothing': async (scene, instrument) => {
    const id = scene.send({
      instrument: instrument.id,
      side: 'sell',
      quantity: lots(instrument),
      isReduceOnly: true,
      purpose: 'exit',
    });
    await scene.pass(3_000);
    assert.deepEqual((await scene.report()).positions, []);
    const ends = [
      ...scene.of('order.rejected', id),
      ...scene.of('order.canceled', id),
      ...scene.of('order.expired', id),
    ];
    assert.equal(ends.length, 1);
  },

  'an order beyond the account is refused with the reason, and nothing is at the venue': async (scene, instrument) => {
    const most = Math.floor(instrument.maximumQuantity / instrument.lotSize) * instrument.lotSize;
    const id = scene.send({ instrument: instrument.id, side: 'buy', quantity: most });
    await scene.pass(3_000);
    const ends = [...scene.of('order.rejected', id), ...scene.of('order.canceled', id)];
    assert.equal(ends.length, 1);
    assert.notEqual(ends[0]?.reason, '');
    assert.deepEqual((await scene.report()).positions, []);
  },

  'an order that works, one that has filled and one that never was are found as what they are': async (
    scene,
    instrument,
  ) => {
    const filled = await fillAtMarket(scene, instrument, lots(instrument));
    const working = scene.send({
      instrument: instrument.id,
      side: 'buy',
      quantity: lots(instrument),
      orderType: 'limit',
      limitPrice: tickAway(scene, instrument, 'buy', 0.02),
      timeInForce: 'goodTillCancel',
    });
    await scene.pass(3_000);
    const ended = await scene.settled(scene.port.findOrder(filled, instrument.id));
    assert.equal(ended.type === 'found' && !ended.isWorking, true);
    const told = new Set(scene.of('order.filled', filled).map(({ fillId }) => fillId));
    const found = ended.type === 'found' ? ended.events.filter((event) => event.type === 'order.filled') : [];
    assert.deepEqual(new Set(found.map(({ fillId }) => fillId)), told);
    const open = await scene.settled(scene.port.findOrder(working, instrument.id));
    assert.equal(open.type === 'found' && open.isWorking, true);
    assert.deepEqual(await scene.settled(scene.port.findOrder('tw-suite-never', instrument.id)), { type: 'absent' });
  },

  'what happened since a cursor is told again under the same ids': async (scene, instrument) => {
    const { cursor } = await scene.report();
    const id = await fillAtMarket(scene, instrument, lots(instrument));
    await scene.pass(2_000);
    const history = await scene.settled(scene.port.catchUp(cursor));
    const fills = history.events.filter((event) => event.type === 'order.filled');
    assert.deepEqual(
      fills.map(({ fillId, quantity, clientOrderId }) => [fillId, quantity, clientOrderId]),
      scene.of('order.filled', id).map(({ fillId, quantity, clientOrderId }) => [fillId, quantity, clientOrderId]),
    );
    const again = await scene.settled(scene.port.catchUp(history.cursor));
    assert.deepEqual(
      again.events.filter(
        (event) => event.type === 'order.filled' && !fills.some((fill) => fill.fillId === event.fillId),
      ),
      [],
    );
  },

  'everything is cancelled but what is to stay': async (scene, instrument) => {
    await fillAtMarket(scene, instrument, lots(instrument));
    const stop = scene.send({
      instrument: instrument.id,
      side: 'sell',
      quantity: lots(instrument),
      orderType: 'stop',
      stopPrice: tickAway(scene, instrument, 'buy', 0.02),
      timeInForce: 'goodTillCancel',
      isReduceOnly: true,
      purpose: 'stopLoss',
    });
    for (const fraction of [0.02, 0.03]) {
      scene.send({
        instrument: instrument.id,
        side: 'buy',
        quantity: lots(instrument),
        orderType: 'limit',
        limitPrice: tickAway(scene, instrument, 'buy', fraction),
        timeInForce: 'goodTillCancel',
      });
    }
    await scene.pass(3_000);
    const outcome = await scene.settled(scene.port.cancelAll(new Set([stop])));
    assert.deepEqual([outcome.attempted, outcome.problems], [2, []]);
    await scene.pass(3_000);
    assert.deepEqual(
      (await scene.report()).openOrders.map(({ clientOrderId }) => clientOrderId),
      [stop],
    );
    await scene.settled(scene.port.cancelAll(new Set()));
    await scene.pass(3_000);
    assert.deepEqual((await scene.report()).openOrders, []);
  },

  'a position is closed by the venue alone, and closing nothing is no failure': async (scene, instrument) => {
    await fillAtMarket(scene, instrument, -lots(instrument));
    await scene.settled(scene.port.closePosition(instrument.id));
    await scene.pass(3_000);
    assert.deepEqual((await scene.report()).positions, []);
    await scene.settled(scene.port.closePosition(instrument.id));
  },

  'a trade by other hands is told as a fill that is not ours': async (scene, instrument) => {
    scene.tradeByOtherHands(instrument.id, lots(instrument));
    await scene.pass(5_000);
    const fills = scene.of('order.filled');
    assert.equal(
      fills.reduce((sum, { quantity }) => sum + quantity, 0),
      lots(instrument),
    );
    for (const fill of fills) assert.match(fill.clientOrderId, /^external-/);
  },

  'a cancellation that comes too late ends nothing that had filled': async (scene, instrument) => {
    const id = await fillAtMarket(scene, instrument, lots(instrument));
    scene.cancel(id);
    await scene.pass(5_000);
    assert.deepEqual([scene.of('order.canceled', id), scene.of('order.rejected', id)], [[], []]);
  },
};
