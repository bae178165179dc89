import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedPosts } from './simulated-post.ts';

const crowd = { symbol: 'BTC', seed: 7, untilAt: 1_700_000_000_000, count: 200, everyMs: 1_000, praiseFraction: 0.75 };

test('the same seed gives the same posts, another one others', () => {
  assert.deepEqual(simulatedPosts(crowd), simulatedPosts(crowd));
  assert.notDeepEqual(simulatedPosts(crowd), simulatedPosts({ ...crowd, seed: 8 }));
});

test('posts come newest first, with ids that no double can hold', () => {
  const posts = simulatedPosts(crowd);
  assert.equal(posts[0]?.createdAt, crowd.untilAt);
  assert.equal(posts[199]?.createdAt, crowd.untilAt - 199_000);
  assert.equal(posts[0]?.id, '1700000000000000200');
  assert.equal(new Set(posts.map(({ id }) => id)).size, 200);
});

test('the crowd praises as often as it was told', () => {
  const praising = simulatedPosts(crowd).filter(({ text }) => /breakout|accum|adoption|strong|bullish/.test(text));
  assert.ok(Math.abs(praising.length / 200 - 0.75) < 0.1);
});
