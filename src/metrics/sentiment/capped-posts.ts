import type { ScoredPost } from '#domain/social.ts';

/** Posts of one author that count, and of one text, whoever sends it. */
const postsPerVoiceMax = 3;

/** The posts, in their order, without those that an author or a text has too many of before. */
export function cappedPosts(posts: readonly ScoredPost[]): readonly ScoredPost[] {
  const byAuthor = new Map<string, number>();
  const byText = new Map<number, number>();
  return posts.filter(({ author, textKey }) => {
    const ofAuthor = byAuthor.get(author) ?? 0;
    const ofText = byText.get(textKey) ?? 0;
    if (ofAuthor >= postsPerVoiceMax || ofText >= postsPerVoiceMax) return false;
    byAuthor.set(author, ofAuthor + 1);
    byText.set(textKey, ofText + 1);
    return true;
  });
}
