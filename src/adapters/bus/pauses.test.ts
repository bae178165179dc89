import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { Pauses } from './pauses.ts';

test('a wait ends with its time, when it is woken, and at once after the end', async () => {
  const clock = new HandClock();
  const pauses = new Pauses(clock);
  let ended = 0;
  const wait = (): Promise<void> =>
    pauses.wait(100).then(() => {
      ended += 1;
    });
  const first = wait();
  await clock.pass(99);
  assert.equal(ended, 0);
  await clock.pass(1);
  await first;
  const second = wait();
  pauses.wake();
  await second;
  const third = wait();
  pauses.end();
  await third;
  await wait();
  assert.equal(ended, 4);
  assert.ok(pauses.isEnded);
});
