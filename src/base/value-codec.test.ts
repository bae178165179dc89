import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AssertionError } from '#base/assert.ts';
import {
  createDecoder,
  createEncoder,
  decodeValue,
  encodeValue,
  resetDictionary,
  takeBytes,
  takeBytesInto,
} from '#base/value-codec.ts';
import { ValueDecodeError } from '#base/value-reader.ts';
import { valueCodecLimits } from '#base/value-tags.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('', '__proto__', 'at', 'caf\u00e9', '\ud800', '10', '2'),
);
const number = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.integer(),
  fc.constantFrom(-0, 1 / 3, 9_007_199_254_740_992, -9_007_199_254_740_992),
);
const { value: plainValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    number,
    text,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(text, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

function encoded(...values: readonly unknown[]): Uint8Array {
  const encoder = createEncoder();
  for (const value of values) encodeValue(encoder, value);
  return takeBytes(encoder);
}

function decoded(bytes: Uint8Array): unknown[] {
  const decoder = createDecoder();
  const values: unknown[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const { value, nextOffset } = decodeValue(decoder, bytes, offset);
    values.push(value);
    offset = nextOffset;
  }
  return values;
}

test('any stream of plain values comes back exactly, the order of keys included', () => {
  fc.assert(
    fc.property(fc.array(plainValue, { maxLength: 12 }), (values) => {
      const twice = [...values, ...values];
      const back = decoded(encoded(...twice));
      assert.deepStrictEqual(back, twice);
      assert.equal(JSON.stringify(back), JSON.stringify(twice));
    }),
    { numRuns: 500 },
  );
});

test('bytes cut off at any place are refused', () => {
  fc.assert(
    fc.property(plainValue, (value) => {
      const bytes = encoded(value);
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(() => decodeValue(createDecoder(), bytes.subarray(0, length), 0), ValueDecodeError);
      }
    }),
  );
});

test('any bytes are read or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decoded(bytes);
      } catch (error) {
        assert.ok(error instanceof ValueDecodeError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('one flipped bit is read or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(plainValue, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(7), (values, place, bit) => {
      const bytes = encoded(...values);
      const index = place % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      try {
        decoded(bytes);
      } catch (error) {
        assert.ok(error instanceof ValueDecodeError, String(error));
      }
    }),
    { numRuns: 1_000 },
  );
});

test('keys whose value is undefined are left out', () => {
  assert.deepStrictEqual(decoded(encoded({ a: 1, b: undefined, c: 2 }, { b: undefined })), [{ a: 1, c: 2 }, {}]);
});

test('the dictionary lives across takes until it is reset', () => {
  const encoder = createEncoder();
  encodeValue(encoder, { kind: 'quote' });
  const first = takeBytes(encoder);
  encodeValue(encoder, { kind: 'quote' });
  const second = takeBytes(encoder);
  assert.equal(second.length, 2);
  assert.deepStrictEqual(decoded(Buffer.concat([first, second])), [{ kind: 'quote' }, { kind: 'quote' }]);
  resetDictionary(encoder);
  encodeValue(encoder, { kind: 'quote' });
  assert.deepStrictEqual(takeBytes(encoder), first);
});

test('taking into a target copies the same bytes', () => {
  const encoder = createEncoder();
  encodeValue(encoder, ['a', 1]);
  const target = new Uint8Array(20);
  const count = takeBytesInto(encoder, target, 3);
  assert.deepStrictEqual(target.slice(3, 3 + count), encoded(['a', 1]));
  assert.equal(encoder.length, 0);
});

test('a dictionary with bytes not yet taken is not reset', () => {
  const encoder = createEncoder();
  encodeValue(encoder, 1);
  assert.throws(() => resetDictionary(encoder), AssertionError);
});

test('a value that is not plain data leaves the encoder as it was', () => {
  const refused: readonly unknown[] = [
    undefined,
    1n,
    Symbol('s'),
    () => 1,
    new Map(),
    new Date(0),
    new Uint8Array(2),
    [undefined],
  ];
  for (const value of refused) {
    const encoder = createEncoder();
    encodeValue(encoder, { known: 'word' });
    const untouched = structuredClone(encoder);
    assert.throws(
      () => encodeValue(encoder, { fresh: 'other', known: { deep: value === undefined ? [value] : value } }),
      AssertionError,
    );
    assert.equal(encoder.length, untouched.length);
    encodeValue(encoder, { fresh: 'other', known: { deep: 1 } });
    assert.deepStrictEqual(decoded(takeBytes(encoder)), [{ known: 'word' }, { fresh: 'other', known: { deep: 1 } }]);
  }
});

test('a cycle stops at the limit of nesting', () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  assert.throws(() => encodeValue(createEncoder(), loop), /nest at most 64 deep/);
});

test('what does not fit the dictionaries is written in full and still comes back', () => {
  const values: unknown[] = ['x'.repeat(valueCodecLimits.stringLength + 1), '\u4e2d'.repeat(10_000)];
  for (let index = 0; index < valueCodecLimits.strings + 10; index++) values.push(`id-${index}`);
  for (let index = 0; index < valueCodecLimits.shapes + 10; index++)
    values.push({ [`k${index}`]: index, [`id-${index}`]: null });
  values.push(
    Object.fromEntries(Array.from({ length: valueCodecLimits.shapeKeys + 1 }, (_, index) => [`wide${index}`, index])),
  );
  const twice = [...values, ...values];
  const encoder = createEncoder();
  for (const value of twice) encodeValue(encoder, value);
  assert.deepStrictEqual(decoded(takeBytes(encoder)), twice);
});
