import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { Rounds } from './rounds.ts';
import { waitFor } from './wait-for.ts';

function scene(workMs = 0): { clock: HandClock; rounds: Rounds; begun: number[]; failures: unknown[]; fail: boolean } {
  const clock = new HandClock(0);
  const found = { clock, begun: [] as number[], failures: [] as unknown[], fail: false };
  const rounds = new Rounds({
    time: clock,
    everyMs: 100,
    act: async () => {
      found.begun.push(clock.now());
      if (workMs > 0) await waitFor(clock, workMs);
      if (found.fail) throw new Error('no');
    },
    onFailure: (error) => void found.failures.push(error),
  });
  return Object.assign(found, { rounds });
}

test('a round comes again and again, one at a time', async () => {
  const { clock, rounds, begun } = scene(30);
  rounds.start();
  await clock.pass(400);
  assert.deepEqual(begun, [100, 230, 360]);
  await clock.pass(40);
  await rounds.stop();
  await clock.pass(500);
  assert.equal(begun.length, 3);
});

test('a round that is asked for comes at once, or after the one on its way', async () => {
  const { clock, rounds, begun } = scene(30);
  rounds.start();
  rounds.ask();
  await clock.pass(10);
  rounds.ask();
  rounds.ask();
  await clock.pass(90);
  assert.deepEqual(begun, [0, 30]);
  rounds.halt();
});

test('a round that fails is told, and the next one comes', async () => {
  const found = scene();
  found.fail = true;
  found.rounds.start(0);
  await found.clock.pass(150);
  assert.deepEqual([found.begun, found.failures.length], [[0, 100], 2]);
  found.rounds.halt();
});

test('rounds that are not on cannot be asked for', async () => {
  const { clock, rounds, begun } = scene();
  rounds.ask();
  await clock.pass(500);
  assert.deepEqual([begun, rounds.isOn], [[], false]);
});
