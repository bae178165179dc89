import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { shiftedTime } from './shifted-time.ts';

test('shifted time begins elsewhere and goes as fast as it is told', async () => {
  const clock = new HandClock(1_000);
  const time = shiftedTime(clock, { startAt: 5_000_000, speed: 10 });
  const acted: number[] = [];
  time.after(600, () => acted.push(time.now()));
  assert.equal(time.now(), 5_000_000);
  await clock.pass(59);
  assert.deepEqual(acted, []);
  await clock.pass(1);
  assert.deepEqual(acted, [5_000_600]);
  await clock.pass(40);
  assert.equal(time.now(), 5_001_000);
  assert.equal(time.monotonic(), 2_000);
  assert.equal(time.random(), 0.5);
});

test('a timer that was taken back does not act', async () => {
  const clock = new HandClock(0);
  const time = shiftedTime(clock, { startAt: 0, speed: 2 });
  const forget = time.after(10, () => assert.fail('acted'));
  forget();
  await clock.pass(100);
});

test('time that stands still is refused', () => {
  assert.throws(() => shiftedTime(new HandClock(), { startAt: 0, speed: 0 }), /found the speed '0'/);
});
