import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { CallWindow } from './call-window.ts';

test('calls beyond the limit are refused until the window ends, each caller for himself', () => {
  const clock = new HandClock(1_000);
  const window = new CallWindow(clock, 60_000);
  assert.deepEqual(window.count('a', 2), { isAllowed: true, remaining: 1, resetAt: 61_000 });
  clock.jump(30_000);
  assert.deepEqual(window.count('a', 2), { isAllowed: true, remaining: 0, resetAt: 61_000 });
  assert.deepEqual(window.count('a', 2), { isAllowed: false, remaining: 0, resetAt: 61_000 });
  assert.equal(window.count('b', 2).isAllowed, true);
  clock.jump(30_000);
  assert.deepEqual(window.count('a', 2), { isAllowed: true, remaining: 1, resetAt: 121_000 });
});

test('ten thousand callers are the most that are counted', () => {
  const window = new CallWindow(new HandClock(), 60_000);
  window.count('first', 1);
  for (let caller = 0; caller < 10_000; caller += 1) window.count(String(caller), 1);
  assert.equal(window.count('first', 1).isAllowed, true);
});
