import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { acceptanceOf, euro, fillOf, hold, requestOf, unitMoney, yen } from '../../tests/support/desk-events.ts';
import { type OpenedDesk, openedDesk } from '../../tests/support/opened-desk.ts';
import type { LiveReport, OpenOrder } from './live-port.ts';
import { reconcileWith } from './reconcile.ts';

const balance = 100_000 * unitMoney;

function reportOf(changes: Partial<LiveReport> = {}): LiveReport {
  return { balance, positions: [], openOrders: [], cursor: '77', ...changes };
}

function openOrder(changes: Partial<OpenOrder> = {}): OpenOrder {
  return {
    clientOrderId: 'o1',
    venueOrderId: 'v-o1',
    family: 'ordinary',
    instrument: euro,
    side: 'buy',
    quantity: 1_000,
    filledQuantity: 0,
    orderType: 'limit',
    limitPrice: 109_000,
    stopPrice: null,
    isReduceOnly: false,
    ...changes,
  };
}

const limit = requestOf({ orderType: 'limit', limitPrice: 109_000, timeInForce: 'goodTillCancel' });

/** A priced desk with an order for 1000 euros at the venue. */
function working(): OpenedDesk {
  const desk = openedDesk();
  desk.minute();
  desk.tell({ type: 'order.submitted', at: desk.at(), order: limit });
  desk.accept('o1');
  return desk;
}

const heldAt = (signedQuantity: number, price: number, instrument = euro) => ({
  instrument,
  signedQuantity,
  cost: Math.abs(signedQuantity) * price,
});

test('books that agree make nothing', () => {
  const desk = working();
  assert.deepEqual(reconcileWith(desk.view, reportOf({ openOrders: [openOrder()] })), {
    events: [],
    differences: [],
    missingOrderIds: [],
  });
});

test('an order that nobody here has sent is adopted, with what it had filled and what it is for', () => {
  const desk = openedDesk();
  const stop = { isReduceOnly: true, orderType: 'stop', limitPrice: null, stopPrice: 108_000 } as const;
  const orders = [
    openOrder({ clientOrderId: 'hand', filledQuantity: 400 }),
    openOrder({ clientOrderId: 'stop', ...stop }),
    openOrder({ clientOrderId: 'target', isReduceOnly: true }),
    openOrder({ clientOrderId: 'out', isReduceOnly: true, orderType: 'market' }),
  ];
  const { events, differences } = reconcileWith(desk.view, reportOf({ openOrders: orders }));
  assert.deepEqual(events[0], {
    type: 'order.adopted',
    order: { ...limit, clientOrderId: 'hand', strategy: 'external', reason: 'found at the venue' },
    venueOrderId: 'v-o1',
    venueAt: desk.view.at,
    filledQuantity: 400,
    reason: 'not sent by this desk',
  });
  assert.deepEqual(
    events.map((event) => (event.type === 'order.adopted' ? event.order.purpose : '')),
    ['entry', 'stopLoss', 'takeProfit', 'exit'],
  );
  assert.equal(differences[0], "order 'hand' works at the venue: not sent by this desk");
});

test('an order that was given up here and works there is adopted; one that has filled whole is not', () => {
  const given = working();
  given.cancel('o1');
  const adopted = reconcileWith(given.view, reportOf({ openOrders: [openOrder()] }));
  assert.deepEqual([adopted.events[0]?.type, adopted.missingOrderIds], ['order.adopted', []]);
  assert.deepEqual(adopted.differences, ["order 'o1' works at the venue: here it was 'canceled'"]);
  const more = reconcileWith(given.view, reportOf({ openOrders: [openOrder({ filledQuantity: 5 })] }));
  assert.deepEqual(more.missingOrderIds, ['o1']);
  const filled = working();
  filled.fill('o1');
  const late = reconcileWith(filled.view, reportOf({ positions: [heldAt(1_000, 110_000)], openOrders: [openOrder()] }));
  assert.deepEqual([late.events, late.differences], [[], ["order 'o1' works at the venue: here it was 'filled'"]]);
});

test('an order that has filled more than is known here is asked about, and nothing is made up', () => {
  const desk = working();
  assert.deepEqual(reconcileWith(desk.view, reportOf({ openOrders: [openOrder({ filledQuantity: 300 })] })), {
    events: [],
    differences: ["order 'o1' has filled 300, here 0"],
    missingOrderIds: ['o1'],
  });
});

test('an order on its way is accepted as it stands at the venue, in one pass', () => {
  const desk = openedDesk();
  desk.tell({ type: 'order.submitted', at: desk.at(), order: limit });
  const { events, differences } = reconcileWith(desk.view, reportOf({ openOrders: [openOrder({ quantity: 700 })] }));
  assert.deepEqual(events, [
    { type: 'order.accepted', clientOrderId: 'o1', venueOrderId: 'v-o1', venueAt: desk.view.at, child: null },
    { type: 'order.amended', clientOrderId: 'o1', quantity: 700, stopPrice: null, limitPrice: 109_000 },
  ]);
  assert.deepEqual(differences, ["order 'o1' was taken by the venue", "order 'o1' stands otherwise at the venue"]);
});

test('an order nobody knew of is accepted', () => {
  const desk = working();
  desk.tell({ type: 'order.unresolved', at: desk.at(), clientOrderId: 'o1', reason: 'no answer' });
  const { events } = reconcileWith(desk.view, reportOf({ openOrders: [openOrder()] }));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['order.accepted'],
  );
});

test('an order that goes on five seconds after it was to be cancelled works again', () => {
  const desk = working();
  desk.tell({ type: 'order.cancelRequested', at: desk.at(), clientOrderId: 'o1', reason: 'old' });
  const report = reportOf({ openOrders: [openOrder()] });
  desk.fixture.tick(4_999);
  assert.deepEqual(reconcileWith(desk.view, report).events, []);
  desk.fixture.tick(1);
  const { events, differences } = reconcileWith(desk.view, report);
  assert.deepEqual(
    [events[0]?.type, differences],
    ['order.accepted', ["order 'o1' works on although it was to be cancelled"]],
  );
});

test('an order is missed five seconds after its last news, or at once where nobody knows of it', () => {
  const desk = working();
  desk.fixture.tick(4_999);
  assert.deepEqual(reconcileWith(desk.view, reportOf()).missingOrderIds, []);
  desk.fixture.tick(1);
  assert.deepEqual(reconcileWith(desk.view, reportOf()), {
    events: [],
    differences: ["order 'o1' works here and is not at the venue"],
    missingOrderIds: ['o1'],
  });
  const lost = openedDesk();
  lost.tell({ type: 'order.submitted', at: lost.at(), order: limit });
  lost.tell({ type: 'order.unresolved', at: lost.at(), clientOrderId: 'o1', reason: 'no answer' });
  assert.deepEqual(reconcileWith(lost.view, reportOf()).missingOrderIds, ['o1']);
});

test('what is held more at the venue was bought at the price that explains its cost', () => {
  const desk = openedDesk();
  desk.minute();
  hold(desk.fixture, { [euro]: 1_000 }, 110_000);
  const positions = [{ instrument: euro, signedQuantity: 1_500, cost: 1_000 * 110_000 + 500 * 111_000 }];
  const { events, differences } = reconcileWith(desk.view, reportOf({ positions }));
  assert.deepEqual(events, [
    {
      type: 'order.filled',
      clientOrderId: 'external-inferred-77-1000-1500-0',
      venueOrderId: 'inferred-77-1000-1500-0',
      fillId: 'inferred-77-1000-1500-0',
      instrument: euro,
      side: 'buy',
      quantity: 500,
      price: 111_000,
      fee: 0,
      realizedPnl: 0,
      spreadCost: 0,
      balance,
      venueAt: desk.view.at,
      isPessimistic: false,
    },
  ]);
  assert.deepEqual(differences, [`'${euro}' is 1500 at the venue, here 1000`]);
});

test('what is held less was closed at the market, or at the entry where no price is known', () => {
  const priced = openedDesk();
  priced.minute();
  hold(priced.fixture, { [euro]: 1_000 }, 120_000);
  const report = reportOf({ positions: [heldAt(400, 120_000)] });
  assert.deepEqual(sold(reconcileWith(priced.view, report).events), [[600, 110_005]]);
  const unpriced = openedDesk();
  hold(unpriced.fixture, { [euro]: 1_000 }, 120_000);
  assert.deepEqual(sold(reconcileWith(unpriced.view, report).events), [[600, 120_000]]);
});

test('what was turned is closed first and opened then', () => {
  const desk = openedDesk();
  desk.minute();
  hold(desk.fixture, { [euro]: 1_000 }, 120_000);
  const { events } = reconcileWith(desk.view, reportOf({ positions: [heldAt(-300, 118_000)] }));
  assert.deepEqual(sold(events), [
    [1_000, 110_005],
    [300, 118_000],
  ]);
  const ids = events.map((event) => (event.type === 'order.filled' ? event.fillId : ''));
  assert.deepEqual(ids, ['inferred-77-1000--300-0', 'inferred-77-1000--300-1']);
});

test('a cost that cannot be explained by any price takes the average one', () => {
  const desk = openedDesk();
  hold(desk.fixture, { [euro]: 1_000 }, 120_000);
  const { events } = reconcileWith(desk.view, reportOf({ positions: [heldAt(1_100, 100_000)] }));
  assert.equal(events[0]?.type === 'order.filled' ? events[0].price : 0, 100_000);
});

test('another gap under the same cursor is another fill', () => {
  const desk = openedDesk();
  desk.minute();
  const first = reconcileWith(desk.view, reportOf({ positions: [heldAt(500, 110_000)] }));
  tell(desk, first.events);
  const second = reconcileWith(desk.view, reportOf({ positions: [heldAt(700, 110_000)] }));
  tell(desk, second.events);
  assert.equal(desk.held(), 700);
  tell(desk, [...first.events, ...second.events]);
  assert.equal(desk.held(), 700);
});

test('a balance that differs is a difference that the report itself mends', () => {
  const desk = openedDesk();
  const { events, differences } = reconcileWith(desk.view, reportOf({ balance: balance + 5 }));
  assert.deepEqual([events, differences], [[], [`the balance is ${balance + 5} at the venue, here ${balance}`]]);
});

test('each instrument is compared', () => {
  const desk = openedDesk();
  desk.minute();
  const { events } = reconcileWith(
    desk.view,
    reportOf({ positions: [heldAt(500, 110_000), heldAt(-9, 150_000, yen)] }),
  );
  assert.deepEqual(
    events.map((event) => (event.type === 'order.filled' ? `${event.side} ${event.instrument}` : '')),
    [`buy ${euro}`, `sell ${yen}`],
  );
});

function tell(desk: OpenedDesk, events: ReturnType<typeof reconcileWith>['events']): void {
  for (const event of events) desk.tell({ ...event, at: desk.at() } as Event);
}

function sold(events: ReturnType<typeof reconcileWith>['events']): [number, number][] {
  return events.flatMap((event) =>
    event.type === 'order.filled' && event.side === 'sell' ? [[event.quantity, event.price]] : [],
  );
}

test('a late acceptance of what a fill has ended leaves the books alone', () => {
  const desk = working();
  desk.tell(fillOf(desk.at(), { clientOrderId: 'o1' }));
  desk.tell(acceptanceOf('o1', desk.at()));
  assert.deepEqual(reconcileWith(desk.view, reportOf({ positions: [heldAt(1_000, 110_000)] })).differences, []);
});
