import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Module } from '#engine/module.ts';
import { euro, targetOf, unitMoney, yen } from '../support/desk-events.ts';
import { slotModule } from '../support/slot-module.ts';
import { play } from './scenario.ts';
import { type VenueDesk, type VenueDeskOptions, venueDesk } from './venue-desk.ts';

const atMarket = slotModule('execution', 'at-market', (value) =>
  value.map((order) => ({
    ...order,
    orderType: 'market',
    limitPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
  })),
);

function wanting(quantity: number, instrument = euro): Module {
  return slotModule('allocation', 'wanting', () => [targetOf(instrument, quantity)]);
}

/** A desk that holds its 10 000 euros. */
function holding(modules: readonly Module[] = [wanting(10_000)], options: VenueDeskOptions = {}): VenueDesk {
  const desk = venueDesk([...modules, atMarket], options);
  for (let minute = 0; minute < 4; minute += 1) desk.minute(110_000);
  assert.equal(desk.view.positions[euro]?.signedQuantity, 10_000);
  return desk;
}

test('given a switch that nobody has released, nothing is opened', () => {
  const desk = venueDesk([wanting(10_000), atMarket], { releasesKill: false });
  play(desk, [
    {
      when: 'two minutes are decided on',
      step: () => {
        desk.minute(110_000);
        desk.minute(110_000);
      },
      causes: [['order.denied', { code: 'KILL_SWITCH', instrument: euro, signedQuantity: 10_000 }]],
    },
    {
      when: 'an operator releases it',
      step: () => {
        desk.ask((at) => ({ type: 'kill.released', at, actor: 'operator', reason: 'checked' }));
        desk.minute(110_000);
      },
      causes: [['kill.released'], ['order.submitted']],
    },
  ]);
});

test('given an entry on its way, the switch cancels it and keeps what is held', () => {
  const desk = venueDesk([wanting(10_000)]);
  desk.minute(110_000);
  play(desk, [
    {
      when: 'the entry waits at its limit and the operator engages the switch',
      step: () => {
        desk.wait(30_000);
        desk.ask((at) => ({ type: 'kill.engaged', at, actor: 'operator', reason: 'news' }));
        desk.wait(30_000);
      },
      causes: [
        ['order.accepted'],
        ['kill.engaged', { actor: 'operator' }],
        ['order.cancelRequested', { reason: 'kill.engaged' }],
        ['order.canceled', { reason: 'kill.engaged' }],
      ],
      so: (view) => assert.equal(view.kill.isEngaged, true),
    },
    {
      when: 'later minutes want the euro again',
      step: () => {
        desk.minute(110_000);
        desk.minute(110_000);
      },
      causes: [['order.denied', { code: 'KILL_SWITCH' }]],
    },
  ]);
});

test('given a position and an engaged switch, to flatten still closes it', () => {
  const desk = holding();
  play(desk, [
    {
      when: 'the operator engages the switch and flattens',
      step: () => {
        desk.ask((at) => ({ type: 'kill.engaged', at, actor: 'operator', reason: 'news' }));
        desk.ask((at) => ({ type: 'flatten.requested', at, actor: 'operator', reason: 'news' }));
      },
      causes: [
        ['kill.engaged'],
        ['flatten.requested'],
        [
          'order.submitted',
          { order: { side: 'sell', quantity: 10_000, orderType: 'market', isReduceOnly: true, purpose: 'exit' } },
        ],
      ],
    },
    {
      when: 'the venue fills at the next whole minute',
      step: () => {
        desk.minute(110_000);
        desk.minute(110_000);
      },
      causes: [
        ['order.accepted'],
        ['order.filled', { side: 'sell', quantity: 10_000 }],
        ['roundTrip.closed', { reason: 'flatten: news' }],
        ['order.denied', { code: 'KILL_SWITCH' }],
      ],
      so: (view) => assert.equal(view.positions[euro]?.signedQuantity, 0),
    },
  ]);
});

test('given a position, an operator takes some of it off without touching the rest', () => {
  const keep = slotModule('allocation', 'keep', (value, { view }) =>
    view.counts.orders === 0 ? [targetOf(euro, 10_000)] : value,
  );
  const desk = holding([keep]);
  play(desk, [
    {
      when: 'the operator asks for 4000 less',
      step: () =>
        desk.ask((at) => ({
          type: 'reduction.requested',
          at,
          instrument: euro,
          quantity: 4_000,
          actor: 'operator',
          reason: 'less',
        })),
      causes: [
        ['reduction.requested'],
        ['order.submitted', { order: { side: 'sell', quantity: 4_000, reason: 'less' } }],
      ],
    },
    {
      when: 'the reduction fills',
      step: () => {
        desk.minute(110_000);
        desk.minute(110_000);
      },
      causes: [['order.accepted'], ['order.filled', { quantity: 4_000 }]],
      so: (view) => assert.equal(view.positions[euro]?.signedQuantity, 6_000),
    },
  ]);
});

test('given losses that eat the margin, the venue closes the account out and the switch is engaged', () => {
  const desk = holding([wanting(10_000)], { balance: 500 * unitMoney });
  play(desk, [
    {
      when: 'the euro has lost four hundred of the five hundred dollars',
      step: () => desk.minute([109_990, 109_990, 106_000, 106_000]),
      causes: [['account.closedOut']],
      so: (view) => assert.deepEqual([view.kill.isEngaged, view.kill.actor], [true, 'venue']),
    },
    {
      when: 'the venue closes the position at the next price',
      step: () => desk.minute(106_000),
      causes: [
        ['order.filled', { side: 'sell', quantity: 10_000 }],
        ['roundTrip.closed', { reason: 'external' }],
        ['order.denied', { code: 'KILL_SWITCH' }],
      ],
      so: (view) => {
        assert.equal(view.positions[euro]?.signedQuantity, 0);
        assert.equal(view.account.balance, desk.venue.balance);
      },
    },
  ]);
});

test('given a protection module, it closes on a tick without waiting for a decision', () => {
  let isLate = false;
  const guard = slotModule('protection', 'guard', (value) =>
    isLate ? [{ type: 'close', instrument: euro, reason: 'late' }] : value,
  );
  const desk = holding([wanting(10_000), guard]);
  isLate = true;
  play(desk, [
    {
      when: 'a tick passes in which no bar has closed',
      step: () => desk.wait(30_000),
      showing: ['module.decided'],
      causes: [
        ['module.decided', { module: 'guard', slot: 'protection', outcome: 'changed' }],
        ['order.submitted', { order: { side: 'sell', quantity: 10_000, reason: 'late' } }],
      ],
    },
  ]);
});

test('given a protection module that is blind, entries are held by a directive that ends', () => {
  let isBlind = true;
  const guard = slotModule('protection', 'guard', (value) => {
    if (isBlind) throw new Error('blind');
    return value;
  });
  const desk = venueDesk([guard, wanting(10_000), atMarket]);
  play(desk, [
    {
      when: 'the first decision comes while it is blind',
      step: () => desk.minute(110_000),
      causes: [
        ['directive.issued', { module: 'protection', action: 'holdEntries', instrument: null }],
        ['order.denied', { code: 'DIRECTIVE' }],
      ],
    },
    {
      when: 'it sees again and the directive has run out',
      step: () => {
        isBlind = false;
        for (let minute = 0; minute < 2; minute += 1) desk.minute(110_000);
      },
      causes: [['order.submitted']],
      so: (view) => assert.deepEqual(view.directives, []),
    },
  ]);
});

test('given supervision that fears the news, one instrument waits and the other trades', () => {
  const supervisor = slotModule('supervision', 'supervisor', (value, { at, view }) =>
    view.directives.length > 0
      ? value
      : [{ type: 'directive', instrument: euro, action: 'holdEntries', expiresAt: at + 45_000, reason: 'news' }],
  );
  const both = slotModule('allocation', 'both', () => [targetOf(euro, 1_000), targetOf(yen, 1_000)]);
  const desk = venueDesk([supervisor, both, atMarket]);
  play(desk, [
    {
      when: 'the first minute is decided on',
      step: () => desk.minute(110_000),
      causes: [
        ['directive.issued', { module: 'supervision', instrument: euro, reason: 'news' }],
        ['order.denied', { instrument: euro, code: 'DIRECTIVE' }],
        ['order.submitted', { order: { instrument: yen } }],
      ],
    },
  ]);
});
