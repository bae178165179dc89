import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimePort } from '#engine/ports.ts';
import { startHousekeeping } from './housekeeping.ts';
import type { ScheduleRow } from './schedule-table.ts';

/** Time that stands until it is moved. */
function handTime(startAt: number): TimePort & { move(ms: number): Promise<void>; waiting(): number } {
  let now = startAt;
  let timers: { readonly dueAt: number; readonly act: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    random: () => 0,
    after: (ms, act) => {
      const timer = { dueAt: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    move: async (ms) => {
      now += ms;
      const due = timers.filter(({ dueAt }) => dueAt <= now);
      timers = timers.filter(({ dueAt }) => dueAt > now);
      for (const { act } of due) act();
      await new Promise((done) => setImmediate(done));
    },
    waiting: () => timers.length,
  };
}

const care: ScheduleRow = { name: 'care', runsAs: 'housekeeping', every: { everyMs: 100 }, meaning: 'care' };
const unused: ScheduleRow = { ...care, name: 'unused' };

test('a chore is done at each of its times, one that is not there at none', async () => {
  const time = handTime(1_050);
  const done: number[] = [];
  const keeping = startHousekeeping(
    [care, unused],
    { care: async () => void done.push(time.now()) },
    time,
    assert.ifError,
  );
  assert.equal(time.waiting(), 1);
  await time.move(49);
  assert.deepEqual(done, []);
  await time.move(1);
  await time.move(100);
  assert.deepEqual(done, [1_100, 1_200]);
  assert.equal(keeping.doneAt.get('care'), 1_200);
  await time.move(350);
  await time.move(50);
  assert.deepEqual(done, [1_100, 1_200, 1_550, 1_600], 'what was missed is missed');
  await keeping.close();
  assert.equal(time.waiting(), 0);
});

test('a chore that fails is told and done again; one that is still at it is left alone', async () => {
  const time = handTime(0);
  const problems: unknown[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const chore = (): Promise<void> =>
    new Promise((done, fail) => {
      ends.push((error) => (error === undefined ? done() : fail(error)));
    });
  const keeping = startHousekeeping([care], { care: chore }, time, (...told) => void problems.push(told));
  await time.move(100);
  await time.move(100);
  assert.equal(ends.length, 1);
  const error = new Error('no store');
  ends[0]?.(error);
  await time.move(0);
  await time.move(100);
  assert.deepEqual(problems, [['care', error]]);
  assert.equal(ends.length, 2);
  const closing = keeping.close();
  ends[1]?.();
  await closing;
  await time.move(100);
  assert.equal(ends.length, 2);
});
