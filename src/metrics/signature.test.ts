import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucket, createRepetitionHistory, observeSignature, signatureOf, signatureSettings } from './signature.ts';

const MINUTE_MS = 60_000;

test('a signature names coherence, stability and entropy', () => {
  assert.equal(signatureOf({ coherence: 0.281, stability: 0.2799, entropy: 0.5351 }, 2), 'c0.28_s0.28_e0.54');
});

test('buckets round half away from zero and stay between 0 and 1', () => {
  assert.equal(bucket(0.125, 2), '0.13');
  assert.equal(bucket(0.375, 2), '0.38');
  assert.equal(bucket(0.49999999999999994, 0), '0');
  assert.equal(bucket(0.5, 0), '1');
  assert.equal(bucket(-0.3, 2), '0.00');
  assert.equal(bucket(1.7, 3), '1.000');
  assert.equal(bucket(0.1234565, 6), '0.123457');
  assert.throws(() => bucket(Number.NaN, 2), /of a number/);
  assert.throws(() => bucket(0.5, 7), /absent/);
});

test('settings out of range are brought in and what is no number becomes the default', () => {
  assert.deepEqual(signatureSettings(Number.NaN, Number.NaN), { precision: 2, lookbackMinutes: 60 });
  assert.deepEqual(signatureSettings(9, 100_000), { precision: 6, lookbackMinutes: 1440 });
  assert.deepEqual(signatureSettings(-1, 0), { precision: 0, lookbackMinutes: 1 });
  assert.deepEqual(signatureSettings(2.9, 30.5), { precision: 2, lookbackMinutes: 30 });
});

test('a repetition exactly as old as the look-back still counts, one millisecond more does not', () => {
  const history = createRepetitionHistory(60);
  assert.deepEqual(observeSignature(history, 'a', 0), { count: 1, firstSeenAt: 0 });
  assert.deepEqual(observeSignature(history, 'a', 60 * MINUTE_MS), { count: 2, firstSeenAt: 0 });
  assert.deepEqual(observeSignature(history, 'a', 60 * MINUTE_MS + 1), { count: 2, firstSeenAt: 60 * MINUTE_MS });
});

test('other signatures do not count', () => {
  const history = createRepetitionHistory(60);
  observeSignature(history, 'a', 0);
  assert.deepEqual(observeSignature(history, 'b', 1), { count: 1, firstSeenAt: 1 });
});

test('an instant that steps back expires nothing', () => {
  const history = createRepetitionHistory(1);
  observeSignature(history, 'a', 10 * MINUTE_MS);
  assert.deepEqual(observeSignature(history, 'a', 0), { count: 2, firstSeenAt: 10 * MINUTE_MS });
});

test('sweeping expired signatures never changes a count', () => {
  const step = fc.tuple(fc.nat({ max: 12 }), fc.integer({ min: 0, max: 40_000 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const history = createRepetitionHistory(1);
      const seen: [string, number][] = [];
      let at = 0;
      for (const [name, wait] of steps) {
        history.sweepAbove = 3;
        at += wait;
        const signature = String(name);
        seen.push([signature, at]);
        const alive = seen.filter(([other, otherAt]) => other === signature && at - otherAt <= MINUTE_MS);
        const expected = { count: alive.length, firstSeenAt: alive[0]?.[1] };
        assert.deepEqual(observeSignature(history, signature, at), expected);
      }
    }),
  );
});

test('a history forgets, whatever number of signatures passes through', () => {
  const history = createRepetitionHistory(60);
  let most = 0;
  for (let index = 0; index < 20_000; index += 1) {
    observeSignature(history, `c${index}`, index * MINUTE_MS);
    most = Math.max(most, history.stampsBySignature.size);
  }
  assert.equal(most, 128);
});

test('a look-back outside 1 to 1440 minutes is refused', () => {
  assert.throws(() => createRepetitionHistory(0), /1 to 1440/);
  assert.throws(() => createRepetitionHistory(1441), /1 to 1440/);
});
