import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTerminal, nextOrderState, orderStates, orderTransitions } from './order.ts';

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
