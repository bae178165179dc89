import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { eventSchemas } from '#domain/events.ts';
import {
  brief,
  eurJpy,
  eurUsd,
  eventsOf,
  minuteMs,
  noonAt,
  openScene,
  plainCosts,
  showBar,
  showQuote,
  showTime,
  submit,
  usdJpy,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';
import { playSteps, stepArbitrary } from '../../tests/support/venue-steps.ts';
import { simulatedVenue } from './simulated-venue.ts';

test('a market order meets the open of the first bar that opens at its arrival, and fills before the bar itself is told', () => {
  const scene = openScene();
  showBar(scene, [110_000, 110_020, 109_990, 110_010]);
  submit(scene);
  const events = showBar(scene, [110_015, 110_030, 110_000, 110_020]);
  assert.deepEqual(brief(events), ['o1 accepted', 'o1 filled buy 1000 at 110025']);
  const [fill] = eventsOf(events, 'order.filled');
  assert.deepEqual(fill, {
    type: 'order.filled',
    at: noonAt + 2 * minuteMs,
    clientOrderId: 'o1',
    venueOrderId: 'sim-order-1',
    fillId: 'sim-fill-1',
    instrument: eurUsd,
    side: 'buy',
    quantity: 1_000,
    price: 110_025,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 50_000,
    balance: 10_000_000_000,
    venueAt: noonAt + minuteMs,
    isPessimistic: false,
  });
});

test('with latency an order that comes just after a bar opened waits for the next one', () => {
  const scene = openScene({ costs: { ...plainCosts, latencyMs: 250 } });
  showBar(scene, [110_000, 110_020, 109_990, 110_010]);
  submit(scene);
  const first = showBar(scene, [110_015, 110_030, 110_000, 110_020]);
  assert.deepEqual(brief(first), ['o1 accepted']);
  assert.equal(first[0]?.at, noonAt + minuteMs + 250);
  assert.deepEqual(brief(showBar(scene, [110_021, 110_030, 110_000, 110_020])), ['o1 filled buy 1000 at 110031']);
});

test('with quotes an order fills at the first quote at or after its arrival, and the bar of those quotes adds nothing', () => {
  const scene = openScene({ costs: { ...plainCosts, latencyMs: 250 } });
  showQuote(scene, noonAt, 110_000);
  submit(scene, { bracket: { stopPrice: 109_900, targetPrice: null } });
  assert.deepEqual(brief(showQuote(scene, noonAt + 249, 110_001)), []);
  const events = showQuote(scene, noonAt + 250, 110_002);
  assert.deepEqual(brief(events), ['o1 accepted', 'o1 filled buy 1000 at 110012', 'o1-s accepted stopLoss 1000']);
  assert.deepEqual(brief(showBar(scene, [110_000, 110_010, 109_800, 110_000], { openAt: noonAt })), []);
  assert.deepEqual(brief(showBar(scene, [110_000, 110_010, 109_800, 110_000], { openAt: noonAt + minuteMs })), [
    'o1-s filled sell 1000 at 109900',
  ]);
});

test('a yen profit becomes dollars at the current mid of the dollar against the yen', () => {
  const scene = openScene();
  showBar(scene, [150_000, 150_000, 150_000, 150_000], { instrument: usdJpy, openAt: noonAt });
  showBar(scene, [160_000, 160_000, 160_000, 160_000], { instrument: eurJpy, openAt: noonAt });
  submit(scene, { instrument: eurJpy, quantity: 10_000 });
  showBar(scene, [160_000, 160_500, 160_000, 160_500], { instrument: eurJpy });
  submit(scene, { clientOrderId: 'o2', instrument: eurJpy, quantity: 10_000, side: 'sell' });
  const events = showBar(scene, [160_500, 160_500, 160_500, 160_500], { instrument: eurJpy });
  const [fill] = eventsOf(events, 'order.filled');
  // 10,000 × (160.500 − 160.010) yen ÷ 150.005 = 32.665577814… dollars.
  assert.equal(fill?.realizedPnl, 32_665_578);
  assert.equal(fill?.balance, 10_032_665_578);
});

test('polling gives only what is due and keeps the order of time', () => {
  const scene = openScene({ costs: { ...plainCosts, latencyMs: 500 } });
  showQuote(scene, noonAt, 110_000);
  submit(scene);
  assert.equal(scene.venue.poll(noonAt + 499), undefined);
  assert.equal(scene.venue.poll(noonAt + 500)?.type, 'order.accepted');
  assert.equal(scene.venue.poll(noonAt + 500), undefined);
});

test('a clock tick makes acceptances, expiries and the turn of the day known without any price', () => {
  const scene = openScene();
  showQuote(scene, noonAt, 110_000);
  submit(scene, { orderType: 'limit', limitPrice: 109_000, timeInForce: 'goodTillTime', expiresAt: noonAt + 30_000 });
  assert.deepEqual(brief(showTime(scene, noonAt + 30_000)), ['o1 accepted']);
  const events = showTime(scene, noonAt + 60_000);
  assert.deepEqual(brief(events), ['o1 expired']);
  assert.equal(events[0]?.at, noonAt + 30_000);
});

test('the report tells balance, positions and working orders', () => {
  const scene = openScene();
  showQuote(scene, noonAt, 110_000);
  submit(scene, { bracket: { stopPrice: 109_000, targetPrice: 111_000 } });
  showQuote(scene, noonAt + 1_000, 110_000);
  submit(scene, { clientOrderId: 'o2', orderType: 'limit', limitPrice: 109_500 });
  showTime(scene, noonAt + 2_000);
  assert.deepEqual(scene.venue.report(), {
    balance: 10_000_000_000,
    positions: [{ instrument: eurUsd, signedQuantity: 1_000, cost: 110_010_000 }],
    openOrderIds: ['o1-s', 'o1-t', 'o2'],
  });
});

test('an unknown instrument and a quote that cannot be traded leave the venue as it is', () => {
  const scene = openScene();
  showQuote(scene, noonAt, 110_000);
  showQuote(scene, noonAt + 1, 0, { askPrice: 10 });
  showQuote(scene, noonAt + 2, 110_050, { askPrice: 110_040 });
  showQuote(scene, noonAt + 3, 1, { instrument: 'GBPUSD.OANDA' });
  assert.equal(scene.state.books.get(eurUsd)?.bidPrice, 110_000);
});

const manySteps = fc.array(stepArbitrary, { minLength: 2, maxLength: 60, size: 'max' });

function checkLedger(scene: VenueScene): void {
  const fills = eventsOf(scene.log, 'order.filled');
  const realized = fills.reduce((sum, fill) => sum + fill.realizedPnl - fill.fee, 0);
  const financing = eventsOf(scene.log, 'financing.charged').reduce((sum, charge) => sum + charge.amount, 0);
  assert.equal(scene.state.startBalance + realized + financing, scene.state.balance);
}

/** What children of a book may still fill, per direction and kind, against the position. */
function checkChildren(scene: VenueScene): void {
  for (const book of scene.state.books.values()) {
    for (const kind of ['stop', 'limit'] as const) {
      const children = [...scene.state.workingById.values()].filter(
        (order) => order.instrument === book.instrument.id && order.parentOrderId !== null && order.orderType === kind,
      );
      const held = book.position.signedQuantity;
      const sum = children.reduce((total, order) => total + order.quantity - order.filledQuantity, 0);
      assert.ok(sum <= Math.abs(held), `${kind} children of ${sum} exceed a position of ${held}`);
      assert.ok(children.every((order) => order.side === (held > 0 ? 'sell' : 'buy')));
    }
  }
}

function checkEvents(scene: VenueScene): void {
  let lastAt = -Infinity;
  for (const event of scene.log) {
    assert.ok(event.at >= lastAt, 'events come in the order of their times');
    lastAt = event.at;
    eventSchemas[event.type].parse(event);
  }
}

test('whatever happens, the ledger adds up, children stay within the position and time never runs back', () => {
  fc.assert(
    fc.property(
      manySteps,
      fc.option(fc.constantFrom(300, 700)),
      fc.constantFrom(60, 150),
      (steps, fillQuantityMax, dollars) => {
        const costs = {
          ...plainCosts,
          otherwise: { spreadPips: [1], slippagePips: 0.2, commissionPerMillion: 35 },
          financingRates: { USD: 0.04, EUR: 0.02, JPY: 0.001 },
          financingMarkup: 0.01,
          latencyMs: 20,
        };
        const scene = openScene({ costs, fillQuantityMax, startBalance: dollars * 1_000_000 });
        playSteps(scene, steps, () => {
          checkLedger(scene);
          checkChildren(scene);
        });
        checkEvents(scene);
        const open = [...scene.state.books.values()].filter((book) => book.position.signedQuantity !== 0).length;
        assert.equal(scene.state.openPositions, open);
        const listed = [...scene.state.books.values()].flatMap((book) =>
          book.orders.filter((order) => order.isWorking),
        );
        assert.deepEqual(new Set(listed), new Set(scene.state.workingById.values()));
      },
    ),
    { numRuns: 200 },
  );
});

test('a venue read back from a snapshot goes on as the one that was written', () => {
  fc.assert(
    fc.property(manySteps, fc.nat(), (steps, cut) => {
      const half = cut % steps.length;
      const whole = openScene();
      playSteps(whole, steps);
      const before = openScene();
      playSteps(before, steps.slice(0, half));
      const state = deserialize(serialize(before.state));
      const after: VenueScene = { state, venue: simulatedVenue(state), log: before.log, at: before.at };
      playSteps(after, steps.slice(half));
      assert.deepEqual(after.log, whole.log);
      assert.deepEqual(after.venue.report(), whole.venue.report());
    }),
    { numRuns: 60 },
  );
});
