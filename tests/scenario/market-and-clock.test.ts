import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { euro, signalOf, targetOf } from '../support/desk-events.ts';
import { barOf, createDeskFixture, fixtureAt } from '../support/desk-fixture.ts';
import { forexCalendar } from '../support/forex-calendar.ts';
import { slotModule } from '../support/slot-module.ts';
import { play } from './scenario.ts';
import { toldDesk } from './told-desk.ts';
import { venueDesk } from './venue-desk.ts';

const dayMs = 86_400_000;
const signalling = slotModule('signal', 'signalling', (value) => [...value, signalOf(euro)]);

test('given bars of both pairs, the desk decides once, at the grid point after them', () => {
  const desk = toldDesk([signalling]);
  play(desk, [
    {
      when: 'a minute passes',
      step: () => desk.minute(),
      showing: ['time.ticked', 'bar.closed', 'module.decided'],
      causes: [
        ['time.ticked'],
        ['bar.closed', { instrument: euro }],
        ['bar.closed'],
        ['time.ticked'],
        ['module.decided', { module: 'signalling', slot: 'signal', outcome: 'changed' }],
        ['order.submitted'],
      ],
    },
  ]);
});

test('given a pair whose bar does not come, the desk decides on the other after its wait', () => {
  const desk = toldDesk([signalling]);
  const { fixture } = desk;
  play(desk, [
    {
      when: "only the euro's bar is there four seconds after the minute",
      step: () => {
        fixture.tick(30_000);
        fixture.bar('EUR_USD', 110_000);
        fixture.tick(4_000);
      },
      causes: [],
    },
    { when: 'the fifth second is over', step: () => fixture.tick(1_000), causes: [['order.submitted']] },
    {
      when: "the yen's bar comes late",
      step: () => {
        fixture.send({ ...barOf('USD_JPY', 150_000, fixtureAt), at: fixture.at });
        fixture.tick(25_000);
      },
      causes: [],
    },
  ]);
});

test('given the weekend, a signal passes no gate, and on Monday it does', () => {
  // Saturday noon in London.
  const desk = toldDesk([signalling], { startAt: Date.UTC(2026, 0, 17, 12) });
  play(desk, [
    { when: 'bars come on a Saturday', step: () => desk.minute(), causes: [] },
    {
      when: 'it is Monday noon',
      step: () => {
        desk.fixture.tick(2 * dayMs - 30_000);
        desk.minute();
      },
      causes: [['order.submitted']],
    },
  ]);
});

test('given a calendar that ends, the desk stops entering until a longer one is loaded', () => {
  const desk = toldDesk([signalling]);
  const calendar = (days: number): Event => ({
    type: 'calendar.loaded',
    at: desk.at(),
    calendar: forexCalendar(fixtureAt - 20 * dayMs, fixtureAt + days * dayMs),
  });
  play(desk, [
    {
      when: 'the calendar in force ends before the next minute',
      step: () => {
        desk.tell(calendar(-10));
        desk.minute();
      },
      causes: [['calendar.loaded']],
    },
    {
      when: 'a longer one is loaded',
      step: () => {
        desk.tell(calendar(20));
        desk.minute();
      },
      causes: [['calendar.loaded'], ['order.submitted']],
    },
  ]);
});

test('given quotes between bars, orders are laid around them and fill at them', () => {
  const atMarket = slotModule('execution', 'at-market', (value) =>
    value.map((order) => ({
      ...order,
      orderType: 'market',
      limitPrice: null,
      timeInForce: 'fillOrKill',
      expiresAt: null,
    })),
  );
  const once = slotModule('allocation', 'once', (value, { view }) =>
    view.counts.orders === 0 ? [targetOf(euro, 1_000)] : value,
  );
  const desk = venueDesk([once, atMarket]);
  desk.minute(110_000);
  play(desk, [
    {
      when: 'the next quote comes after the order has arrived',
      step: () => desk.quote(110_020, 110_024),
      causes: [
        ['order.accepted'],
        ['order.filled', { price: 110_024, spreadCost: 20_000 }],
        ['quote.updated', { bidPrice: 110_020 }],
      ],
      so: (view) =>
        assert.deepEqual([view.markets[euro]?.bidPrice, view.markets[euro]?.isQuoteDerived], [110_020, false]),
    },
  ]);
});

test('given a feed that has stalled, entries end when the last bar is too old', () => {
  const desk = toldDesk([slotModule('allocation', 'wanting', () => [targetOf(euro, 1_000)])]);
  play(desk, [
    {
      when: 'the runtime tells of the stall and only the yen goes on',
      step: () => {
        desk.fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
        desk.tell({
          type: 'order.canceled',
          at: desk.at(),
          clientOrderId: [...desk.view.orders.keys()][0] ?? '',
          reason: '',
        });
        desk.tell({ type: 'feed.stalled', at: desk.at(), instrument: euro, reason: 'no bar for a minute' });
        for (let minute = 0; minute < 6; minute += 1) {
          desk.fixture.minute({ USD_JPY: 150_000 });
          const last = [...desk.view.orders.values()].at(-1);
          if (last?.state === 'submitted')
            desk.tell({ type: 'order.canceled', at: desk.at(), clientOrderId: last.request.clientOrderId, reason: '' });
        }
      },
      causes: [
        ['order.submitted'],
        ['order.canceled'],
        ['feed.stalled'],
        ['order.submitted'],
        ['order.canceled'],
        ['order.submitted'],
        ['order.canceled'],
        ['order.submitted'],
        ['order.canceled'],
        ['order.submitted'],
        ['order.canceled'],
        ['order.denied', { code: 'STALE_PRICE' }],
      ],
    },
  ]);
});

test('given a module that overran its budget, the fact is kept beside everything else', () => {
  const desk = toldDesk([signalling]);
  const before = structuredClone(desk.view.modules);
  play(desk, [
    {
      when: 'the runtime has measured it',
      step: () => desk.tell({ type: 'module.overran', at: desk.at(), module: 'signalling', reason: '80 ms of 50 ms' }),
      causes: [['module.overran', { module: 'signalling' }]],
      so: (view) => assert.deepEqual(view.modules, before),
    },
  ]);
});

test('given enough minutes, windows of the manifold are published every four', () => {
  const fixture = createDeskFixture([]);
  const minuteMs = 60_000;
  for (let minute = 0; minute < 141; minute += 1)
    fixture.minute({ EUR_USD: 110_000 + ((minute * 37) % 90), USD_JPY: 150_000 - ((minute * 53) % 70) });
  const windows = fixture.events.flatMap((event) =>
    event.type === 'manifold.published' && event.instrument === euro ? [event] : [],
  );
  assert.ok(windows.length >= 3);
  assert.ok(windows.every(({ windowEndAt }) => (windowEndAt / minuteMs) % 4 === 0));
  assert.equal(fixture.engine.state.manifolds[euro], windows.at(-1));
});
