import type { ScoredPost, SocialPost } from '#domain/social.ts';
import { cappedPosts } from './capped-posts.ts';
import { newestFirst } from './newest-first.ts';
import { scoredPost } from './scored-post.ts';
import { textHash } from './text-hash.ts';

/** What recent search goes back to. */
const keptMs = 7 * 86_400_000;
const sliceMs = 600_000;
const postsPerSliceMax = 10;
/** At ten posts in each ten minutes these are 25 hours; of quieter coins more. */
const postsMax = 1_500;

/**
 * The posts to keep from now on, newest first: each id once, at most ten for each ten minutes, so that an hour of noise does not outweigh
 * the hours before it. Which ten is settled by a hash of their ids: nobody can choose to be among them, and it does not matter in
 * which order or how often they came.
 */
export function keptPosts(
  kept: readonly ScoredPost[],
  posts: readonly SocialPost[],
  at: number,
): readonly ScoredPost[] {
  const byId = new Map(kept.map((post) => [post.id, post]));
  for (const post of posts) {
    if (!byId.has(post.id)) byId.set(post.id, scoredPost(post));
  }
  const recent = [...byId.values()].filter(({ createdAt }) => createdAt > at - keptMs);
  const slices = Map.groupBy(recent, ({ createdAt }) => Math.floor(createdAt / sliceMs));
  return [...slices.values()].flatMap(sampled).sort(newestFirst).slice(0, postsMax);
}

function sampled(slice: readonly ScoredPost[]): readonly ScoredPost[] {
  const drawn = slice.map((post) => ({ post, lot: textHash(post.id) }));
  drawn.sort((left, right) => left.lot - right.lot || newestFirst(left.post, right.post));
  return cappedPosts(drawn.map(({ post }) => post)).slice(0, postsPerSliceMax);
}
