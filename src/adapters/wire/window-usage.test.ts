import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WindowUsage } from './window-usage.ts';

const shares = { useFraction: 0.8, reserveFraction: 0.2 };
const weight = { name: 'weight', capacity: 2_400, windowMs: 60_000 };

test('four fifths are used, and a fifth of those is for reductions', () => {
  const window = new WindowUsage(weight, shares);
  assert.deepEqual(
    [window.limitOf('reduction'), window.limitOf('normal'), window.limitOf('background')],
    [1_920, 1_536, 1_536],
  );
  const orders = new WindowUsage({ name: 'orders', capacity: 300, windowMs: 10_000 }, shares);
  assert.deepEqual([orders.limitOf('reduction'), orders.limitOf('normal')], [240, 192]);
});

test('a window too small to be shared lets one through', () => {
  const window = new WindowUsage({ name: 'connections', capacity: 2, windowMs: 1_000 }, shares);
  assert.deepEqual([window.limitOf('reduction'), window.limitOf('normal')], [1, 1]);
});

test('what was taken counts for one span from its own instant on', () => {
  const window = new WindowUsage(weight, shares);
  window.add(1_000, 0);
  window.add(500, 20_000);
  assert.equal(window.waitMs(36, 'normal', 30_000), 0);
  assert.equal(window.waitMs(37, 'normal', 30_000), 30_000);
  assert.equal(window.waitMs(1_036, 'normal', 30_000), 30_000);
  assert.equal(window.waitMs(1_037, 'normal', 30_000), 50_000);
  assert.equal(window.waitMs(420, 'reduction', 30_000), 0);
  assert.equal(window.waitMs(1_036, 'normal', 59_999), 1);
  assert.equal(window.waitMs(1_036, 'normal', 60_000), 0);
});

test('what costs nothing never waits', () => {
  const window = new WindowUsage(weight, shares);
  window.add(1_920, 0);
  window.add(0, 0);
  assert.equal(window.waitMs(0, 'background', 0), 0);
  assert.equal(window.waitMs(1, 'reduction', 0), 60_000);
});

test('the venue is believed where it counted more, up to the whole window', () => {
  const window = new WindowUsage(weight, shares);
  window.add(100, 0);
  window.raiseTo(90, 10_000);
  assert.equal(window.waitMs(1_436, 'normal', 10_000), 0);
  window.raiseTo(1_500, 10_000);
  assert.equal(window.waitMs(36, 'normal', 10_000), 0);
  assert.equal(window.waitMs(37, 'normal', 10_000), 50_000);
  window.raiseTo(1e300, 10_000);
  assert.equal(window.waitMs(1, 'reduction', 60_000), 10_000);
  window.add(1_000, 20_000);
  assert.equal(window.waitMs(920, 'reduction', 70_000), 0);
  assert.equal(window.waitMs(921, 'reduction', 70_000), 10_000);
});
