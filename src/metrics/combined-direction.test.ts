import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { combinedDirection, type DirectionReading } from './combined-direction.ts';

const levels = { thresholdBps: 2, minimumCoherence: 0.5, deltaMinimum: -0.02 };
const rising: DirectionReading = {
  close: 1.101,
  closeBefore: 1.1,
  closePrevious: 1.1008,
  highPrevious: 1.1009,
  lowPrevious: 1.1006,
  coherence: 0.55,
  deltaCoherence: 0,
};

test('a confirmed rise admitted by coherence is long', () => {
  const result = combinedDirection(rising, levels);
  assert.equal(result.code, 'long');
  assert.ok(Math.abs(result.slopeBps - 9.0909) < 1e-3);
});

test('each condition that fails names itself', () => {
  assert.equal(combinedDirection({ ...rising, close: 1.1001 }, levels).code, 'slope');
  assert.equal(combinedDirection({ ...rising, coherence: 0.49 }, levels).code, 'coherence');
  assert.equal(combinedDirection({ ...rising, deltaCoherence: -0.03 }, levels).code, 'delta-coherence');
  assert.equal(combinedDirection({ ...rising, closePrevious: 1.102 }, levels).code, 'unconfirmed');
  assert.equal(combinedDirection({ ...rising, highPrevious: 1.103 }, levels).code, 'unconfirmed');
});

test('an unmoved last bar confirms when it is beyond the middle', () => {
  assert.equal(combinedDirection({ ...rising, closePrevious: rising.close }, levels).sign, 1);
});

test('mirrored steps give the mirrored sign', () => {
  const offset = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(offset, offset, offset, (before, previous, spread) => {
      const mirrored = (side: 1 | -1): DirectionReading => ({
        close: 1000,
        closeBefore: 1000 + side * before,
        closePrevious: 1000 + side * previous,
        highPrevious: 1000 + side * (previous + spread),
        lowPrevious: 1000 + side * (previous - spread),
        coherence: 1,
        deltaCoherence: 0,
      });
      const up = combinedDirection(mirrored(1), { ...levels, thresholdBps: 0 });
      const down = combinedDirection(mirrored(-1), { ...levels, thresholdBps: 0 });
      assert.equal(up.sign + down.sign, 0);
    }),
  );
});

test('a fall against the newest close is short', () => {
  const falling = { ...rising, close: 1.099, closePrevious: 1.0992, highPrevious: 1.0995, lowPrevious: 1.0991 };
  assert.equal(combinedDirection(falling, levels).code, 'short');
});
