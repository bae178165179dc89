import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cappedPosts } from './capped-posts.ts';

const post = (id: number, author: string, textKey: number) => ({
  id: String(id),
  author,
  textKey,
  score: 0,
  createdAt: id,
});
const idsOf = (posts: readonly { readonly id: string }[]) => posts.map(({ id }) => id).join(' ');

test('the fourth post of an author is left out, the first ones in order stay', () => {
  const posts = [1, 2, 3, 4, 5].map((id) => post(id, id === 2 ? 'other' : 'one', id));
  assert.equal(idsOf(cappedPosts(posts)), '1 2 3 4');
});

test('the fourth copy of a text is left out, whoever sends it', () => {
  assert.equal(idsOf(cappedPosts([1, 2, 3, 4, 5].map((id) => post(id, `author ${id}`, id === 5 ? 1 : 0)))), '1 2 3 5');
});

test('authors called like parts of the language are authors', () => {
  assert.equal(idsOf(cappedPosts([post(1, '__proto__', 1), post(2, 'constructor', 2)])), '1 2');
});
