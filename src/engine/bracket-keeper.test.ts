import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import { flatPosition } from '#domain/position.ts';
import { acceptanceOf, euro, requestOf, yen } from '../../tests/support/desk-events.ts';
import { keeperWishes } from './bracket-keeper.ts';
import { acceptOrder, addOrder, changeOrder } from './order-life.ts';
import { createState, type EngineState, type OrderRecord, type Protection } from './state.ts';

const at = 100_000;
const tick: Event = { type: 'time.ticked', at };

/** A desk that holds so many euros, which ask for a stop at 109900 and a target at 110300. */
function holding(signedQuantity: number, changes: Partial<Protection> = {}, hasNativeBrackets = false): EngineState {
  const state = createState();
  state.at = at;
  state.venue = { venue: 'OANDA', account: '1', environment: 'practice', hasNativeBrackets };
  state.positions[euro] = { ...flatPosition(euro), signedQuantity, cost: Math.abs(signedQuantity) };
  if (signedQuantity === 0) return state;
  state.protections[euro] = {
    direction: signedQuantity > 0 ? 'long' : 'short',
    stopPrice: 109_900,
    targetPrice: null,
    strategy: 'test',
    deadlineAt: at + 5_000,
    venueStopDueAt: null,
    refusals: 0,
    targetRefusals: 0,
    refusedAt: 0,
    ...changes,
  };
  return state;
}

interface Standing extends Partial<OrderRequest> {
  readonly parentOrderId?: string;
  readonly isTaken?: boolean;
  readonly isUnresolved?: boolean;
}

/** A sell stop at 109900 for 1000 euros. */
function stopOf(state: EngineState, clientOrderId: string, standing: Standing = {}): OrderRecord {
  const { parentOrderId = null, isTaken = true, isUnresolved = false, ...changes } = standing;
  const request = requestOf({
    clientOrderId,
    side: 'sell',
    orderType: 'stop',
    stopPrice: 109_900,
    purpose: 'stopLoss',
    isReduceOnly: true,
    ...changes,
  });
  const record = addOrder(state, request, at, parentOrderId);
  changeOrder(state, record, 'submit', at);
  if (isTaken) acceptOrder(state, acceptanceOf(clientOrderId, at));
  if (isUnresolved) record.unresolvedAt = at;
  return record;
}

/** What is wished, in short. */
function wishes(state: EngineState, input: Event = tick): readonly [string[], readonly string[], string | undefined] {
  const { submit, cancel, close } = keeperWishes(state, euro, input);
  const told = submit.map(
    ({ side, quantity, purpose, stopPrice, limitPrice }) =>
      `${side} ${quantity} ${purpose} at ${stopPrice ?? limitPrice}`,
  );
  return [told, cancel, close];
}

function rejectionOf(state: EngineState, clientOrderId: string, code: string): Event {
  const record = state.orders.get(clientOrderId);
  if (record !== undefined) changeOrder(state, record, 'reject', at);
  return { type: 'order.rejected', at, clientOrderId, code, reason: '' };
}

const deadline: Event = { type: 'deadline.reached', at, kind: 'protection', instrument: euro };

test('a position without a stop gets one for all that is held, on the other side', () => {
  assert.deepEqual(keeperWishes(holding(1_000), euro, tick), {
    submit: [
      {
        instrument: euro,
        side: 'sell',
        quantity: 1_000,
        orderType: 'stop',
        limitPrice: null,
        stopPrice: 109_900,
        timeInForce: 'goodTillCancel',
        expiresAt: null,
        isReduceOnly: true,
        purpose: 'stopLoss',
        bracket: null,
        strategy: 'test',
        reason: 'the stop of the position',
      },
    ],
    cancel: [],
    close: undefined,
  });
  assert.deepEqual(wishes(holding(-700)), [['buy 700 stopLoss at 109900'], [], undefined]);
});

test('the target is a limit order beside the stop', () => {
  const state = holding(1_000, { targetPrice: 110_300 });
  const { submit } = keeperWishes(state, euro, tick);
  const target = submit[1];
  assert.deepEqual(
    [target?.orderType, target?.limitPrice, target?.stopPrice, target?.purpose, target?.reason],
    ['limit', 110_300, null, 'takeProfit', 'the target of the position'],
  );
});

test('a strategy that asks for no stop gets none', () => {
  assert.deepEqual(wishes(holding(1_000, { stopPrice: null }), deadline), [[], [], undefined]);
});

test('what is on its way is waited for', () => {
  const state = holding(1_000);
  stopOf(state, 's1', { isTaken: false });
  assert.deepEqual(wishes(state), [[], [], undefined]);
});

test('a stop for another quantity or price is replaced: the old one goes when the new one stands', () => {
  const state = holding(1_000);
  stopOf(state, 'small', { quantity: 400 });
  stopOf(state, 'low', { stopPrice: 109_800 });
  assert.deepEqual(wishes(state), [['sell 1000 stopLoss at 109900'], [], undefined]);
  const record = stopOf(state, 'right', { isTaken: false });
  assert.deepEqual(wishes(state), [[], [], undefined]);
  acceptOrder(state, acceptanceOf('right', at));
  assert.deepEqual(wishes(state), [[], ['small', 'low'], undefined]);
  assert.equal(record.state, 'accepted');
});

test('a stop nobody knows of is replaced, and cancelled once another stands', () => {
  const state = holding(1_000);
  stopOf(state, 'lost', { isTaken: false, isUnresolved: true });
  assert.deepEqual(wishes(state), [['sell 1000 stopLoss at 109900'], [], undefined]);
  stopOf(state, 'right');
  assert.deepEqual(wishes(state), [[], ['lost'], undefined]);
});

test('beside three stops that nobody knows of no other is tried', () => {
  const state = holding(1_000);
  for (const id of ['a', 'b', 'c']) {
    assert.equal(wishes(state)[0].length, 1);
    stopOf(state, id, { isTaken: false, isUnresolved: true });
  }
  assert.deepEqual(wishes(state), [[], [], undefined]);
  assert.deepEqual(wishes(state, deadline), [[], [], 'its stop did not stand in time']);
});

test('a stop that is to be cancelled is none', () => {
  const state = holding(1_000);
  stopOf(state, 'leaving').cancelRequestedAt = at;
  assert.deepEqual(wishes(state), [['sell 1000 stopLoss at 109900'], [], undefined]);
});

test('a deadline closes what is not covered, and nothing that is', () => {
  const state = holding(1_000);
  assert.deepEqual(wishes(state, deadline), [[], [], 'its stop did not stand in time']);
  assert.equal(wishes(state, { ...deadline, instrument: yen })[2], undefined);
  assert.equal(wishes(state, { ...deadline, kind: 'venueStop' })[2], undefined);
  stopOf(state, 'right');
  assert.equal(wishes(state, deadline)[2], undefined);
});

test('a stop that would trigger closes at once, whatever else stands: the market is beyond it', () => {
  const state = holding(1_000);
  stopOf(state, 'old', { stopPrice: 109_800 });
  stopOf(state, 'moved', { isTaken: false });
  const rejection = rejectionOf(state, 'moved', 'WOULD_TRIGGER');
  assert.equal(wishes(state, rejection)[2], 'the venue refused its stop: WOULD_TRIGGER');
});

test('a refusal of a stop that is not asked for any more closes nothing', () => {
  const state = holding(1_000, { stopPrice: 109_700 });
  stopOf(state, 'right', { stopPrice: 109_700 });
  stopOf(state, 'given-up', { isTaken: false });
  assert.equal(wishes(state, rejectionOf(state, 'given-up', 'WOULD_TRIGGER'))[2], undefined);
});

test('a stop that was taken and refused when its price came closes what it leaves naked', () => {
  const state = holding(1_000);
  stopOf(state, 'taken');
  const rejection = rejectionOf(state, 'taken', 'TRIGGER_REJECTED');
  assert.equal(wishes(state, rejection)[2], 'the venue refused its stop: TRIGGER_REJECTED');
  stopOf(state, 'other');
  assert.equal(wishes(state, rejection)[2], undefined);
});

test('the third refusal closes, told once and not at what comes after', () => {
  const state = holding(1_000, { refusals: 3 });
  stopOf(state, 'third', { isTaken: false });
  const rejection = rejectionOf(state, 'third', 'MARGIN');
  assert.deepEqual(wishes(state, rejection), [[], [], 'the venue refused its stop 3 times']);
  assert.deepEqual(wishes(state), [[], [], undefined]);
  assert.deepEqual(wishes(state, deadline), [[], [], 'its stop did not stand in time']);
});

test('refused targets are not tried without end, and close nothing', () => {
  const state = holding(1_000, { targetPrice: 110_300, targetRefusals: 2 });
  stopOf(state, 'right');
  assert.deepEqual(wishes(state)[0], ['sell 1000 takeProfit at 110300']);
  const refused = holding(1_000, { targetPrice: 110_300, targetRefusals: 3 });
  stopOf(refused, 'right');
  assert.deepEqual(wishes(refused), [[], [], undefined]);
});

test('stops of a position that is gone, or was turned, are orphans', () => {
  const flat = holding(0);
  stopOf(flat, 'stop');
  stopOf(flat, 'target', { purpose: 'takeProfit' });
  stopOf(flat, 'asked').cancelRequestedAt = at;
  assert.deepEqual(wishes(flat), [[], ['stop', 'target'], undefined]);
  const turned = holding(-1_000);
  stopOf(turned, 'stop');
  assert.deepEqual(wishes(turned), [['buy 1000 stopLoss at 109900'], ['stop'], undefined]);
});

test("orphans of other hands are left until the books are the venue's", () => {
  const state = holding(0);
  stopOf(state, 'theirs', { strategy: 'external' });
  assert.deepEqual(wishes(state)[1], []);
  const reconciled: Event = {
    type: 'venue.reconciled',
    at,
    balance: 0,
    positions: [],
    openOrderIds: [],
    differences: [],
  };
  assert.deepEqual(wishes(state, reconciled)[1], ['theirs']);
});

test('where the venue keeps brackets, orphans are looked at with the tick', () => {
  const state = holding(0, {}, true);
  stopOf(state, 'stop', { parentOrderId: 'entry' });
  const fill: Event = { type: 'order.canceled', at, clientOrderId: 'entry-t', reason: 'SIBLING_FILLED' };
  assert.deepEqual(wishes(state, fill)[1], []);
  assert.deepEqual(wishes(state)[1], ['stop']);
});

test("the venue's own stop is waited for, then what it leaves open is covered", () => {
  const waiting = holding(1_000, { venueStopDueAt: at + 2_000, targetPrice: 110_300 }, true);
  assert.deepEqual(wishes(waiting), [[], [], undefined]);
  const late = holding(1_000, { targetPrice: 110_300 }, true);
  stopOf(late, 'entry-s', { quantity: 300, parentOrderId: 'entry' });
  assert.deepEqual(wishes(late), [['sell 700 stopLoss at 109900'], [], undefined]);
  stopOf(late, 'ours', { quantity: 700, isTaken: false });
  assert.deepEqual(wishes(late), [[], [], undefined]);
});

test("once the venue's own stops cover everything, ours goes and other hands' stays", () => {
  const state = holding(1_000, {}, true);
  stopOf(state, 'ours');
  stopOf(state, 'theirs', { strategy: 'external' });
  stopOf(state, 'entry-s', { parentOrderId: 'entry', quantity: 600 });
  assert.deepEqual(wishes(state)[1], []);
  stopOf(state, 'more-s', { parentOrderId: 'more', quantity: 400 });
  assert.deepEqual(wishes(state), [[], ['ours'], undefined]);
});
