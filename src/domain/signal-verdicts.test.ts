import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Signal } from './pipeline.ts';
import { filterSignals, passVerdict } from './signal-verdicts.ts';

const signals: Signal[] = ['A', 'B'].map((instrument) => ({
  instrument,
  direction: 'long',
  confidence: 1,
  strategy: 'combined',
  reason: '',
  sizeFraction: 1,
}));

test('a blocked signal is dropped and its reason told', () => {
  const result = filterSignals(signals, ({ instrument }) =>
    instrument === 'A' ? { code: 'late', value: 3 } : passVerdict,
  );
  assert.deepEqual(result.value, [signals[1]]);
  assert.deepEqual(result.entries, [
    { subject: 'A', code: 'late', value: 3 },
    { subject: 'B', code: 'pass', value: null },
  ]);
});

test('where all pass the list itself comes back', () => {
  assert.equal(filterSignals(signals, () => passVerdict).value, signals);
});
