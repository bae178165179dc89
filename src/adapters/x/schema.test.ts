import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postSchema, searchAnswerSchema } from './schema.ts';

const post = { id: '1712345678901234567', text: 'hi', created_at: '2026-03-01T12:00:00.000Z', author_id: '7' };

test('an answer without hits has no data', () => {
  assert.ok(searchAnswerSchema.safeParse({ meta: { result_count: 0 } }).success);
  assert.ok(!searchAnswerSchema.safeParse({ data: [] }).success);
});

test('an id is text of digits', () => {
  assert.ok(postSchema.safeParse(post).success);
  assert.ok(!postSchema.safeParse({ ...post, id: 1_712_345 }).success);
  assert.ok(!postSchema.safeParse({ ...post, author_id: '7 OR 1' }).success);
  assert.ok(!postSchema.safeParse({ ...post, created_at: 'yesterday' }).success);
});

test('a page token that could change the address is refused', () => {
  const meta = { result_count: 1, next_token: 'b26v89c19zqg8o3&query=evil' };
  assert.ok(!searchAnswerSchema.safeParse({ meta }).success);
});
