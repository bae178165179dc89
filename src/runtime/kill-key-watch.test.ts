import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KillSwitchReading } from '#domain/keys/key-value.ts';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { KillKeyWatch } from './kill-key-watch.ts';

/** A desk's switch and the store it is mirrored in. */
function scene(): {
  clock: HandClock;
  store: { key: KillSwitchReading | 'away'; sequence: number; isFilling?: boolean };
  desk: { isEngaged: boolean };
  engaged: string[];
  watch: KillKeyWatch;
} {
  const clock = new HandClock();
  const store: { key: KillSwitchReading | 'away'; sequence: number; isFilling?: boolean } = {
    key: 'released',
    sequence: 7,
  };
  const desk = { isEngaged: false };
  const engaged: string[] = [];
  const watch = new KillKeyWatch({
    time: clock,
    isEngaged: () => desk.isEngaged,
    switchSequence: () => 7,
    read: async () => {
      if (store.key === 'away') throw new Error('the store is away');
      const { key, sequence: mirroredSequence, isFilling = false } = store;
      return { key, mirroredSequence, isFilling };
    },
    engage: (reason) => {
      desk.isEngaged = true;
      engaged.push(reason);
    },
  });
  return { clock, store, desk, engaged, watch };
}

test('a key set by hand engages the switch, once', async () => {
  const { clock, store, engaged, watch } = scene();
  await clock.pass(5_000);
  assert.deepEqual(engaged, []);
  store.key = 'engaged';
  await clock.pass(5_000);
  assert.deepEqual(engaged, ["'ops:kill_switch' was set by hand"]);
  await watch.stop();
});

test('a key that says released never releases', async () => {
  const { clock, store, desk, engaged, watch } = scene();
  desk.isEngaged = true;
  store.key = 'released';
  await clock.pass(60_000);
  assert.equal(desk.isEngaged, true);
  assert.deepEqual(engaged, []);
  await watch.stop();
});

test('a key that is gone counts as engaged', async () => {
  const { clock, store, engaged, watch } = scene();
  store.key = 'absent';
  await clock.pass(1_000);
  assert.equal(engaged.length, 1);
  assert.match(engaged[0] ?? '', /absent key counts as engaged/);
  await watch.stop();
});

test('a store that was just released and not yet mirrored is given time', async () => {
  const { clock, store, engaged, watch } = scene();
  store.sequence = 6;
  store.key = 'engaged';
  await clock.pass(9_000);
  assert.deepEqual(engaged, []);
  store.sequence = 8;
  store.key = 'released';
  await clock.pass(60_000);
  assert.deepEqual(engaged, []);
  await watch.stop();
});

test('a store that is being filled is waited for while it comes nearer, and its key is not taken for one set by hand', async () => {
  const { clock, store, engaged, watch } = scene();
  store.key = 'engaged';
  store.isFilling = true;
  for (let step = 0; step < 10; step += 1) {
    store.sequence += 1_000;
    await clock.pass(5_000);
  }
  assert.deepEqual(engaged, []);
  store.isFilling = false;
  store.key = 'released';
  await clock.pass(60_000);
  assert.deepEqual(engaged, []);
  await watch.stop();
});

test('a store whose filling stands still counts as engaged', async () => {
  const { clock, store, engaged, watch } = scene();
  store.key = 'engaged';
  store.isFilling = true;
  await clock.pass(9_000);
  assert.deepEqual(engaged, []);
  await clock.pass(2_000);
  assert.equal(engaged.length, 1);
  assert.match(engaged[0] ?? '', /could not be read for 10000 ms/);
  await watch.stop();
});

test('a short outage is forgiven, a long one counts as engaged', async () => {
  const { clock, store, engaged, watch } = scene();
  store.key = 'away';
  await clock.pass(9_000);
  store.key = 'released';
  await clock.pass(60_000);
  assert.deepEqual(engaged, []);
  store.key = 'away';
  await clock.pass(11_000);
  assert.equal(engaged.length, 1);
  assert.match(engaged[0] ?? '', /could not be read for 10000 ms/);
  await watch.stop();
});

test('a watch that was stopped looks no more', async () => {
  const { clock, store, engaged, watch } = scene();
  await watch.stop();
  store.key = 'engaged';
  await clock.pass(60_000);
  assert.deepEqual(engaged, []);
});
