import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

test('fields stand in the order of their names at every depth, items of lists as they are', () => {
  assert.equal(
    canonicalJson({ b: [2, 1, { d: 1, c: undefined, a: null }], a: 'x' }),
    '{"a":"x","b":[2,1,{"a":null,"d":1}]}',
  );
});

test('it reads back as what it was made of, and says the same again', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      const read: unknown = JSON.parse(text);
      assert.deepEqual(read, JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(read), text);
    }),
  );
});
