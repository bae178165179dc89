import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import type { PositionChange } from '#domain/pipeline.ts';
import { childOf, euro, requestOf } from '../support/desk-events.ts';
import { openedDesk } from '../support/opened-desk.ts';
import { slotModule } from '../support/slot-module.ts';
import { entering, exitFor, idOf, once, protectedDesk, stopFor } from './entered-desk.ts';
import { play } from './scenario.ts';

test('given an entry at a venue without brackets, stop and target follow its fill at once', () => {
  const { desk, entry } = entering([once()]);
  play(desk, [
    {
      when: 'the entry fills',
      step: () => desk.fill(entry),
      causes: [
        ['order.filled'],
        stopFor(1_000),
        ['order.submitted', { order: { orderType: 'limit', limitPrice: 110_300, purpose: 'takeProfit' } }],
      ],
    },
    {
      when: 'both are taken and ten seconds pass',
      step: () => {
        desk.accept(idOf(desk, 'stopLoss'));
        desk.accept(idOf(desk, 'takeProfit'));
        desk.pass(10_000);
      },
      causes: [['order.accepted'], ['order.accepted']],
    },
  ]);
});

test('given an entry that fills in parts, the stop grows with it and the old one goes when the new one stands', () => {
  const { desk, entry } = entering();
  let first = '';
  play(desk, [
    {
      when: 'a part fills and its stop is taken',
      step: () => {
        desk.fill(entry, { quantity: 400 });
        first = idOf(desk, 'stopLoss');
        desk.accept(first);
      },
      causes: [['order.filled'], stopFor(400), ['order.accepted']],
    },
    {
      when: 'the rest fills',
      step: () => desk.fill(entry),
      causes: [['order.filled'], stopFor(1_000)],
      so: (view) => assert.equal(view.orders.get(first)?.state, 'accepted'),
    },
    {
      when: 'the new stop is taken',
      step: () => desk.accept(idOf(desk, 'stopLoss')),
      causes: [['order.accepted'], ['order.cancelRequested', { reason: 'it guards nothing any more' }]],
      so: (view) => assert.notEqual(view.orders.get(first)?.cancelRequestedAt, null),
    },
    {
      when: 'the old one is cancelled',
      step: () => desk.cancel(first),
      causes: [['order.canceled']],
    },
  ]);
});

test('given a stop that fills, the target is an orphan and is cancelled', () => {
  const { desk } = protectedDesk([once()]);
  const target = idOf(desk, 'takeProfit');
  play(desk, [
    {
      when: 'the stop fills',
      step: () => desk.fill(idOf(desk, 'stopLoss'), { price: 109_890 }),
      causes: [['order.filled'], ['roundTrip.closed'], ['order.cancelRequested', { clientOrderId: target }]],
    },
  ]);
});

test('given a position that was closed elsewhere, its stop is cancelled', () => {
  const { desk } = protectedDesk();
  play(desk, [
    {
      when: 'a hand at the venue sells',
      step: () => desk.fill('by-hand', { side: 'sell', quantity: 1_000 }),
      causes: [
        ['order.filled'],
        ['roundTrip.closed', { reason: 'external' }],
        ['order.cancelRequested', { clientOrderId: idOf(desk, 'stopLoss') }],
      ],
    },
  ]);
});

test('given a partly filled stop, what is left of it is enough for what is left to guard', () => {
  const { desk } = protectedDesk();
  play(desk, [
    {
      when: 'four tenths of the stop fill',
      step: () => desk.fill(idOf(desk, 'stopLoss'), { quantity: 400, price: 109_890 }),
      causes: [['order.filled']],
      so: () => assert.equal(desk.held(), 600),
    },
  ]);
});

test('given a reduction, the stop shrinks to what is left', () => {
  const { desk } = protectedDesk();
  const first = idOf(desk, 'stopLoss');
  play(desk, [
    {
      when: 'an operator takes 400 off and that fills',
      step: () => {
        desk.tell({
          type: 'reduction.requested',
          at: desk.at(),
          instrument: euro,
          quantity: 400,
          actor: 'operator',
          reason: 'less',
        });
        desk.fill(idOf(desk, 'exit'));
      },
      causes: [['reduction.requested'], exitFor(400, 'less'), ['order.filled'], stopFor(600)],
    },
    {
      when: 'the smaller one is taken',
      step: () => desk.accept(idOf(desk, 'stopLoss')),
      causes: [['order.accepted'], ['order.cancelRequested', { clientOrderId: first }]],
    },
  ]);
});

test('given a stop that the strategy moves, the new one is placed and the old one follows', () => {
  let change: PositionChange | undefined;
  const mover = slotModule('position', 'mover', (value) => (change === undefined ? value : [change]));
  const { desk } = protectedDesk([once(null), mover]);
  const first = idOf(desk, 'stopLoss');
  play(desk, [
    {
      when: 'the stop is drawn to 1.09950',
      step: () => {
        change = { type: 'moveStop', instrument: euro, stopPrice: 109_950, reason: 'trail' };
        desk.minute();
        change = undefined;
      },
      causes: [
        ['order.amendRequested', { clientOrderId: first, stopPrice: 109_950, reason: 'trail' }],
        stopFor(1_000, 109_950),
      ],
    },
    {
      when: 'the new one is taken',
      step: () => desk.accept(idOf(desk, 'stopLoss')),
      causes: [['order.accepted'], ['order.cancelRequested', { clientOrderId: first }]],
    },
  ]);
});

test('given a position and its stop, a kill keeps both and cancels the entry beside them', () => {
  const { desk } = protectedDesk();
  const order = requestOf({ clientOrderId: 'more', orderType: 'limit', limitPrice: 109_000 });
  desk.tell({ type: 'order.submitted', at: desk.at(), order });
  desk.accept('more');
  play(desk, [
    {
      when: 'the operator engages the switch',
      step: () => desk.tell({ type: 'kill.engaged', at: desk.at(), actor: 'operator', reason: 'news' }),
      causes: [['kill.engaged'], ['order.cancelRequested', { clientOrderId: 'more' }]],
      so: (view) => assert.equal(view.orders.get(idOf(desk, 'stopLoss'))?.cancelRequestedAt, null),
    },
    {
      when: 'the venue fills part of the entry all the same',
      step: () => desk.fill('more', { quantity: 200 }),
      causes: [['order.filled'], stopFor(1_200)],
    },
  ]);
});

test('given a venue with brackets of its own, its stop counts and nothing is sent', () => {
  const { desk, entry } = entering([once()], { hasNativeBrackets: true });
  play(desk, [
    {
      when: 'the entry fills and a second later its stop is there',
      step: () => {
        desk.fill(entry);
        desk.pass(1_000);
        desk.tell(childOf(entry, desk.at()));
        desk.pass(60_000);
      },
      causes: [['order.filled'], ['order.accepted', { child: { purpose: 'stopLoss' } }]],
      so: (view) => assert.equal(view.protections[euro]?.deadlineAt, null),
    },
  ]);
});

test('given a venue with brackets whose stop does not come, ours is placed after two seconds and goes when theirs is there', () => {
  const { desk, entry } = entering([once()], { hasNativeBrackets: true });
  play(desk, [
    {
      when: 'the entry fills',
      step: () => {
        desk.fill(entry);
        desk.pass(1_999);
      },
      causes: [['order.filled']],
    },
    {
      when: 'two seconds have passed',
      step: () => desk.pass(1),
      causes: [['deadline.reached', { kind: 'venueStop' }], stopFor(1_000)],
    },
    {
      when: 'ours is taken and the deadline passes',
      step: () => {
        desk.accept(idOf(desk, 'stopLoss'));
        desk.pass(5_000);
      },
      causes: [['order.accepted']],
    },
    {
      when: 'theirs comes late',
      step: () => desk.tell(childOf(entry, desk.at())),
      causes: [['order.accepted', { child: { purpose: 'stopLoss' } }], ['order.cancelRequested']],
    },
  ]);
});

test('given a position that other hands have opened, it gets a stop two percent away where the strategy asks for stops', () => {
  for (const bracketEnabled of [true, false]) {
    const desk = openedDesk([], { policies: { strategy: { bracketEnabled } } });
    desk.minute();
    const fill = ['order.filled', { clientOrderId: 'by-hand' }] as const;
    play(desk, [
      {
        when: 'a hand at the venue buys 1000 euros at 1.10000',
        step: () => desk.fill('by-hand', { quantity: 1_000, price: 110_000 }),
        causes: bracketEnabled ? [fill, stopFor(1_000, 107_800)] : [fill],
      },
    ]);
  }
});

test('given a running position that a module adds to, the stop of the first entry guards all of it', () => {
  let change: PositionChange | undefined;
  const adder = slotModule('position', 'adder', (value) => (change === undefined ? value : [change]));
  const { desk } = protectedDesk([once(null), adder]);
  change = { type: 'add', instrument: euro, quantity: 500, reason: 'it runs' };
  desk.minute();
  change = undefined;
  const added: Event[] = [...desk.fill(idOf(desk, 'entry'))];
  assert.deepEqual(
    added.map(({ type }) => type),
    ['order.filled', 'order.submitted'],
  );
  assert.deepEqual([desk.newest().quantity, desk.newest().stopPrice], [1_500, 109_900]);
});
