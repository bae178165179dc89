import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { preciseTurn } from './precise-turn.ts';

test('angles whose values are published come out rounded to the nearest double', () => {
  assert.deepEqual(preciseTurn(0), { cosine: 1, sine: 0 });
  assert.deepEqual(preciseTurn(1), { cosine: 0.5403023058681398, sine: 0.8414709848078965 });
  assert.deepEqual(preciseTurn(100), { cosine: 0.8623188722876839, sine: -0.5063656411097588 });
  assert.equal(preciseTurn(22).sine, -0.008851309290403876);
});

test('the doubles nearest to quarter turns keep their tiny remainders', () => {
  assert.equal(preciseTurn(Math.PI / 2).cosine, 6.123233995736766e-17);
  assert.equal(preciseTurn(Math.PI).sine, 1.2246467991473532e-16);
  assert.equal(preciseTurn(2 * Math.PI).sine, -2.4492935982947064e-16);
});

test('every angle agrees with the engine within the last bits, in all four quadrants', () => {
  fc.assert(
    fc.property(fc.double({ min: 1 / 1024, max: 1024, noNaN: true }), (angle) => {
      const turn = preciseTurn(angle);
      assert.ok(Math.abs(turn.cosine - Math.cos(angle)) <= 2.3e-16);
      assert.ok(Math.abs(turn.sine - Math.sin(angle)) <= 2.3e-16);
    }),
    { numRuns: 300 },
  );
});

test('angles out of range are refused', () => {
  for (const angle of [-1, 1e-4, 2000, Number.NaN]) assert.throws(() => preciseTurn(angle), /between 1\/1024 and 1024/);
});
