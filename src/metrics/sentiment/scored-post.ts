import type { ScoredPost, SocialPost } from '#domain/social.ts';
import { textHash } from './text-hash.ts';
import { textScore } from './text-score.ts';

/** What is kept of a post. Copies differ in case, links, names and signs: the key is of letters, digits and pictures alone. */
export function scoredPost({ id, author, text, createdAt }: SocialPost): ScoredPost {
  const plain = text.toLowerCase().replaceAll(/https?:\S+|@\w+|[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, '');
  return { id, author, textKey: textHash(plain), score: textScore(text), createdAt };
}
