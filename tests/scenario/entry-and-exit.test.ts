import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryPlan, Target } from '#domain/pipeline.ts';
import type { Module } from '#engine/module.ts';
import { euro, targetOf, unitMoney } from '../support/desk-events.ts';
import { forexCalendar } from '../support/forex-calendar.ts';
import { slotModule } from '../support/slot-module.ts';
import { play } from './scenario.ts';
import { type VenueDesk, venueDesk } from './venue-desk.ts';

const dayMs = 86_400_000;
const plan: EntryPlan = { stopPrice: 109_900, targetPrice: 110_300, leverage: null };

/** Wants one position from its first decision on, while it is flat, and never again. */
function once(wish: Partial<Target> = {}): Module {
  return slotModule('allocation', 'once', (value, { view }) =>
    view.counts.orders === 0 ? [{ ...targetOf(euro, 10_000), plan, ...wish }] : value,
  );
}

const atMarket = slotModule('execution', 'at-market', (value) =>
  value.map((order) => ({
    ...order,
    orderType: 'market',
    limitPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
  })),
);

function positionOf({ view }: VenueDesk): number {
  return view.positions[euro]?.signedQuantity ?? 0;
}

test('given a target with a bracket, the entry fills at the next open and its stop ends the trip', () => {
  const desk = venueDesk([once(), atMarket]);
  play(desk, [
    {
      when: 'the first minute closes and is decided on',
      step: () => desk.minute(110_000),
      causes: [
        [
          'order.submitted',
          {
            order: {
              instrument: euro,
              side: 'buy',
              quantity: 10_000,
              orderType: 'market',
              purpose: 'entry',
              bracket: { stopPrice: 109_900, targetPrice: 110_300 },
            },
          },
        ],
      ],
      so: (view) => assert.equal([...view.orders.values()][0]?.state, 'submitted'),
    },
    {
      when: 'a whole minute after its arrival has passed',
      step: () => {
        desk.minute(110_000);
        desk.minute([110_020, 110_030, 110_010, 110_020]);
      },
      causes: [
        ['order.accepted', { child: null }],
        ['order.filled', { side: 'buy', quantity: 10_000, price: 110_030, spreadCost: 500_000, isPessimistic: false }],
        ['order.accepted', { child: { purpose: 'stopLoss', quantity: 10_000, stopPrice: 109_900 } }],
        ['order.accepted', { child: { purpose: 'takeProfit', quantity: 10_000, limitPrice: 110_300 } }],
      ],
      so: () => assert.equal(positionOf(desk), 10_000),
    },
    {
      when: 'the price falls through the stop',
      step: () => desk.minute([110_000, 110_005, 109_850, 109_870]),
      causes: [
        ['order.filled', { side: 'sell', quantity: 10_000, price: 109_900, realizedPnl: -13 * unitMoney }],
        [
          'roundTrip.closed',
          {
            direction: 'long',
            quantity: 10_000,
            entryPrice: 110_030,
            exitPrice: 109_900,
            realizedPnl: -13 * unitMoney,
            spreadCost: 1 * unitMoney,
            reason: 'stopLoss',
          },
        ],
        ['order.canceled', { reason: 'SIBLING_FILLED' }],
      ],
      so: (view) => {
        assert.equal(positionOf(desk), 0);
        assert.equal(view.account.balance, desk.venue.balance);
        assert.equal(view.account.balance, (100_000 - 13) * unitMoney);
      },
    },
  ]);
});

test('given a price that runs away, the target ends the trip with its win', () => {
  const desk = venueDesk([once(), atMarket]);
  desk.minute(110_000);
  desk.minute(110_000);
  play(desk, [
    {
      when: 'the entry fills and the target is passed by a full tick in the minute after',
      step: () => {
        desk.minute(110_000);
        desk.minute([110_010, 110_320, 110_000, 110_310]);
      },
      causes: [
        ['order.filled', { side: 'buy', price: 110_010 }],
        ['order.accepted', { child: { purpose: 'stopLoss' } }],
        ['order.accepted', { child: { purpose: 'takeProfit' } }],
        ['order.filled', { side: 'sell', price: 110_300, realizedPnl: 29 * unitMoney }],
        ['roundTrip.closed', { realizedPnl: 29 * unitMoney, reason: 'takeProfit' }],
        ['order.canceled', { reason: 'SIBLING_FILLED' }],
      ],
    },
  ]);
});

test('given a bar that touches stop and target, the worse one is taken', () => {
  const desk = venueDesk([once(), atMarket]);
  for (let minute = 0; minute < 3; minute += 1) desk.minute(110_000);
  play(desk, [
    {
      when: 'one minute reaches both',
      step: () => desk.minute([110_000, 110_400, 109_800, 110_000]),
      causes: [
        ['order.filled', { side: 'sell', price: 109_900, isPessimistic: true }],
        ['roundTrip.closed', { reason: 'stopLoss' }],
        ['order.canceled', { reason: 'SIBLING_FILLED' }],
      ],
    },
  ]);
});

test('given no execution module, an entry waits at the near touch, expires, and the next one crosses', () => {
  const patient = slotModule('allocation', 'patient', () => [{ ...targetOf(euro, 10_000), plan }]);
  const desk = venueDesk([patient]);
  play(desk, [
    {
      when: 'the first decision wants the euro',
      step: () => desk.minute(110_000),
      causes: [
        ['order.submitted', { order: { orderType: 'limit', limitPrice: 110_000, timeInForce: 'goodTillTime' } }],
      ],
    },
    {
      when: 'the ask does not come down to the limit',
      step: () => {
        desk.minute(110_000);
        desk.minute(110_000);
      },
      causes: [['order.accepted', { child: null }]],
    },
    {
      when: 'its two minutes are over',
      step: () => desk.minute(110_000),
      causes: [
        ['order.expired', { reason: 'EXPIRES_AT' }],
        ['order.submitted', { order: { orderType: 'market', timeInForce: 'fillOrKill' } }],
      ],
      so: (view) =>
        assert.deepEqual(
          [...view.orders.values()].map(({ state }) => state),
          ['expired', 'submitted'],
        ),
    },
  ]);
});

test('given a market that gives little at a time, an order fills in parts and its bracket grows with it', () => {
  const resting = slotModule('execution', 'resting', (value) =>
    value.map((order) => ({
      ...order,
      orderType: 'limit',
      limitPrice: 110_050,
      timeInForce: 'goodTillCancel',
      expiresAt: null,
    })),
  );
  const desk = venueDesk([once(), resting], { venue: { fillQuantityMax: 4_000 } });
  desk.minute(110_000);
  desk.minute(110_000);
  play(desk, [
    {
      when: 'the first part fills',
      step: () => desk.minute(110_000),
      causes: [
        ['order.filled', { quantity: 4_000 }],
        ['order.accepted', { child: { purpose: 'stopLoss', quantity: 4_000 } }],
        ['order.accepted', { child: { purpose: 'takeProfit', quantity: 4_000 } }],
      ],
      so: (view) => assert.equal([...view.orders.values()][0]?.state, 'partiallyFilled'),
    },
    {
      when: 'the second part fills',
      step: () => desk.minute(110_000),
      causes: [
        ['order.filled', { quantity: 4_000 }],
        ['order.amended', { quantity: 8_000, stopPrice: 109_900 }],
        ['order.amended', { quantity: 8_000, limitPrice: 110_300 }],
      ],
    },
    {
      when: 'the rest fills',
      step: () => desk.minute(110_000),
      causes: [
        ['order.filled', { quantity: 2_000 }],
        ['order.amended', { quantity: 10_000, stopPrice: 109_900 }],
        ['order.amended', { quantity: 10_000, limitPrice: 110_300 }],
      ],
      so: (view) => {
        assert.deepEqual(
          [...view.orders.values()].map(({ state, request }) => [state, request.quantity]),
          [
            ['filled', 10_000],
            ['accepted', 10_000],
            ['accepted', 10_000],
          ],
        );
        assert.equal(positionOf(desk), 10_000);
      },
    },
  ]);
});

test('given a venue that refuses, the desk holds nothing and may ask again', () => {
  const eager = slotModule('allocation', 'eager', () => [targetOf(euro, 10_000)]);
  const desk = venueDesk([eager, atMarket], { venue: { startBalance: 100 * unitMoney } });
  play(desk, [
    {
      when: 'the venue has less money than the desk believes',
      step: () => {
        desk.minute(110_000);
        desk.minute(110_000);
      },
      causes: [
        ['order.submitted', { order: { quantity: 10_000 } }],
        ['order.rejected', { code: 'INSUFFICIENT_MARGIN' }],
        ['order.submitted', { order: { quantity: 10_000 } }],
      ],
      so: (view) => {
        assert.equal(positionOf(desk), 0);
        assert.equal([...view.orders.values()][0]?.state, 'rejected');
      },
    },
  ]);
});

test('given a trailing stop, the venue moves it and it never falls back', () => {
  const trail = slotModule('position', 'trail', (value, { view, midPrice }) => {
    const stop = Math.floor((midPrice(euro) ?? 0) - 60);
    const standing = [...view.orders.values()].find(({ request }) => request.purpose === 'stopLoss');
    const isTighter = standing?.state === 'accepted' && stop > (standing.request.stopPrice ?? Infinity);
    return isTighter ? [{ type: 'moveStop', instrument: euro, stopPrice: stop, reason: 'trail' }] : value;
  });
  const desk = venueDesk([once(), atMarket, trail]);
  for (let minute = 0; minute < 2; minute += 1) desk.minute(110_000);
  play(desk, [
    {
      when: 'the position is there and the price has risen',
      step: () => {
        desk.minute(110_000);
        desk.minute(110_100);
      },
      causes: [
        ['order.filled'],
        ['order.accepted'],
        ['order.accepted'],
        ['order.amendRequested', { stopPrice: 109_945, reason: 'trail' }],
        ['order.amended', { stopPrice: 109_945 }],
        ['order.amendRequested', { stopPrice: 110_045, reason: 'trail' }],
      ],
    },
    {
      when: 'the price falls again, but not to the stop',
      step: () => desk.minute([110_090, 110_090, 110_060, 110_060]),
      causes: [['order.amended', { stopPrice: 110_045 }]],
    },
    {
      when: 'it falls through the moved stop',
      step: () => desk.minute([110_050, 110_050, 110_020, 110_020]),
      causes: [
        ['order.filled', { side: 'sell', price: 110_045 }],
        ['roundTrip.closed', { realizedPnl: 3.5 * unitMoney }],
        ['order.canceled', { reason: 'SIBLING_FILLED' }],
      ],
    },
  ]);
});

test('given a position over the turn of the day, financing is charged to the account and to its trip', () => {
  const costs = {
    instruments: {},
    otherwise: { spreadPips: [1], slippagePips: 0, commissionPerMillion: 0 },
    financingRates: { EUR: 0.01, USD: 0.05 },
    financingMarkup: 0.01,
    latencyMs: 250,
    closeOutFraction: 0.5,
  };
  // Wednesday 16:50 in New York: ten minutes before the day turns.
  const startAt = Date.UTC(2026, 0, 14, 21, 50);
  const calendar = forexCalendar(startAt - 20 * dayMs, startAt + 20 * dayMs);
  const desk = venueDesk([once({ plan: null }), atMarket], { startAt, venue: { costs, calendar } });
  for (let minute = 0; minute < 3; minute += 1) desk.minute(110_000);
  play(desk, [
    {
      when: 'it turns 17:00 in New York',
      step: () => desk.wait(10 * 60_000),
      // 11 000.50 dollars pay 5 percent less 1 percent, and the markup of 1 percent, for one day of 365.
      causes: [['financing.charged', { at: Date.UTC(2026, 0, 14, 22), amount: -1_506_918, days: 1 }]],
      so: (view) => {
        const { financing, balance } = view.account;
        assert.ok(financing < 0);
        assert.equal(view.trips[euro]?.financing, financing);
        assert.equal(balance, 100_000 * unitMoney + financing);
        assert.equal(balance, desk.venue.balance);
      },
    },
  ]);
});
