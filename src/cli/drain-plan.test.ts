import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DeskStatus } from '#runtime/status.ts';
import { exampleStatus } from '../../tests/support/example-status.ts';
import { planDrain } from './drain-plan.ts';

/** A status with one position of so many units at 0.02 of margin a unit, under a cap of 3 000. */
function holding(signedQuantity: number, changes: Partial<DeskStatus> = {}): DeskStatus {
  const status = exampleStatus();
  const [first] = status.instruments;
  assert.ok(first !== undefined);
  const marginPerUnit = 0.02;
  const marginUsed = Math.abs(signedQuantity) * marginPerUnit;
  return { ...status, instruments: [{ ...first, signedQuantity, marginUsed, marginPerUnit }], ...changes };
}

const limits = { bufferFraction: 0.03, minimumUnits: 1 };

test('a position above its cap shrinks to the cap, long or short', () => {
  assert.deepEqual(
    planDrain(holding(200_000), limits).map(({ quantity }) => quantity),
    [50_000],
  );
  assert.deepEqual(
    planDrain(holding(-200_000), limits).map(({ quantity }) => quantity),
    [50_000],
  );
});

test('within the buffer a position is left alone', () => {
  assert.deepEqual(planDrain(holding(154_500), limits), []);
  assert.equal(planDrain(holding(154_501), limits).length, 1);
  assert.equal(planDrain(holding(150_001), { ...limits, bufferFraction: 0 }).length, 1);
});

test('a reduction below the smallest is left alone', () => {
  assert.deepEqual(planDrain(holding(200_000), { ...limits, minimumUnits: 50_001 }), []);
  assert.equal(planDrain(holding(200_000), { ...limits, minimumUnits: 50_000 }).length, 1);
});

test('without a budget everything goes', () => {
  assert.deepEqual(
    planDrain(holding(7, { budget: null }), limits).map(({ quantity }) => quantity),
    [7],
  );
});

test('no reduction is more than the position, and what is left is within the cap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.double({ min: 0, max: 10_000, noNaN: true }),
      (signedQuantity, perPositionCap) => {
        const status = holding(signedQuantity, { budget: { budget: perPositionCap * 10, perPositionCap } });
        for (const { quantity } of planDrain(status, limits)) {
          const left = Math.abs(signedQuantity) - quantity;
          assert.ok(quantity >= 1 && left >= 0 && left * 0.02 <= perPositionCap);
        }
      },
    ),
  );
});
