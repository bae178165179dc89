import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oracleLambda } from '../../tests/oracles/manifold-oracle.ts';
import { hazardLambda } from './hazard.ts';

const MINUTE_MS = 60_000;
const START_AT = 1704067200000;

test('no signal and one signal have no hazard', () => {
  assert.equal(hazardLambda([], []), 0);
  assert.equal(hazardLambda([START_AT], [1]), 0);
});

test('the first rupture does not count, the others are spread over the minutes between', () => {
  const stampedAt = [START_AT, START_AT + 4 * MINUTE_MS, START_AT + 8 * MINUTE_MS];
  assert.equal(hazardLambda(stampedAt, [0.9, 0.2, 0.4]), 1 - Math.exp(-(60 * (0.2 + 0.4)) / 480));
});

test('signals at one instant are taken as a millionth of a second apart', () => {
  assert.equal(hazardLambda([START_AT, START_AT], [0, 0.1]), 1);
  assert.equal(hazardLambda([START_AT, START_AT], [0.5, 0]), 0);
});

test('the hazard equals the slow figure', () => {
  const signal = fc.record({ wait: fc.nat({ max: 600_000 }), rupture: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(signal, { maxLength: 40 }), (steps) => {
      let at = START_AT;
      const signals = steps.map(({ wait, rupture }) => {
        at += wait;
        return { stampAt: at, rupture };
      });
      const lambda = hazardLambda(
        signals.map((each) => each.stampAt),
        signals.map((each) => each.rupture),
      );
      assert.equal(lambda, oracleLambda(signals));
    }),
  );
});

test('instants and ruptures of different number are refused', () => {
  assert.throws(() => hazardLambda([START_AT], []), /each signal/);
});
