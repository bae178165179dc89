import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestFirst } from './newest-first.ts';

const post = (id: string, createdAt: number) => ({ id, author: 'a', textKey: 0, score: 0, createdAt });

test('later posts come first, and of one time those with the greater id', () => {
  const sorted = [post('1', 5), post('2', 9), post('3', 5), post('3', 5)].sort(newestFirst);
  assert.deepEqual(
    sorted.map(({ id }) => id),
    ['2', '3', '3', '1'],
  );
});
