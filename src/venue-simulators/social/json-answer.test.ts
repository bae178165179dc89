import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonAnswer } from './json-answer.ts';

test('an answer says that it is JSON, and what else is told', () => {
  assert.deepEqual(jsonAnswer(429, { a: [1] }, { 'retry-after': '7' }), {
    status: 429,
    headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': '7' },
    body: '{"a":[1]}',
  });
});
