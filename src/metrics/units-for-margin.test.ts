import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unitsForMargin } from './units-for-margin.ts';

test('units are cut toward zero', () => {
  assert.equal(unitsForMargin(3_000, 0.022), 136_363);
});

test('a margin that pays for a part of one unit gives one, and no margin gives none', () => {
  assert.equal(unitsForMargin(0.01, 0.022), 1);
  assert.equal(unitsForMargin(0, 0.022), 0);
  assert.equal(unitsForMargin(-4, 0.022), 0);
});

test('a margin per unit of zero is our own mistake', () => {
  assert.throws(() => unitsForMargin(1, 0), /margin per unit is positive/);
});

test('more than one unit never costs more than the margin', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e12, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (margin, per) => {
        const units = unitsForMargin(margin, per);
        assert.ok(units <= 1 || units * per <= margin * (1 + 1e-12));
      },
    ),
  );
});
