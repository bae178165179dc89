import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changedDocument, changedPaths, valueAtPath } from './policy-paths.ts';

const document = { mode: 'SAFE', modes: { SAFE: { leverage: 3, names: ['a'] } }, none: null };

test('a path leads to a value, or to none', () => {
  assert.equal(valueAtPath(document, 'modes.SAFE.leverage'), 3);
  assert.equal(valueAtPath(document, 'none'), null);
  assert.equal(valueAtPath(document, ''), document);
  for (const path of ['modes.CRITICAL', 'modes.SAFE.leverage.more', 'none.more', 'toString', '.'])
    assert.equal(valueAtPath(document, path), undefined, path);
});

test('a change leaves everything else and the document itself as it was', () => {
  const changed = changedDocument(document, { 'modes.SAFE.leverage': 2, 'modes.NORMAL.leverage': 5, mode: 'NORMAL' });
  assert.deepEqual(changed, {
    mode: 'NORMAL',
    modes: { SAFE: { leverage: 2, names: ['a'] }, NORMAL: { leverage: 5 } },
    none: null,
  });
  assert.equal(document.modes.SAFE.leverage, 3);
  assert.deepEqual(changedPaths(document, changed), ['mode', 'modes.NORMAL', 'modes.SAFE.leverage']);
});

test('lists are compared as a whole', () => {
  assert.deepEqual(changedPaths({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), []);
  assert.deepEqual(changedPaths({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }), ['a']);
  assert.deepEqual(changedPaths({ a: [] }, { a: [1] }), ['a']);
  assert.deepEqual(changedPaths({ a: null }, { a: 0 }), ['a']);
});

test('no path is changed between equal documents, and setting each changed one makes them equal', () => {
  const value = fc.oneof(fc.integer(), fc.constant(null), fc.array(fc.integer(), { maxLength: 2 }));
  const branch = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { noNullPrototype: true });
  const whole = fc.record({ a: branch, b: branch, c: value });
  fc.assert(
    fc.property(whole, whole, (left, right) => {
      assert.deepEqual(changedPaths(left, structuredClone(left)), []);
      const paths = changedPaths(left, right).filter((path) => valueAtPath(right, path) !== undefined);
      const changed = changedDocument(left, Object.fromEntries(paths.map((path) => [path, valueAtPath(right, path)])));
      for (const path of changedPaths(changed, right)) assert.equal(valueAtPath(right, path), undefined);
    }),
  );
});
