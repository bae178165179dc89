import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { waitFor } from './wait-for.ts';

test('a wait is over after its span, or when it is told to stop', async () => {
  const clock = new HandClock(0);
  const over: string[] = [];
  const controller = new AbortController();
  void waitFor(clock, 100).then(() => over.push('span'));
  void waitFor(clock, 1_000, controller.signal).then(() => over.push('stopped'));
  await clock.pass(99);
  assert.deepEqual(over, []);
  await clock.pass(1);
  assert.deepEqual(over, ['span']);
  controller.abort();
  await clock.pass(0);
  assert.deepEqual(over, ['span', 'stopped']);
  await waitFor(clock, 1_000, controller.signal);
});
