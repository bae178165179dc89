import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oracleWindows } from '../../tests/oracles/manifold-oracle.ts';
import { planWindows } from './manifold-windows.ts';

test('the plan of every number of bits up to 1500 equals the slow loop, capped and uncapped', () => {
  for (let bits = 0; bits <= 1500; bits += 1) {
    for (const uncapped of [false, true]) {
      const plan = planWindows(bits, uncapped);
      const slow = oracleWindows(bits, uncapped);
      const ends = Array.from({ length: plan.count }, (_, window) => plan.firstEnd + window * plan.step);
      assert.deepEqual(
        ends.map((end) => [end - plan.length, end]),
        slow.windows,
        `${bits} bits`,
      );
      if (plan.count > 0) assert.deepEqual([plan.length, plan.step], [slow.w, slow.step]);
    }
  }
});

test('window and step follow the published table', () => {
  const table: [number, number, number][] = [
    [8, 8, 1],
    [9, 9, 1],
    [12, 9, 1],
    [13, 12, 1],
    [24, 12, 1],
    [25, 19, 1],
    [26, 20, 1],
    [32, 24, 1],
    [64, 56, 1],
    [99, 91, 2],
    [127, 119, 3],
    [128, 120, 3],
    [129, 128, 4],
    [5000, 128, 4],
  ];
  for (const [bits, length, step] of table) {
    const plan = planWindows(bits, false);
    assert.deepEqual([bits, plan.length, plan.step], [bits, length, step]);
  }
});

test('more than 640 bits have exactly 129 windows and the last ends at the last bit', () => {
  for (const bits of [641, 642, 1439, 43_199]) {
    const plan = planWindows(bits, false);
    assert.equal(plan.count, 129);
    assert.equal(plan.firstEnd + 128 * plan.step, bits);
  }
});

test('a history is measured whole when uncapped', () => {
  assert.equal(planWindows(43_199, true).count, Math.floor((43_199 - 128) / 4) + 1);
});

test('a number of bits that is not whole is refused', () => {
  assert.throws(() => planWindows(-1, false), /whole number/);
  assert.throws(() => planWindows(1.5, false), /whole number/);
});
