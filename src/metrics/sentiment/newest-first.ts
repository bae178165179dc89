import type { ScoredPost } from '#domain/social.ts';

/** The order of posts, newest first. Ids settle what times leave open, so that the order in which posts came does not matter. */
export function newestFirst(left: ScoredPost, right: ScoredPost): number {
  if (left.createdAt !== right.createdAt) return right.createdAt - left.createdAt;
  if (left.id === right.id) return 0;
  return left.id < right.id ? 1 : -1;
}
