import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf } from './log-error.ts';
import { createTextRedactor } from './redact-text.ts';

const text = createTextRedactor(['canary-7f3a91']);

test('an error is told with its kind, its message and its stack', () => {
  const error = new TypeError('canary-7f3a91 is no price');
  const told = errorOf(error, text);
  assert.equal(told.type, 'TypeError');
  assert.equal(told.message, '[redacted] is no price');
  assert.match(told.stack, /^TypeError: \[redacted\] is no price\n {4}at /);
});

test('causes are told, five at most, and a circle of them ends', () => {
  const inner = new Error('inner');
  const outer = new Error('outer', { cause: inner });
  assert.match(errorOf(outer, text).stack, /Error: outer\n[\s\S]*Caused by: Error: inner/);
  inner.cause = outer;
  assert.equal(errorOf(outer, text).stack.split('Caused by:').length, 6);
});

test('what a library hung on an error is left out', () => {
  const error = Object.assign(new Error('Request failed'), { config: { headers: { 'X-MBX-APIKEY': 'abcdef' } } });
  assert.deepEqual(Object.keys(errorOf(error, text)), ['type', 'message', 'stack']);
  assert.ok(!JSON.stringify(errorOf(error, text)).includes('abcdef'));
});

test('whatever else is thrown has a kind too', () => {
  assert.deepEqual(errorOf('canary-7f3a91', text), { type: 'string', message: '[redacted]', stack: '' });
  assert.deepEqual(errorOf({ a: 1 }, text), { type: 'object', message: 'an object that is no error', stack: '' });
});
