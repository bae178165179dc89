import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import type { Module } from '#engine/module.ts';
import { acceptanceOf, euro, requestOf, targetOf, unitMoney, yen } from '../support/desk-events.ts';
import { type OpenedDesk, openedDesk, openingOf } from '../support/opened-desk.ts';
import { slotModule } from '../support/slot-module.ts';
import { play } from './scenario.ts';

const plain = { policies: { strategy: { bracketEnabled: false } } };

function wanting(quantity: number, instrument = euro): Module {
  return slotModule('allocation', 'wanting', () => [targetOf(instrument, quantity)]);
}

/** A desk whose order for 1000 euros is on its way, and that order's id. */
function sent(): { readonly desk: OpenedDesk; readonly id: string } {
  const desk = openedDesk([wanting(1_000)], plain);
  desk.minute();
  return { desk, id: desk.newest().clientOrderId };
}

test('given a desk that was just opened at a venue, it trades once an operator has armed it', () => {
  const desk = openedDesk([wanting(1_000)], { ...plain, isArmed: false });
  play(desk, [
    {
      when: 'the venue is opened and a minute is decided on',
      step: () => {
        desk.tell(openingOf(desk.at()));
        desk.minute();
      },
      causes: [
        ['venue.opened', { environment: 'practice' }],
        ['order.denied', { code: 'DISARMED' }],
      ],
    },
    {
      when: 'an operator arms it',
      step: () => {
        desk.tell({ type: 'desk.armed', at: desk.at(), actor: 'operator', reason: 'checked' });
        desk.minute();
      },
      causes: [['desk.armed'], ['order.submitted', { order: { side: 'buy', quantity: 1_000 } }]],
      so: (view) => assert.equal(view.isArmed, true),
    },
  ]);
});

test('given a position and a desk that was disarmed, it is reduced and never increased', () => {
  let wanted = 1_000;
  const allocator = slotModule('allocation', 'allocator', () => [targetOf(euro, wanted)]);
  const desk = openedDesk([allocator], plain);
  desk.minute();
  desk.fill(desk.newest().clientOrderId);
  play(desk, [
    {
      when: 'it is disarmed and wants 2000',
      step: () => {
        desk.tell({ type: 'desk.disarmed', at: desk.at(), actor: 'operator', reason: 'holiday' });
        wanted = 2_000;
        desk.minute();
      },
      causes: [['desk.disarmed'], ['order.denied', { code: 'DISARMED', signedQuantity: 2_000 }]],
    },
    {
      when: 'it wants 400',
      step: () => {
        wanted = 400;
        desk.minute();
      },
      causes: [['order.submitted', { order: { side: 'sell', quantity: 600, purpose: 'exit', isReduceOnly: true } }]],
    },
  ]);
});

test('given a part of the venue that cannot be trusted, nothing is added until it is restored', () => {
  const desk = openedDesk([wanting(1_000)], plain);
  const at = () => desk.at();
  play(desk, [
    {
      when: 'the orders stream is silent',
      step: () => {
        desk.tell({ type: 'venue.impaired', at: at(), part: 'orders', instrument: null, reason: 'silent for 90 s' });
        desk.minute();
      },
      causes: [
        ['venue.impaired', { part: 'orders' }],
        ['order.denied', { code: 'VENUE_IMPAIRED', reason: "'orders' is impaired: silent for 90 s" }],
      ],
    },
    {
      when: 'it is restored, and the depth of another instrument is not known',
      step: () => {
        desk.tell({ type: 'venue.restored', at: at(), part: 'orders', instrument: null });
        desk.tell({ type: 'venue.impaired', at: at(), part: 'depth', instrument: yen, reason: 'a gap' });
        desk.minute();
      },
      causes: [['venue.restored'], ['venue.impaired', { instrument: yen }], ['order.submitted']],
    },
  ]);
});

test('given a message that nobody understands, it is put aside and changes nothing', () => {
  const desk = openedDesk([], plain);
  const before = JSON.stringify(desk.view.positions);
  play(desk, [
    {
      when: 'the venue speaks of a state that is new',
      step: () =>
        desk.tell({
          type: 'message.quarantined',
          at: desk.at(),
          part: 'orders',
          reason: "the state 'SOMETHING_NEW' is not known",
          excerpt: '{"X":"SOMETHING_NEW"}',
        }),
      causes: [['message.quarantined']],
      so: (view) => assert.deepEqual([JSON.stringify(view.positions), view.impairments], [before, {}]),
    },
  ]);
});

test('given money that is brought and taken, the balance follows and the day has neither won nor lost', () => {
  const desk = openedDesk([wanting(1_000)], { policies: { ...plain.policies, limits: { maximumDailyLoss: 1_000 } } });
  const move = (amount: number, balance: number) =>
    desk.tell({ type: 'balance.changed', at: desk.at(), amount, balance, reason: 'TRANSFER' });
  desk.fixture.tick();
  play(desk, [
    {
      when: '40 000 of the 100 000 dollars are taken away',
      step: () => move(-40_000 * unitMoney, 60_000 * unitMoney),
      causes: [['balance.changed']],
      so: ({ account }) =>
        assert.deepEqual([account.balance, account.dayStartEquity], [60_000 * unitMoney, 60_000 * unitMoney]),
    },
    {
      when: 'a minute is decided on',
      step: () => desk.minute(),
      causes: [['order.submitted']],
    },
  ]);
});

test("given a mark far from the quote, the desk's leverage is counted at the mark", () => {
  const desk = openedDesk([wanting(90_000)], { policies: { ...plain.policies, limits: { maximumLeverage: 1 } } });
  const mark = (markPrice: number) =>
    desk.tell({
      type: 'mark.updated',
      at: desk.at(),
      instrument: euro,
      markPrice,
      indexPrice: 110_000,
      fundingRate: 0.0001,
      nextFundingAt: desk.at() + 3_600_000,
    });
  play(desk, [
    {
      when: 'the mark is a tenth above the quote',
      step: () => {
        mark(121_000);
        desk.minute();
      },
      causes: [['mark.updated'], ['order.denied', { code: 'MAX_LEVERAGE' }]],
      so: ({ venueMarkets }) =>
        assert.deepEqual([venueMarkets[euro]?.fundingRate, venueMarkets[euro]?.indexPrice], [0.0001, 110_000]),
    },
    {
      when: 'the mark comes back',
      step: () => {
        mark(110_000);
        desk.minute();
      },
      causes: [['mark.updated'], ['order.submitted']],
    },
  ]);
});

test('given a book of the venue, the last one told is the one that is known', () => {
  const desk = openedDesk([], plain);
  const tellDepth = (bids: [number, number][], asks: [number, number][]) =>
    desk.tell({ type: 'depth.updated', at: desk.at(), instrument: euro, bids, asks });
  play(desk, [
    {
      when: 'two levels and then none are told',
      step: () => {
        tellDepth([[110_000, 5]], [[110_010, 7]]);
        tellDepth([], []);
      },
      causes: [['depth.updated', { bids: [[110_000, 5]] }], ['depth.updated']],
      so: ({ venueMarkets }) => assert.deepEqual([venueMarkets[euro]?.bids, venueMarkets[euro]?.asks], [[], []]),
    },
  ]);
});

test('given an instrument that the venue halts and changes, nothing is opened in it and its new limits hold', () => {
  const desk = openedDesk([wanting(1_000)], plain);
  const change = (isTrading: boolean, maximumQuantity: number) =>
    desk.tell({
      type: 'instrument.changed',
      at: desk.at(),
      instrument: { ...fxInstrument('EUR_USD'), maximumQuantity },
      isTrading,
      reason: 'exchange information',
    });
  play(desk, [
    {
      when: 'trading is halted',
      step: () => {
        change(false, 100_000_000);
        desk.minute();
      },
      causes: [['instrument.changed'], ['order.denied', { code: 'MARKET_HALTED' }]],
    },
    {
      when: 'it goes on with at most 500 an order',
      step: () => {
        change(true, 500);
        desk.minute();
      },
      causes: [['instrument.changed'], ['order.denied', { code: 'MAX_QUANTITY' }]],
    },
  ]);
});

test('given more fills than were asked for, the venue is believed, an alarm is raised and entries wait until it is armed again', () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: '1000 were asked for and 1200 are filled',
      step: () => {
        desk.fill(id, { quantity: 700 });
        desk.fill(id, { quantity: 500 });
      },
      causes: [
        ['order.filled'],
        ['order.filled'],
        ['alert.raised', { name: 'order.overfilled', reason: `'${id}' filled 1200 of 1000` }],
      ],
      so: () => assert.equal(desk.held(), 1_200),
    },
    {
      when: 'the position is reduced to what is wanted, and the books are compared',
      step: () => {
        desk.minute();
        desk.fill(desk.newest().clientOrderId, { quantity: 400 });
        desk.minute();
      },
      causes: [
        ['order.submitted', { order: { side: 'sell', quantity: 200 } }],
        ['order.filled'],
        ['alert.raised', { name: 'order.overfilled' }],
        ['order.denied', { code: 'VENUE_IMPAIRED' }],
      ],
    },
    {
      when: 'an operator has looked at it and arms the desk again',
      step: () => {
        desk.tell({ type: 'desk.armed', at: desk.at(), actor: 'operator', reason: 'seen' });
        desk.minute();
      },
      causes: [
        ['desk.armed'],
        ['alert.cleared', { name: 'order.overfilled' }],
        ['order.submitted', { order: { side: 'buy', quantity: 200 } }],
      ],
      so: (view) => assert.deepEqual(view.impairments, {}),
    },
  ]);
});

test('given a fill through zero, there are two round trips', () => {
  const desk = openedDesk([], plain);
  desk.minute();
  desk.tell({ type: 'order.submitted', at: desk.at(), order: requestOf({ clientOrderId: 'long' }) });
  desk.tell(acceptanceOf('long', desk.at()));
  desk.fill('long', { price: 110_000 });
  const sale = { side: 'sell', quantity: 2_500, realizedPnl: 2 * unitMoney } as const;
  play(desk, [
    {
      when: '2500 are sold against the 1000',
      step: () => desk.fill('through', { ...sale, price: 110_200 }),
      causes: [
        ['order.filled'],
        [
          'roundTrip.closed',
          { direction: 'long', quantity: 1_000, entryPrice: 110_000, exitPrice: 110_200, realizedPnl: 2 * unitMoney },
        ],
      ],
      so: (view) =>
        assert.deepEqual(
          [desk.held(), view.positions[euro]?.cost, view.trips[euro]?.direction, view.trips[euro]?.openedQuantity],
          [-1_500, 1_500 * 110_200, 'short', 1_500],
        ),
    },
    {
      when: 'the rest is bought back',
      step: () => desk.fill('back', { side: 'buy', quantity: 1_500, price: 110_100, realizedPnl: unitMoney }),
      causes: [
        ['order.filled'],
        ['roundTrip.closed', { direction: 'short', quantity: 1_500, entryPrice: 110_200, realizedPnl: unitMoney }],
      ],
      so: () => assert.equal(desk.held(), 0),
    },
  ]);
});
