import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoredPost } from './scored-post.ts';
import { textScore } from './text-score.ts';

const of = (text: string) => scoredPost({ id: '1', author: 'a', text, createdAt: 5 });

test('a post is kept with its score and without its text', () => {
  const post = of('Bullish!');
  assert.deepEqual(Object.keys(post).sort(), ['author', 'createdAt', 'id', 'score', 'textKey']);
  assert.equal(post.score, textScore('bullish'));
});

test('copies with another link, name or case have one key', () => {
  const { textKey } = of('BTC to the moon https://one.example/a @friend');
  assert.equal(of('btc TO the moon!! @you https://two.example/b').textKey, textKey);
  assert.notEqual(of('BTC to the ground').textKey, textKey);
  assert.notEqual(of('🚀').textKey, of('📉').textKey);
});
