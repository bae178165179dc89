import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ScoredPost } from '#domain/social.ts';
import { sentimentScorer } from './sentiment-scorer.ts';

const at = 1_700_000_000_000;
const hourMs = 3_600_000;
const { measure, decayed } = sentimentScorer;

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `expected '${expected}', found '${actual}'`);

function scored(id: number, score: number, ageMs = 0, author = `author ${id}`): ScoredPost {
  return { id: String(id), author, textKey: id, score, createdAt: at - ageMs };
}

test('without posts the score is neutral and of no quality', () => {
  assert.deepEqual(measure([], at), { score: 0, quality: 0, postCount: 0, authorCount: 0 });
});

test('a post of two hours ago counts half as much as one of now', () => {
  const { score } = measure([scored(1, 0.6), scored(2, -0.9, 2 * hourMs)], at);
  near(score, (0.6 - 0.9 * 0.5) / 1.5);
});

test('quality grows with posts and authors and falls with age', () => {
  const of = (count: number, ageMs = 0): number =>
    measure(
      Array.from({ length: count }, (_, id) => scored(id, 0.5, ageMs)),
      at,
    ).quality;
  near(of(1), (1 / 11) * (1 / 6));
  near(of(20), (20 / 30) * (20 / 25));
  near(of(20, 2 * hourMs), (10 / 20) * (20 / 25) * 0.5);
});

test('only three posts of an author count, so that shouting does not help', () => {
  const crowd = Array.from({ length: 10 }, (_, id) => scored(id, 0.5));
  const loud = Array.from({ length: 200 }, (_, id) => scored(1_000 + id, -1, 0, 'loud'));
  const both = measure([...crowd, ...loud], at);
  assert.deepEqual([both.postCount, both.authorCount], [13, 11]);
  near(both.score, (10 * 0.5 - 3) / 13);
});

test('a post from the future counts as one of now', () => {
  near(measure([scored(1, 0.5, -hourMs), scored(2, 0)], at).score, 0.25);
});

test('what is not renewed is worth half after six hours and nothing in the end', () => {
  const fresh = { score: -0.8, quality: 0.6, postCount: 40, authorCount: 30 };
  assert.deepEqual(decayed(fresh, 0), fresh);
  const later = decayed(fresh, 6 * hourMs);
  near(later.score, -0.4);
  near(later.quality, 0.3);
  near(decayed(fresh, 10_000 * hourMs).score, 0);
});

test('score and quality stay in their bounds whatever is posted', () => {
  const posts = fc.array(
    fc.record({
      id: fc.string(),
      author: fc.string(),
      text: fc.string({ unit: 'binary' }),
      createdAt: fc.integer({ min: at - 200 * hourMs, max: at + hourMs }),
    }),
  );
  fc.assert(
    fc.property(posts, (list) => {
      const { score, quality, postCount, authorCount } = measure(sentimentScorer.keep([], list, at), at);
      assert.ok(score >= -1 && score <= 1);
      assert.ok(quality >= 0 && quality < 1);
      assert.ok(authorCount <= postCount && postCount <= list.length);
    }),
  );
});
