import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimePort } from '#engine/ports.ts';
import { DeskClock, stallMsMax } from './desk-clock.ts';

function handTime(): { time: TimePort; wall: number; monotonic: number } {
  const scene = { wall: 1_000_000, monotonic: 50 };
  const time: TimePort = {
    now: () => scene.wall,
    monotonic: () => scene.monotonic,
    after: () => () => undefined,
    random: () => 0,
  };
  return Object.assign(scene, { time });
}

test('the time is that of the clock, in whole milliseconds', () => {
  const scene = handTime();
  const clock = new DeskClock(scene.time, 0);
  scene.wall += 10.7;
  scene.monotonic += 10.7;
  assert.equal(clock.now(), 1_000_010);
  assert.equal(clock.takeTrouble(), undefined);
});

test('a clock that steps back lets the time go on at half speed until it has caught up', () => {
  const scene = handTime();
  const clock = new DeskClock(scene.time, 0);
  scene.wall -= 5_000;
  assert.equal(clock.now(), 1_000_000);
  assert.equal(clock.takeTrouble(), 'the clock stepped by -5000 ms');
  assert.equal(clock.takeTrouble(), undefined);
  for (const [elapsedMs, expected] of [
    [4_000, 1_002_000],
    [4_000, 1_004_000],
    [4_000, 1_007_000],
  ] as const) {
    scene.wall += elapsedMs;
    scene.monotonic += elapsedMs;
    assert.equal(clock.now(), expected);
  }
  assert.equal(clock.takeTrouble(), undefined);
});

test('what the desk knows already is not of the future', () => {
  const scene = handTime();
  const clock = new DeskClock(scene.time, 1_000_500);
  scene.wall += 100;
  scene.monotonic += 100;
  assert.equal(clock.now(), 1_000_550);
});

test('a stall and a step forward are told, and an hour of looks is not', () => {
  const scene = handTime();
  const clock = new DeskClock(scene.time, 0);
  for (let minute = 0; minute < 60; minute += 1) {
    scene.wall += stallMsMax;
    scene.monotonic += stallMsMax;
    clock.now();
  }
  assert.equal(clock.takeTrouble(), undefined);
  scene.wall += stallMsMax + 1;
  scene.monotonic += stallMsMax + 1;
  clock.now();
  assert.equal(clock.takeTrouble(), `nothing was done for ${stallMsMax + 1} ms`);
  scene.wall += 3_600_000;
  clock.now();
  assert.equal(clock.takeTrouble(), 'the clock stepped by 3600000 ms');
});
