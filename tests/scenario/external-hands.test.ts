import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { LiveReport } from '#engine/live-port.ts';
import type { Module } from '#engine/module.ts';
import { reconcileWith } from '#engine/reconcile.ts';
import { euro, fillOf, requestOf, targetOf, unitMoney, yen } from '../support/desk-events.ts';
import { type OpenedDesk, type OpenedOptions, openedDesk } from '../support/opened-desk.ts';
import { slotModule } from '../support/slot-module.ts';
import { play } from './scenario.ts';

const balance = 100_000 * unitMoney;

function wantingYens(quantity: number): Module {
  return slotModule('allocation', 'wanting', () => [targetOf(yen, quantity), targetOf(euro, quantity)]);
}

/** A desk whose strategy asks for no stops, priced. */
function desk(modules: readonly Module[] = [], options: OpenedOptions = {}): OpenedDesk {
  const opened = openedDesk(modules, { policies: { strategy: { bracketEnabled: false } }, ...options });
  opened.minute();
  return opened;
}

/** What a run does with a report: what follows from it, and the report. */
function reconcile(opened: OpenedDesk, changes: Partial<LiveReport> = {}): void {
  const report: LiveReport = { balance, positions: [], openOrders: [], cursor: '9', ...changes };
  const { events, differences } = reconcileWith(opened.view, report);
  for (const event of events) opened.tell({ ...event, at: opened.at() } as Event);
  opened.tell({
    type: 'venue.reconciled',
    at: opened.at(),
    balance: report.balance,
    positions: [...report.positions],
    openOrderIds: report.openOrders.map(({ clientOrderId }) => clientOrderId),
    differences: [...differences],
  });
}

function adoptionOf(opened: OpenedDesk, changes: Partial<OrderRequest>): Event {
  const order = requestOf({ clientOrderId: 'by-hand', strategy: '', ...changes });
  const at = opened.at();
  return { type: 'order.adopted', at, order, venueOrderId: '7', venueAt: at, reason: 'not sent by this desk' };
}

const theirStop = {
  clientOrderId: 'their-stop',
  side: 'sell',
  orderType: 'stop',
  stopPrice: 108_000,
  isReduceOnly: true,
  purpose: 'stopLoss',
} as const;

test("given a fill of other hands, its instrument waits until the books are the venue's", () => {
  const opened = desk();
  play(opened, [
    {
      when: 'somebody buys 500 euros at the venue',
      step: () => opened.fill('by-hand', { quantity: 500, price: 110_000 }),
      causes: [['order.filled']],
      so: (view) => {
        assert.equal(opened.held(), 500);
        assert.deepEqual(
          Object.values(view.impairments).map(({ part, instrument }) => [part, instrument]),
          [['external', euro]],
        );
      },
    },
    {
      when: 'the books are compared',
      step: () => reconcile(opened, { positions: [{ instrument: euro, signedQuantity: 500, cost: 500 * 110_000 }] }),
      causes: [['venue.reconciled', { differences: [] }]],
      so: (view) => assert.deepEqual(view.impairments, {}),
    },
  ]);
});

test('given a fill of other hands, the other instrument is traded on', () => {
  const opened = openedDesk([wantingYens(700)], { policies: { strategy: { bracketEnabled: false } } });
  opened.fill('by-hand', { quantity: 500, price: 110_000 });
  play(opened, [
    {
      when: 'a minute is decided on',
      step: () => opened.minute(),
      causes: [
        ['order.denied', { instrument: euro, code: 'VENUE_IMPAIRED' }],
        ['order.submitted', { order: { instrument: yen, quantity: 700 } }],
      ],
    },
  ]);
});

test('given an order of other hands, it is known from then on and its fill is its own', () => {
  const opened = desk();
  play(opened, [
    {
      when: 'somebody places a limit order',
      step: () => opened.tell(adoptionOf(opened, { orderType: 'limit', limitPrice: 109_000 })),
      causes: [['order.adopted', { venueOrderId: '7' }]],
      so: (view) => {
        const record = view.orders.get('by-hand');
        assert.deepEqual([record?.state, record?.request.strategy], ['accepted', 'external']);
        assert.equal(Object.values(view.impairments)[0]?.part, 'external');
      },
    },
    {
      when: 'it fills',
      step: () => opened.fill('by-hand', { price: 109_000 }),
      causes: [['order.filled']],
      so: (view) => {
        assert.deepEqual([view.orders.get('by-hand')?.state, opened.held()], ['filled', 1_000]);
        assert.equal(view.positions[euro]?.strategy, 'external');
      },
    },
  ]);
});

test('given an order of other hands beside our position, its fill leaves our stop what it was', () => {
  const opened = openedDesk();
  opened.minute();
  const bracket = { stopPrice: 109_900, targetPrice: null };
  opened.tell({ type: 'order.submitted', at: opened.at(), order: requestOf({ bracket }) });
  opened.fill('o1');
  opened.accept(opened.newest().clientOrderId);
  opened.tell(adoptionOf(opened, { orderType: 'limit', limitPrice: 109_950 }));
  play(opened, [
    {
      when: 'it fills',
      step: () => opened.fill('by-hand', { price: 109_950 }),
      causes: [['order.filled'], ['order.submitted', { order: { stopPrice: 109_900, quantity: 2_000 } }]],
    },
  ]);
});

test('given a stop that other hands place before their position is known here, it is left alone', () => {
  const opened = desk();
  play(opened, [
    {
      when: 'the stop is told first, then the fill, and ticks pass',
      step: () => {
        opened.tell(adoptionOf(opened, theirStop));
        opened.fixture.tick();
        opened.fill('by-hand', { quantity: 1_000, price: 110_000 });
        opened.fixture.tick();
      },
      causes: [['order.adopted'], ['order.filled']],
    },
    {
      when: 'they close the position, and the books are compared',
      step: () => {
        opened.fill('by-hand-again', { side: 'sell', quantity: 1_000, price: 110_100 });
        reconcile(opened, { openOrders: [theirOpenStop] });
      },
      causes: [
        ['order.filled'],
        ['roundTrip.closed'],
        ['venue.reconciled'],
        ['order.cancelRequested', { clientOrderId: 'their-stop' }],
      ],
    },
  ]);
});

const theirOpenStop = {
  clientOrderId: 'their-stop',
  venueOrderId: '7',
  family: 'conditional',
  instrument: euro,
  side: 'sell',
  quantity: 1_000,
  filledQuantity: 0,
  orderType: 'stop',
  limitPrice: null,
  stopPrice: 108_000,
  isReduceOnly: true,
} as const;

test('given a fresh folder and an account with a position and its stop, both are taken over as they are', () => {
  const opened = openedDesk();
  opened.minute();
  play(opened, [
    {
      when: 'the first report is taken in',
      step: () =>
        reconcile(opened, {
          positions: [{ instrument: euro, signedQuantity: 1_000, cost: 1_000 * 110_000 }],
          openOrders: [theirOpenStop],
        }),
      causes: [
        ['order.adopted', { order: { purpose: 'stopLoss' } }],
        ['order.filled', { fillId: 'inferred-9-0-1000-0' }],
        ['venue.reconciled'],
      ],
      so: (view) => {
        assert.equal(view.protections[euro]?.stopPrice, 108_000);
        assert.deepEqual([view.protections[euro]?.deadlineAt, view.impairments], [null, {}]);
      },
    },
    { when: 'ten seconds pass', step: () => opened.pass(10_000), causes: [] },
  ]);
});

test('given an order that was given up here and works there, it is ours again', () => {
  const opened = desk();
  opened.tell({ type: 'order.submitted', at: opened.at(), order: requestOf({ orderType: 'limit', limitPrice: 1 }) });
  opened.reject('o1', 'NOT_FOUND');
  play(opened, [
    {
      when: 'the report shows it at work, with another quantity',
      step: () =>
        reconcile(opened, {
          openOrders: [
            {
              ...theirOpenStop,
              clientOrderId: 'o1',
              side: 'buy',
              quantity: 900,
              orderType: 'limit',
              limitPrice: 1,
              stopPrice: null,
              isReduceOnly: false,
            },
          ],
        }),
      causes: [['order.adopted', { reason: "here it was 'rejected'" }], ['venue.reconciled']],
      so: (view) => {
        const record = view.orders.get('o1');
        assert.deepEqual(
          [record?.state, record?.request.quantity, record?.request.strategy],
          ['accepted', 900, 'test'],
        );
      },
    },
    {
      when: 'it fills',
      step: () => opened.fill('o1', { price: 1 }),
      causes: [['order.filled']],
      so: (view) => assert.deepEqual([opened.held(), view.impairments], [900, {}]),
    },
  ]);
});

test('given a position that the venue has closed, the trip ends and nothing is guarded any more', () => {
  const opened = openedDesk();
  opened.minute();
  const bracket = { stopPrice: 109_900, targetPrice: null };
  opened.tell({ type: 'order.submitted', at: opened.at(), order: requestOf({ bracket }) });
  opened.fill('o1');
  const stop = opened.newest().clientOrderId;
  opened.accept(stop);
  play(opened, [
    {
      when: 'the report shows nothing, and no history says why',
      step: () => reconcile(opened),
      causes: [
        ['order.filled', { side: 'sell', quantity: 1_000, clientOrderId: 'external-inferred-9-1000-0-0' }],
        ['roundTrip.closed', { reason: 'external' }],
        ['order.cancelRequested', { clientOrderId: stop }],
        ['venue.reconciled'],
      ],
      so: (view) => assert.deepEqual([opened.held(), view.protections, view.trips], [0, {}, {}]),
    },
  ]);
});

test('given a fill told as a stranger, the order that claims it later is filled and nothing is booked twice', () => {
  const opened = desk([wantingYens(1_000)]);
  const [sent] = [...opened.view.orders.values()];
  const instrument = sent?.request.instrument ?? euro;
  const clientOrderId = sent?.request.clientOrderId ?? '';
  const fill = { ...fillOf(opened.at(), { instrument, fillId: 'f-7', quantity: 1_000, fee: 3 }) };
  play(opened, [
    {
      when: 'the history tells a fill before the order can be found',
      step: () => opened.tell({ ...fill, clientOrderId: 'external-7' }),
      causes: [['order.filled']],
      so: (view) => {
        assert.deepEqual([view.positions[instrument]?.signedQuantity, view.account.fees], [1_000, 3]);
        assert.equal(view.orders.get(clientOrderId)?.state, 'submitted');
        assert.equal(view.positions[instrument]?.strategy, 'external');
      },
    },
    {
      when: 'the order is found, and tells the same fill as its own',
      step: () => opened.tell({ ...fill, clientOrderId }),
      causes: [['order.filled']],
      so: (view) => {
        assert.deepEqual([view.positions[instrument]?.signedQuantity, view.account.fees], [1_000, 3]);
        assert.equal(view.orders.get(clientOrderId)?.state, 'filled');
        assert.equal(view.positions[instrument]?.strategy, 'test');
      },
    },
    {
      when: 'it is told once more',
      step: () => opened.tell({ ...fill, clientOrderId }),
      causes: [['order.filled']],
      so: (view) => assert.equal(view.positions[instrument]?.signedQuantity, 1_000),
    },
  ]);
});
