import assert from 'node:assert/strict';
import { test } from 'node:test';
import { euro, yen } from '../../tests/support/desk-events.ts';
import { dueDeadline, nextDeadlineAt } from './deadlines.ts';
import { createState, type EngineState, type Protection } from './state.ts';

/** A state with protections of which only the deadlines matter. */
function waiting(deadlines: Readonly<Record<string, Partial<Protection>>>): EngineState {
  const state = createState();
  state.instrumentIds = [euro, yen];
  for (const [instrument, changes] of Object.entries(deadlines)) {
    state.protections[instrument] = {
      direction: 'long',
      stopPrice: 1,
      targetPrice: null,
      strategy: 'test',
      deadlineAt: null,
      venueStopDueAt: null,
      refusals: 0,
      targetRefusals: 0,
      refusedAt: 0,
      ...changes,
    };
  }
  return state;
}

test('without a deadline there is none to wait for', () => {
  const state = waiting({ [euro]: {} });
  assert.equal(nextDeadlineAt(state), Infinity);
  assert.equal(dueDeadline(state, 1e15), undefined);
});

test('the earliest of all deadlines is the next', () => {
  const state = waiting({ [euro]: { deadlineAt: 5_000 }, [yen]: { deadlineAt: 9_000, venueStopDueAt: 4_000 } });
  assert.equal(nextDeadlineAt(state), 4_000);
  assert.equal(dueDeadline(state, 3_999), undefined);
  assert.deepEqual(dueDeadline(state, 4_000), {
    type: 'deadline.reached',
    at: 4_000,
    kind: 'venueStop',
    instrument: yen,
  });
});

test('of two at one instant the first instrument comes first', () => {
  const state = waiting({ [yen]: { deadlineAt: 5_000 }, [euro]: { deadlineAt: 5_000 } });
  assert.deepEqual(dueDeadline(state, 5_000), {
    type: 'deadline.reached',
    at: 5_000,
    kind: 'protection',
    instrument: euro,
  });
});

test('a deadline that was missed is told at the present', () => {
  const state = waiting({ [euro]: { deadlineAt: 5_000 } });
  state.at = 8_000;
  assert.equal(dueDeadline(state, 8_500)?.at, 8_000);
});
