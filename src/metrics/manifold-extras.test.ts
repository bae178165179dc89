import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bitWindow } from '../../tests/oracles/candle-arbitraries.ts';
import { oracleExtras } from '../../tests/oracles/manifold-oracle.ts';
import { manifoldExtras } from './manifold-extras.ts';

const TOLERANCE = 1e-12;

test('the extras of any window equal the slow ones', () => {
  fc.assert(
    fc.property(bitWindow(1, 256), fc.double({ min: 0, max: 1, noNaN: true }), (window, rupture) => {
      const bits = Uint8Array.of(1, ...window, 0);
      const { spectralLowShare, ...counted } = manifoldExtras(bits, 1, window.length, rupture);
      const { spectralLowShare: slowShare, ...slow } = oracleExtras([...window], rupture);
      assert.deepEqual(counted, slow);
      assert.ok(Math.abs(spectralLowShare - slowShare) <= TOLERANCE, `${spectralLowShare} against ${slowShare}`);
    }),
    { numRuns: 25 },
  );
});

test('constant bits have no walls, no spectrum and full agreement', () => {
  assert.deepEqual(manifoldExtras(new Uint8Array(128), 0, 128, 0), {
    coherenceTau1: 1,
    coherenceTau4: 1,
    coherenceTauSlope: 0,
    domainWallRatio: 0,
    domainWallSlope: 0,
    spectralLowShare: 0,
    reynoldsRatio: 0,
    temporalHalfLife: 0,
    spatialCorrelationLength: 0,
  });
});

test('the pair across the middle belongs to neither half', () => {
  const extras = manifoldExtras(Uint8Array.of(0, 0, 1, 1), 0, 4, 0);
  assert.equal(extras.domainWallRatio, 1 / 3);
  assert.equal(extras.domainWallSlope, 0);
});

test('one slow wave lies in the low quarter and the fastest does not', () => {
  const slow = Uint8Array.from({ length: 128 }, (_, index) => (index < 64 ? 0 : 1));
  const fast = Uint8Array.from({ length: 128 }, (_, index) => index % 2);
  assert.ok(manifoldExtras(slow, 0, 128, 0).spectralLowShare > 0.9);
  assert.ok(manifoldExtras(fast, 0, 128, 0).spectralLowShare < 1e-9);
});

test('windows outside the bits or too long are refused', () => {
  assert.throws(() => manifoldExtras(new Uint8Array(10), 5, 6, 0), /inside the bits/);
  assert.throws(() => manifoldExtras(new Uint8Array(300), 0, 257, 0), /1 to 256 bits/);
});
