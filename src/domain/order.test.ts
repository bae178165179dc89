import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isTerminal,
  nextOrderState,
  type OrderChange,
  type OrderState,
  orderStates,
  orderTransitions,
} from './order.ts';

test('a fill may come before its acceptance', () => {
  assert.equal(nextOrderState('submitted', 'fillRest'), 'filled');
  assert.equal(nextOrderState('filled', 'accept'), 'filled');
});

test('a fill after a cancellation is real', () => {
  assert.equal(nextOrderState('canceled', 'fillRest'), 'filled');
});

test('a filled order is never rejected', () => {
  assert.equal(nextOrderState('filled', 'reject'), undefined);
});

test('every change leads to a known state, and no change revives a denied order', () => {
  for (const state of orderStates) {
    for (const next of Object.values(orderTransitions[state])) assert.ok(orderStates.includes(next));
  }
  assert.deepEqual(orderTransitions.denied, {});
});

test('the five ends are terminal', () => {
  assert.deepEqual(orderStates.filter(isTerminal), ['filled', 'canceled', 'rejected', 'denied', 'expired']);
});

const changes: readonly OrderChange[] = [
  'submit',
  'deny',
  'accept',
  'adopt',
  'reject',
  'fillPart',
  'fillRest',
  'cancel',
  'expire',
];

/** The whole table: where each change leads, in the order above; a dash is a change that is refused. */
const table: Readonly<Record<OrderState, string>> = {
  initialized: 'submitted denied accepted accepted - partiallyFilled filled canceled -',
  submitted: '- - accepted accepted rejected partiallyFilled filled canceled expired',
  accepted: '- - accepted accepted rejected partiallyFilled filled canceled expired',
  partiallyFilled: '- - partiallyFilled partiallyFilled - partiallyFilled filled canceled expired',
  filled: '- - filled - - - - filled -',
  canceled: '- - canceled accepted - canceled filled canceled -',
  rejected: '- - - accepted rejected partiallyFilled filled - -',
  denied: '- - - - - - - - -',
  expired: '- - expired accepted - expired filled expired expired',
};

test('every change from every state leads where the table says', () => {
  for (const state of orderStates)
    assert.equal(changes.map((change) => nextOrderState(state, change) ?? '-').join(' '), table[state], state);
});

test('an order that was given up and works at the venue is adopted, one that has filled whole is not', () => {
  for (const state of ['rejected', 'canceled', 'expired'] as const)
    assert.equal(nextOrderState(state, 'adopt'), 'accepted');
  assert.equal(nextOrderState('partiallyFilled', 'adopt'), 'partiallyFilled');
  assert.equal(nextOrderState('filled', 'adopt'), undefined);
});
