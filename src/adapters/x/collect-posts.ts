import type { SocialPost, SocialTrouble } from '#domain/social.ts';
import type { AskPage, PageQuestion } from './rest.ts';

/** What a search brought. With `trouble` it is not all there was: some pages came, and then none. */
export interface Collected {
  readonly posts: readonly SocialPost[];
  /** The share of posts that could be read, of those that were to be shown. */
  readonly completeness: number;
  readonly pageCount: number;
  readonly trouble: SocialTrouble | null;
  readonly retryAt: number;
}

const pagesMax = 3;

/** The newest pages of a search, three at most: a crowd that writes more than that is known well enough. */
export async function collectPosts(ask: AskPage, question: Omit<PageQuestion, 'nextToken'>): Promise<Collected> {
  const posts: SocialPost[] = [];
  let missing = 0;
  let nextToken: string | undefined;
  for (let pageCount = 0; pageCount < pagesMax; pageCount += 1) {
    const answer = await ask(nextToken === undefined ? question : { ...question, nextToken });
    if (answer.type === 'trouble') {
      const { trouble, retryAt } = answer;
      return { posts, completeness: shareOf(posts.length, missing), pageCount, trouble, retryAt };
    }
    posts.push(...answer.page.posts);
    missing += answer.page.missingCount;
    nextToken = answer.page.nextToken;
    if (nextToken === undefined) return whole(posts, missing, pageCount + 1);
  }
  return whole(posts, missing, pagesMax);
}

function whole(posts: readonly SocialPost[], missing: number, pageCount: number): Collected {
  return { posts, completeness: shareOf(posts.length, missing), pageCount, trouble: null, retryAt: 0 };
}

function shareOf(read: number, missing: number): number {
  return read + missing === 0 ? 1 : read / (read + missing);
}
