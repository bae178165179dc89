import { assert } from '#base/assert.ts';
import type { ScoredPost, SentimentMeasure, SentimentScorer } from '#domain/social.ts';
import { cappedPosts } from './capped-posts.ts';
import { keptPosts } from './kept-posts.ts';
import { newestFirst } from './newest-first.ts';

const hourMs = 3_600_000;
/** A post counts half after this time. */
const postHalfLifeMs = 2 * hourMs;
/** What nobody could renew is half as much worth after this time. */
const staleHalfLifeMs = 6 * hourMs;
/** Posts, and authors, at which quality has come half way. */
const postsHalf = 10;
const authorsHalf = 5;

/**
 * Scores by words. The score is the mean over posts, each with half the weight after 2 hours: an exponentially weighted mean in event
 * time. With W the sum of weights over n posts of a authors, quality is W / (W + 10) times a / (a + 5) times W / n: how much there is,
 * from how many, how new. What is no longer renewed fades to neutral with a half-life of 6 hours. Crowds can be bought: caps on
 * authors and copies raise the price, they do not make a crowd honest.
 */
export const sentimentScorer: SentimentScorer = { keep: keptPosts, measure, decayed };

function measure(kept: readonly ScoredPost[], at: number): SentimentMeasure {
  const counted = cappedPosts([...kept].sort(newestFirst));
  if (counted.length === 0) return { score: 0, quality: 0, postCount: 0, authorCount: 0 };
  let weights = 0;
  let sum = 0;
  for (const { score, createdAt } of counted) {
    const weight = halved(Math.max(0, at - createdAt), postHalfLifeMs);
    weights += weight;
    sum += weight * score;
  }
  const authorCount = new Set(counted.map(({ author }) => author)).size;
  const amount = weights / (weights + postsHalf);
  const breadth = authorCount / (authorCount + authorsHalf);
  const score = weights === 0 ? 0 : Math.max(-1, Math.min(1, sum / weights));
  return { score, quality: amount * breadth * (weights / counted.length), postCount: counted.length, authorCount };
}

function decayed(measured: SentimentMeasure, ageMs: number): SentimentMeasure {
  assert(ageMs >= 0, 'an age is not negative');
  const left = halved(ageMs, staleHalfLifeMs);
  return { ...measured, score: measured.score * left, quality: measured.quality * left };
}

function halved(ageMs: number, halfLifeMs: number): number {
  return Math.exp((-Math.LN2 * ageMs) / halfLifeMs);
}
