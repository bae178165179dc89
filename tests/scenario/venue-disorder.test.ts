import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Module } from '#engine/module.ts';
import { acceptanceOf, childOf, euro, fillOf, targetOf, unitMoney } from '../support/desk-events.ts';
import { slotModule } from '../support/slot-module.ts';
import { play } from './scenario.ts';
import { type ToldDesk, toldDesk } from './told-desk.ts';

/** Wants to hold so many euros. */
function wanting(quantity: number): Module {
  return slotModule('allocation', 'wanting', () => [targetOf(euro, quantity)]);
}

/** A desk that has just sent an order for 1000 euros, and that order's id. */
function sent(): { readonly desk: ToldDesk; readonly id: string } {
  const desk = toldDesk([wanting(1_000)]);
  desk.minute();
  const [id] = [...desk.view.orders.keys()];
  assert.ok(id !== undefined);
  return { desk, id };
}

function orderState({ view }: ToldDesk, id: string): string | undefined {
  return view.orders.get(id)?.state;
}

function held({ view }: ToldDesk): number | undefined {
  return view.positions[euro]?.signedQuantity;
}

test('given a fill that overtakes its acceptance, the position counts and the late acceptance changes nothing', () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'the fill comes first',
      step: () => desk.tell(fillOf(desk.at(), { clientOrderId: id })),
      causes: [['order.filled']],
      so: () => assert.deepEqual([orderState(desk, id), held(desk)], ['filled', 1_000]),
    },
    {
      when: 'the acceptance follows',
      step: () => desk.tell(acceptanceOf(id, desk.at())),
      causes: [['order.accepted']],
      so: () => assert.deepEqual([orderState(desk, id), held(desk)], ['filled', 1_000]),
    },
    {
      when: 'the next minute is decided on',
      step: () => desk.minute(),
      causes: [],
    },
  ]);
});

test('given a reconnecting stream that repeats itself, every fill counts once', () => {
  const { desk, id } = sent();
  const fill = fillOf(desk.at(), { clientOrderId: id, quantity: 400, fee: 7 });
  play(desk, [
    {
      when: 'the same partial fill is told three times',
      step: () => {
        for (let count = 0; count < 3; count += 1) desk.tell(fill);
      },
      causes: [['order.filled'], ['order.filled'], ['order.filled']],
      so: (view) => {
        assert.deepEqual([orderState(desk, id), held(desk)], ['partiallyFilled', 400]);
        assert.deepEqual([view.account.fees, view.counts.fills], [7, 1]);
      },
    },
    {
      when: 'the rest fills',
      step: () => desk.tell(fillOf(desk.at(), { clientOrderId: id, quantity: 600, fillId: 'rest' })),
      causes: [['order.filled']],
      so: () => assert.deepEqual([orderState(desk, id), held(desk)], ['filled', 1_000]),
    },
  ]);
});

test('given a cancellation that a fill had overtaken, what was filled is real', () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'the cancellation is told before the fill',
      step: () => {
        desk.tell({ type: 'order.canceled', at: desk.at(), clientOrderId: id, reason: 'kill.engaged' });
        desk.tell(fillOf(desk.at(), { clientOrderId: id, quantity: 300 }));
      },
      causes: [['order.canceled'], ['order.filled']],
      so: () => assert.deepEqual([orderState(desk, id), held(desk)], ['canceled', 300]),
    },
    {
      when: 'the next minute asks for what is missing',
      step: () => desk.minute(),
      causes: [['order.submitted', { order: { side: 'buy', quantity: 700 } }]],
    },
  ]);
});

test("given a rejection that was a misunderstanding, a fill by the venue's evidence brings the order back", () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'a rejection and then fills are told',
      step: () => {
        desk.tell({ type: 'order.rejected', at: desk.at(), clientOrderId: id, code: 'TIMEOUT', reason: 'no answer' });
        desk.tell(fillOf(desk.at(), { clientOrderId: id }));
      },
      causes: [['order.rejected'], ['order.filled']],
      so: () => assert.deepEqual([orderState(desk, id), held(desk)], ['filled', 1_000]),
    },
  ]);
});

test('given events of orders that are not ours, only fills move anything', () => {
  const desk = toldDesk([]);
  desk.minute();
  play(desk, [
    {
      when: 'a hand at the venue trades',
      step: () => {
        const at = desk.at();
        desk.tell(acceptanceOf('by-hand', at));
        desk.tell({ type: 'order.amended', at, clientOrderId: 'by-hand', quantity: 9, stopPrice: null, limitPrice: 1 });
        desk.tell(fillOf(at, { clientOrderId: 'by-hand', side: 'sell', quantity: 500, balance: 42 }));
        desk.tell({ type: 'order.expired', at, clientOrderId: 'by-hand', reason: '' });
      },
      causes: [['order.accepted'], ['order.amended'], ['order.filled'], ['order.expired']],
      so: (view) => {
        assert.equal(view.orders.size, 0);
        assert.deepEqual([held(desk), view.positions[euro]?.strategy, view.account.balance], [-500, 'external', 42]);
      },
    },
  ]);
});

test('given a bracket whose child was amended by the venue, the desk believes the venue', () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'entry and stop are there and the stop is cut',
      step: () => {
        const at = desk.at();
        desk.tell(fillOf(at, { clientOrderId: id }));
        desk.tell(childOf(id, at));
        desk.tell({
          type: 'order.amended',
          at,
          clientOrderId: `${id}-s`,
          quantity: 600,
          stopPrice: 109_950,
          limitPrice: null,
        });
      },
      causes: [['order.filled'], ['order.accepted', { child: { purpose: 'stopLoss' } }], ['order.amended']],
      so: (view) => {
        const stop = view.orders.get(`${id}-s`);
        assert.deepEqual([stop?.request.quantity, stop?.request.stopPrice, stop?.state], [600, 109_950, 'accepted']);
      },
    },
  ]);
});

test("given books that differ after a restart, the venue's are adopted", () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'the desk believes in 1000 euros and the venue reports 700 yen pairs short',
      step: () => {
        desk.tell(fillOf(desk.at(), { clientOrderId: id }));
        desk.tell({
          type: 'venue.reconciled',
          at: desk.at(),
          balance: 99_000 * unitMoney,
          positions: [{ instrument: 'USDJPY.OANDA', signedQuantity: -700, cost: 700 * 150_000 }],
          openOrderIds: [],
          differences: ['EURUSD.OANDA: 1000 here, 0 there', 'USDJPY.OANDA: 0 here, -700 there'],
        });
      },
      causes: [['order.filled'], ['venue.reconciled']],
      so: (view) => {
        assert.deepEqual([held(desk), view.positions['USDJPY.OANDA']?.signedQuantity], [0, -700]);
        assert.equal(view.account.balance, 99_000 * unitMoney);
        assert.deepEqual(view.trips, {});
      },
    },
    {
      when: 'the next minute decides from the adopted books',
      step: () => desk.minute(),
      causes: [['order.submitted', { order: { side: 'buy', quantity: 1_000 } }]],
    },
  ]);
});
