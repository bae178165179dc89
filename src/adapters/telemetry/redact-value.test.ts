import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactor, depthMax } from './redact-value.ts';

const secret = 'canary-7f3a91';
const { value } = createRedactor([secret, '4711081514']);

test('fields are redacted by their name, however deep, whatever they hold', () => {
  const given = { a: [{ headers: { 'X-MBX-APIKEY': 'x', accept: 'json' } }], token: { a: 1 }, keys: [1, 2] };
  assert.deepEqual(value(given), {
    a: [{ headers: { 'X-MBX-APIKEY': '[redacted]', accept: 'json' } }],
    token: '[redacted]',
    keys: '[redacted]',
  });
});

test('names and values in turn, pairs, and name-value objects are seen through', () => {
  assert.deepEqual(value(['Host', 'x', 'Authorization', 'abc']), ['Host', 'x', 'Authorization', '[redacted]']);
  assert.deepEqual(value([['cookie', 'abc']]), [['cookie', '[redacted]']]);
  assert.deepEqual(value([{ name: 'x-api-key', value: 'abc' }]), [{ name: 'x-api-key', value: '[redacted]' }]);
  assert.deepEqual(value(new Map([['password', 'abc']])), { password: '[redacted]' });
  assert.deepEqual(value(new Headers({ authorization: 'abc', accept: 'json' })), {
    accept: 'json',
    authorization: '[redacted]',
  });
  assert.deepEqual(value(new URLSearchParams('signature=abc&limit=5')), { signature: '[redacted]', limit: '5' });
});

test('a known secret is found in texts, names, figures and symbols', () => {
  const given = { [secret]: 1, a: `x${secret}y`, b: 4_711_081_514, c: Symbol(secret), d: [4_711_081_514n] };
  assert.deepEqual(value(given), {
    '[redacted]': 1,
    a: 'x[redacted]y',
    b: '[redacted]',
    c: 'Symbol([redacted])',
    d: ['[redacted]'],
  });
});

test('every kind of value becomes plain data', () => {
  class Held {
    readonly kept = 1;
    get shown(): string {
      return secret;
    }
  }
  const given = {
    a: new Date(0),
    b: new Date(Number.NaN),
    c: new URL('https://desk:pass@x.test/a'),
    d: new Uint8Array(3),
    e: Number.NaN,
    f: undefined,
    g: () => 1,
    h: new Error('broken'),
    i: new Set([1]),
    j: new Held(),
    k: null,
    l: 2.5,
  };
  assert.deepEqual(value(given), {
    a: '1970-01-01T00:00:00.000Z',
    b: 'invalid time',
    c: 'https://[redacted]@x.test/a',
    d: '[3 bytes]',
    e: 'NaN',
    f: null,
    g: '[function]',
    h: { type: 'Error', message: 'broken' },
    i: [1],
    j: { kept: 1 },
    k: null,
    l: 2.5,
  });
});

test('circles, depth and breadth have an end', () => {
  const circle: Record<string, unknown> = { a: 1 };
  circle['self'] = circle;
  assert.deepEqual(value(circle), { a: 1, self: '[circular]' });
  let deep: unknown = secret;
  for (let level = 0; level < depthMax * 2; level += 1) deep = { deep };
  assert.match(JSON.stringify(value(deep)), /^(\{"deep":){8}"\[too deep\]"\}{8}$/);
  assert.equal((value(Array.from({ length: 500 }, () => 1)) as unknown[]).at(-1), '… 400 more');
  const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 1));
  assert.ok(JSON.stringify(value(wide)).length < 20_000);
});

test('what throws when it is read is told as unreadable', () => {
  const trap = {
    get a(): number {
      throw new Error(`no ${secret}`);
    },
  };
  assert.deepEqual(value({ trap, b: 1 }), { trap: '[unreadable: no [redacted]]', b: 1 });
});
