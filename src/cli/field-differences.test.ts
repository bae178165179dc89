import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSame } from '#engine/replay.ts';
import { fieldDifferences, shownValue } from './field-differences.ts';

test('every differing field is named with both its values', () => {
  const recorded = {
    type: 'order.submitted',
    at: 5,
    order: { quantity: 100, side: 'buy' },
    entries: [{ code: 'a' }, { code: 'b' }],
  };
  const decided = {
    type: 'order.submitted',
    at: 5,
    order: { quantity: 101, purpose: 'entry', side: 'buy' },
    entries: [{ code: 'a' }],
  };
  assert.deepEqual(fieldDifferences(recorded, decided), [
    { path: 'entries.1', left: { code: 'b' }, right: undefined },
    { path: 'order.purpose', left: undefined, right: 'entry' },
    { path: 'order.quantity', left: 100, right: 101 },
  ]);
});

test('a value and none differ as a whole', () => {
  assert.deepEqual(fieldDifferences({ at: 1 }, undefined), [{ path: '', left: { at: 1 }, right: undefined }]);
  assert.deepEqual(fieldDifferences([1], { 0: 1 }), [{ path: '', left: [1], right: { 0: 1 } }]);
});

test('fields differ exactly where two values are not the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      assert.equal(fieldDifferences(left, right).length === 0, isSame(left, right));
      assert.deepEqual(fieldDifferences(left, structuredClone(left)), []);
    }),
  );
});

test('at most two hundred differences are listed', () => {
  const left = Array.from({ length: 500 }, (_, index) => index);
  const right = left.map((value) => value + 1);
  assert.equal(fieldDifferences(left, right).length, 200);
});

test('a value is shown as one line and an absent one as a dash', () => {
  assert.equal(shownValue(undefined), '–');
  assert.equal(shownValue({ a: [1, 'b'] }), '{"a":[1,"b"]}');
  assert.equal(shownValue(null), 'null');
});
