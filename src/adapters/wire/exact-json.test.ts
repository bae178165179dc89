import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseExactJson } from './exact-json.ts';

test('two ids beyond 2^53 stay distinct', () => {
  const body = parseExactJson('[{"orderId":8389766145050669870},{"orderId":8389766145050669871}]');
  assert.deepEqual(body, [{ orderId: '8389766145050669870' }, { orderId: '8389766145050669871' }]);
});

test('a number stays a number up to 2^53 and is its text beyond', () => {
  const rows: [string, unknown][] = [
    ['9007199254740991', 9_007_199_254_740_991],
    ['-9007199254740991', -9_007_199_254_740_991],
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993.0', '9007199254740993.0'],
    ['-123456789012345678', '-123456789012345678'],
    ['12345678e9', '12345678e9'],
    ['1E+17', '1E+17'],
    ['0.1234567890123456789', 0.123_456_789_012_345_68],
    ['1e-400', 0],
    ['1e3', 1000],
  ];
  for (const [text, expected] of rows) assert.deepEqual(parseExactJson(`{"a":[${text}]}`), { a: [expected] }, text);
});

test('nothing is infinite', () => {
  assert.deepEqual(parseExactJson('[1e400,-1e400,12345e306]'), ['1e400', '-1e400', '12345e306']);
});

test('a long run of digits in a text stays a text', () => {
  assert.deepEqual(parseExactJson('{"c":"8389766145050669870","n":5}'), { c: '8389766145050669870', n: 5 });
});

test('keys that reach for prototypes pollute nothing', () => {
  const hostile = [
    '{"__proto__":{"isAdmin":true},"a":1}',
    '{"\\u005f_proto__":{"isAdmin":true},"a":1}',
    '{"a":1,"b":{"__proto__":{"isAdmin":true}},"id":8389766145050669870}',
    '{"constructor":{"prototype":{"isAdmin":true}},"a":1}',
    '[{"__proto__":[{"__proto__":{"isAdmin":true}}]}]',
  ];
  for (const text of hostile) {
    const value = parseExactJson(text);
    assert.equal(Reflect.get(Object.prototype, 'isAdmin'), undefined, text);
    assert.equal(Reflect.get({}, 'isAdmin'), undefined, text);
    assert.equal(Reflect.get(Object(value), 'isAdmin'), undefined, text);
    assert.equal(JSON.stringify(value).includes('__proto__'), false, text);
  }
  const merged = Object.assign({}, parseExactJson('{"__proto__":{"isAdmin":true},"a":1}'));
  assert.equal(Reflect.get(merged, 'isAdmin'), undefined);
});

test('64 levels are read, one more is refused before reading', () => {
  const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
  assert.doesNotThrow(() => parseExactJson(nested(64)));
  assert.throws(() => parseExactJson(nested(66)), SyntaxError);
  assert.throws(() => parseExactJson('['.repeat(1_000_000)), { name: 'SyntaxError', message: /at most 64 levels/ });
  assert.deepEqual(parseExactJson(`["${'['.repeat(100)}","\\"${'{'.repeat(100)}\\\\"]`), [
    '['.repeat(100),
    `"${'{'.repeat(100)}\\`,
  ]);
  assert.doesNotThrow(() => parseExactJson(`[${'[],'.repeat(100)}{}]`));
});

test('the last of equal keys counts', () => {
  assert.deepEqual(parseExactJson('{"a":1,"a":2}'), { a: 2 });
  assert.deepEqual(parseExactJson('{"a":8389766145050669870,"a":8389766145050669871}'), { a: '8389766145050669871' });
  assert.deepEqual(parseExactJson('{"a":{"b":8389766145050669870},"a":3}'), { a: 3 });
});

test('half of a surrogate pair is a text like any other', () => {
  assert.deepEqual(parseExactJson('["\\ud800","\\udc00x",8389766145050669870]'), [
    '\ud800',
    '\udc00x',
    '8389766145050669870',
  ]);
});

test('what is no JSON is a syntax error', () => {
  const texts = [
    '',
    ' ',
    '<html>',
    '{',
    '[1,]',
    '{"a":01}',
    'NaN',
    'Infinity',
    '\u001f\u008b\b',
    '"\\',
    '{"a":1}{',
    ']]]]',
    '"[[[',
  ];
  for (const text of texts) assert.throws(() => parseExactJson(text), SyntaxError, text);
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Written {
  readonly text: string;
  readonly value: Json;
}

/** Writes a number in one of the ways the wire has, next to what must come out of it. */
const writtenNumber: fc.Arbitrary<Written> = fc
  .tuple(
    fc.boolean(),
    fc.stringMatching(/^(0|[1-9]\d{0,24})$/),
    fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: undefined }),
    fc.option(fc.stringMatching(/^[eE][+-]?\d{1,3}$/), { nil: undefined }),
  )
  .map(([isNegative, whole, fraction, exponent]) => {
    const text = `${isNegative ? '-' : ''}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent ?? ''}`;
    const number = Number(text);
    return { text, value: Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text };
  });

const writtenText: fc.Arbitrary<Written> = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('__proto__', '1e400', '8389766145050669870', '[{', '"\\'),
  )
  .map((value) => ({ text: JSON.stringify(value), value }));

const writtenJson = fc.letrec<{ any: Written }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    writtenNumber,
    writtenText,
    fc.constantFrom<Written>(
      { text: 'null', value: null },
      { text: 'true', value: true },
      { text: ' false', value: false },
    ),
    fc.array(tie('any'), { maxLength: 4 }).map(
      (items): Written => ({
        text: `[${items.map(({ text }) => text).join(' ,')}]`,
        value: items.map(({ value }) => value),
      }),
    ),
    fc.array(fc.tuple(writtenText, tie('any')), { maxLength: 4 }).map(writtenObject),
  ),
})).any;

function writtenObject(entries: readonly (readonly [Written, Written])[]): Written {
  const value: Record<string, Json> = {};
  for (const [key, item] of entries) if (key.value !== '__proto__') value[String(key.value)] = item.value;
  return { text: `{${entries.map(([key, item]) => `${key.text}:${item.text}`).join(',')}}`, value };
}

test('whatever is written comes out, and big numbers as they were written', () => {
  fc.assert(
    fc.property(writtenJson, ({ text, value }) => {
      assert.deepEqual(parseExactJson(text), value);
    }),
    { numRuns: 500 },
  );
});

test('any text whatever is read or refused as by the plain reader', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      let isPlain = true;
      try {
        JSON.parse(text);
      } catch {
        isPlain = false;
      }
      if (isPlain) assert.doesNotThrow(() => parseExactJson(text));
      else assert.throws(() => parseExactJson(text), SyntaxError);
    }),
  );
});
