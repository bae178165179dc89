import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Module } from '#engine/module.ts';
import { euro, targetOf } from '../support/desk-events.ts';
import { type OpenedDesk, openedDesk } from '../support/opened-desk.ts';
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

test('given an entry nobody knows of, no other one is sent until the venue has said what became of it', () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'there is no answer, and two minutes are decided on',
      step: () => {
        desk.tell({ type: 'order.unresolved', at: desk.at(), clientOrderId: id, reason: 'no answer in 10000 ms' });
        desk.minute();
        desk.minute();
      },
      causes: [['order.unresolved']],
      so: (view) => assert.notEqual(view.orders.get(id)?.unresolvedAt, null),
    },
    {
      when: 'the venue does not know it, and a minute is decided on',
      step: () => {
        desk.reject(id, 'NOT_FOUND');
        desk.minute();
      },
      causes: [['order.rejected'], ['order.submitted', { order: { side: 'buy', quantity: 1_000 } }]],
    },
  ]);
});

test('given an entry nobody knew of, its acceptance and its fill come late and count', () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'there is no answer',
      step: () => desk.tell({ type: 'order.unresolved', at: desk.at(), clientOrderId: id, reason: 'no answer' }),
      causes: [['order.unresolved']],
    },
    {
      when: 'the venue has it after all',
      step: () => desk.accept(id),
      causes: [['order.accepted']],
      so: (view) =>
        assert.deepEqual([view.orders.get(id)?.unresolvedAt, view.orders.get(id)?.state], [null, 'accepted']),
    },
    {
      when: 'it fills, and the acceptance is told again',
      step: () => {
        desk.fill(id);
        desk.accept(id);
      },
      causes: [['order.filled'], ['order.accepted']],
      so: (view) => assert.deepEqual([desk.held(), view.orders.get(id)?.state], [1_000, 'filled']),
    },
  ]);
});

test('given an exit nobody knows of, the next reduction does not wait for it', () => {
  let wanted = 1_000;
  const allocator = slotModule('allocation', 'allocator', () => [targetOf(euro, wanted)]);
  const desk = openedDesk([allocator], plain);
  desk.minute();
  desk.fill(desk.newest().clientOrderId);
  play(desk, [
    {
      when: 'the desk wants out and the venue does not answer',
      step: () => {
        wanted = 0;
        desk.minute();
        const { clientOrderId } = desk.newest();
        desk.tell({ type: 'order.unresolved', at: desk.at(), clientOrderId, reason: 'no answer' });
      },
      causes: [['order.submitted', { order: { purpose: 'exit', quantity: 1_000 } }], ['order.unresolved']],
    },
    {
      when: 'the next minute is decided on',
      step: () => desk.minute(),
      causes: [['order.submitted', { order: { purpose: 'exit', quantity: 1_000, isReduceOnly: true } }]],
    },
    {
      when: 'the operator flattens while both are on their way',
      step: () => desk.tell({ type: 'flatten.requested', at: desk.at(), actor: 'operator', reason: 'news' }),
      causes: [['flatten.requested']],
    },
  ]);
});

test('given a cancellation that a fill has crossed, the fill counts and a repetition of it does not', () => {
  const { desk, id } = sent();
  desk.accept(id);
  play(desk, [
    {
      when: 'the switch cancels the entry and it fills meanwhile, which is told three times',
      step: () => {
        desk.tell({ type: 'kill.engaged', at: desk.at(), actor: 'operator', reason: 'news' });
        for (let count = 0; count < 3; count += 1) desk.fill(id, { fillId: 'the-one', quantity: 1_000 });
        desk.cancel(id);
      },
      causes: [
        ['kill.engaged'],
        ['order.cancelRequested', { clientOrderId: id }],
        ['order.filled'],
        ['order.filled'],
        ['order.filled'],
        ['order.canceled'],
      ],
      so: (view) => {
        assert.deepEqual([desk.held(), view.orders.get(id)?.state, view.counts.fills], [1_000, 'filled', 1]);
      },
    },
  ]);
});

test('given an engaged switch, an entry that the venue takes after its cancellation is cancelled again', () => {
  const { desk, id } = sent();
  play(desk, [
    {
      when: 'the switch is engaged before the venue has answered',
      step: () => desk.tell({ type: 'kill.engaged', at: desk.at(), actor: 'operator', reason: 'news' }),
      causes: [['kill.engaged'], ['order.cancelRequested', { clientOrderId: id }]],
    },
    {
      when: 'the venue takes the entry',
      step: () => desk.accept(id),
      causes: [['order.accepted'], ['order.cancelRequested', { clientOrderId: id }]],
    },
  ]);
});
