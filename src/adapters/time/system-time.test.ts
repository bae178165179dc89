import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemTime } from './system-time.ts';

test('the clock tells the time of day and only ever goes forward', () => {
  const before = Date.now();
  assert.ok(systemTime.now() >= before);
  const first = systemTime.monotonic();
  assert.ok(systemTime.monotonic() >= first);
  const chance = systemTime.random();
  assert.ok(chance >= 0 && chance < 1);
});

test('a timer acts once, unless it is taken back', async () => {
  const acted: string[] = [];
  const takeBack = systemTime.after(0, () => void acted.push('taken back'));
  takeBack();
  await new Promise<void>((done) => {
    systemTime.after(1, () => {
      acted.push('kept');
      done();
    });
  });
  assert.deepEqual(acted, ['kept']);
});
