import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keptPosts } from './kept-posts.ts';

const at = 1_700_000_000_000;
const hourMs = 3_600_000;
const sliceMs = 600_000;
const post = (id: number, createdAt: number, author = `author ${id}`) => ({
  id: String(id),
  author,
  text: `text ${id}`,
  createdAt,
});

test('a post that comes again is kept once', () => {
  const once = keptPosts([], [post(1, at)], at);
  assert.equal(keptPosts(once, [post(1, at), post(1, at)], at).length, 1);
});

test('posts are kept newest first, for seven days', () => {
  const posts = [post(1, at - 169 * hourMs), post(2, at - 167 * hourMs), post(3, at - hourMs)];
  assert.deepEqual(
    keptPosts([], posts, at).map(({ id }) => id),
    ['3', '2'],
  );
});

test('ten of ten minutes are kept, the same ten in whatever order they came', () => {
  const start = Math.floor(at / sliceMs) * sliceMs;
  const posts = Array.from({ length: 60 }, (_, id) => post(id, start - 1 - id * 1_000));
  const whole = keptPosts([], posts, at);
  assert.equal(whole.length, 10);
  fc.assert(
    fc.property(fc.shuffledSubarray(posts, { minLength: 60 }), fc.integer({ min: 0, max: 60 }), (shuffled, cut) => {
      const first = keptPosts([], shuffled.slice(0, cut), at);
      assert.deepEqual(keptPosts(first, shuffled.slice(cut), at), whole);
    }),
    { numRuns: 50 },
  );
});

test('one author does not fill ten minutes', () => {
  const start = Math.floor(at / sliceMs) * sliceMs;
  const posts = Array.from({ length: 60 }, (_, id) => post(id, start - 1 - id, id < 55 ? 'loud' : `author ${id}`));
  const authors = keptPosts([], posts, at).map(({ author }) => author);
  assert.equal(authors.filter((author) => author === 'loud').length, 3);
  assert.equal(authors.length, 8);
});

test('no more than 1500 are kept', () => {
  const posts = Array.from({ length: 4_000 }, (_, id) => post(id, at - id * 60_000));
  assert.equal(keptPosts([], posts, at).length, 1_500);
});
