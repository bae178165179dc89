import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf } from '../../../tests/support/desk-events.ts';
import { orderAnswerSchemas, orderIntentSchemas } from './order-events.ts';

const at = 1;

test('an adopted order may say what it had filled, and need not', () => {
  const adopted = {
    type: 'order.adopted',
    at,
    order: requestOf({ clientOrderId: 'by-hand' }),
    venueOrderId: '7',
    venueAt: at,
    reason: 'not sent by this desk',
  };
  const { success } = orderAnswerSchemas['order.adopted'].safeParse(adopted);
  assert.equal(success, true);
  assert.equal(orderAnswerSchemas['order.adopted'].safeParse({ ...adopted, filledQuantity: 3 }).success, true);
  assert.equal(orderAnswerSchemas['order.adopted'].safeParse({ ...adopted, filledQuantity: -1 }).success, false);
});

test('an unresolved order is named with its reason and nothing else', () => {
  const unresolved = { type: 'order.unresolved', at, clientOrderId: 'o1', reason: 'no answer' };
  assert.deepEqual(orderAnswerSchemas['order.unresolved'].parse(unresolved), unresolved);
  assert.equal(orderAnswerSchemas['order.unresolved'].safeParse({ ...unresolved, state: 'lost' }).success, false);
});

test('a fill has a price and a quantity above zero', () => {
  const fill = {
    type: 'order.filled',
    at,
    clientOrderId: 'o1',
    venueOrderId: '7',
    fillId: '9',
    instrument: 'EURUSD.OANDA',
    side: 'buy',
    quantity: 1,
    price: 110_000,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 0,
    balance: 0,
    venueAt: at,
    isPessimistic: false,
  };
  assert.equal(orderAnswerSchemas['order.filled'].safeParse(fill).success, true);
  for (const broken of [{ price: 0 }, { quantity: 0 }, { price: Number.NaN }, { quantity: 0.5 }])
    assert.equal(orderAnswerSchemas['order.filled'].safeParse({ ...fill, ...broken }).success, false);
});

test('what the desk decides about orders and what a venue answers are different events', () => {
  const answers = new Set(Object.keys(orderAnswerSchemas));
  assert.deepEqual(
    Object.keys(orderIntentSchemas).filter((type) => answers.has(type)),
    [],
  );
  assert.deepEqual(Object.keys(orderIntentSchemas), [
    'order.submitted',
    'order.denied',
    'order.cancelRequested',
    'order.amendRequested',
  ]);
});
