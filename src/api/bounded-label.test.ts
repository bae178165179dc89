import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedLabel, labelValuesMax } from './bounded-label.ts';

test('values beyond the bound share one name, and known ones keep theirs', () => {
  const label = boundedLabel();
  const values = Array.from({ length: labelValuesMax + 10 }, (_, place) => label(`CODE_${place}`));
  assert.equal(new Set(values).size, labelValuesMax + 1);
  assert.deepEqual(new Set(values.slice(labelValuesMax)), new Set(['other']));
  assert.equal(label('CODE_0'), 'CODE_0');
  assert.equal(label(`CODE_${labelValuesMax}`), 'other');
});
