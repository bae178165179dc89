import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { remembered } from './remembered.ts';

test('an answer is asked for once in its time, by however many', async () => {
  const clock = new HandClock();
  let asked = 0;
  const ask = remembered(
    1_000,
    () => clock.monotonic(),
    async () => {
      asked += 1;
      return asked;
    },
  );
  assert.deepEqual(await Promise.all([ask(), ask()]), [1, 1]);
  clock.jump(999);
  assert.equal(await ask(), 1);
  clock.jump(1);
  assert.equal(await ask(), 2);
});
