import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PositionChange } from '#domain/pipeline.ts';
import { euro } from '../support/desk-events.ts';
import { slotModule } from '../support/slot-module.ts';
import { entering, exitFor, filledOnly, idOf, once, protectedDesk, stopFor } from './entered-desk.ts';
import { play } from './scenario.ts';

test('given a stop of which nothing is heard, the position is closed after five seconds', () => {
  const { desk, entry } = entering();
  play(desk, [
    {
      when: 'the entry fills and the venue is silent',
      step: () => {
        desk.fill(entry);
        desk.pass(4_999);
      },
      causes: [['order.filled'], stopFor(1_000)],
    },
    {
      when: 'five seconds have passed',
      step: () => desk.pass(1),
      causes: [
        ['deadline.reached', { kind: 'protection', instrument: euro }],
        exitFor(1_000, 'unprotected: its stop did not stand in time'),
      ],
    },
    {
      when: 'five more pass and the exit is still on its way',
      step: () => desk.pass(5_000),
      causes: [['deadline.reached']],
    },
    {
      when: 'nobody knows what came of the exit, and five more pass',
      step: () => {
        desk.tell({ type: 'order.unresolved', at: desk.at(), clientOrderId: idOf(desk, 'exit'), reason: 'no answer' });
        desk.pass(5_000);
      },
      causes: [
        ['order.unresolved'],
        ['deadline.reached'],
        exitFor(1_000, 'unprotected: its stop did not stand in time'),
      ],
    },
    {
      when: 'it fills',
      step: () => desk.fill(idOf(desk, 'exit')),
      causes: [['order.filled'], ['roundTrip.closed'], ['order.cancelRequested']],
      so: (view) => assert.deepEqual(view.protections, {}),
    },
  ]);
});

for (const code of ['WOULD_TRIGGER', 'TRIGGER_REJECTED']) {
  test(`given a stop that is refused with '${code}', the position is closed at once`, () => {
    const { desk } = code === 'WOULD_TRIGGER' ? filledOnly() : protectedDesk();
    play(desk, [
      {
        when: 'the venue refuses it',
        step: () => desk.reject(idOf(desk, 'stopLoss'), code),
        causes: [['order.rejected', { code }], exitFor(1_000, `unprotected: the venue refused its stop: ${code}`)],
      },
    ]);
  });
}

test('given a venue that refuses stop after stop, the position is closed at the third and no fourth is sent', () => {
  const { desk } = filledOnly();
  const refuse = () => void desk.reject(idOf(desk, 'stopLoss'), 'MARGIN');
  play(desk, [
    { when: 'the first is refused', step: refuse, causes: [['order.rejected'], stopFor(1_000)] },
    { when: 'the second is refused', step: refuse, causes: [['order.rejected'], stopFor(1_000)] },
    {
      when: 'the third is refused',
      step: refuse,
      causes: [['order.rejected'], exitFor(1_000, 'unprotected: the venue refused its stop 3 times')],
    },
    {
      when: 'the exit is refused in its turn',
      step: () => desk.reject(idOf(desk, 'exit'), 'MARKET_HALTED'),
      causes: [['order.rejected']],
    },
    {
      when: 'the deadline comes',
      step: () => desk.pass(5_000),
      causes: [['deadline.reached'], exitFor(1_000, 'unprotected: its stop did not stand in time')],
    },
  ]);
});

test('given a venue that takes stops and cancels them again, the third time closes the position', () => {
  const { desk } = filledOnly();
  const takeAndCancel = () => {
    desk.accept(idOf(desk, 'stopLoss'));
    desk.cancel(idOf(desk, 'stopLoss'));
  };
  const again = [['order.accepted'], ['order.canceled'], stopFor(1_000)] as const;
  play(desk, [
    { when: 'it does so once', step: takeAndCancel, causes: again },
    { when: 'it does so twice', step: takeAndCancel, causes: again },
    {
      when: 'it does so a third time',
      step: takeAndCancel,
      causes: [
        ['order.accepted'],
        ['order.canceled'],
        exitFor(1_000, 'unprotected: the venue refused its stop 3 times'),
      ],
    },
  ]);
});

test('given a moved stop that the market has passed, the position is closed although the old one stands', () => {
  let change: PositionChange | undefined;
  const mover = slotModule('position', 'mover', (value) => (change === undefined ? value : [change]));
  const { desk } = protectedDesk([once(null), mover]);
  change = { type: 'moveStop', instrument: euro, stopPrice: 109_950, reason: 'trail' };
  desk.minute();
  change = undefined;
  play(desk, [
    {
      when: 'the venue says that it would trigger',
      step: () => desk.reject(idOf(desk, 'stopLoss'), 'WOULD_TRIGGER'),
      causes: [['order.rejected'], exitFor(1_000, 'unprotected: the venue refused its stop: WOULD_TRIGGER')],
    },
  ]);
});

test('given a stop nobody knows of, another one is placed, and the first is cancelled when that one stands', () => {
  const { desk } = filledOnly();
  const lost = idOf(desk, 'stopLoss');
  play(desk, [
    {
      when: 'the venue does not answer',
      step: () => desk.tell({ type: 'order.unresolved', at: desk.at(), clientOrderId: lost, reason: 'no answer' }),
      causes: [['order.unresolved'], stopFor(1_000)],
    },
    {
      when: 'the other one is taken',
      step: () => desk.accept(idOf(desk, 'stopLoss')),
      causes: [['order.accepted'], ['order.cancelRequested', { clientOrderId: lost }]],
    },
  ]);
});
