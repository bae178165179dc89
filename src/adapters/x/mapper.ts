import { foreignText } from '#domain/foreign-text.ts';
import type { SocialPost } from '#domain/social.ts';
import { postSchema, searchAnswerSchema } from './schema.ts';

/** Units of a post's text that are read; longer posts exist and say nothing more. */
const textMax = 1_000;
/** The most posts that the service gives at once. */
export const postsPerPageMax = 100;

/** One page of a search. `missingCount` counts what was left out: by them, or by us as unreadable. */
export interface SearchPage {
  readonly posts: readonly SocialPost[];
  readonly missingCount: number;
  readonly nextToken: string | undefined;
}

/** A page as it came; undefined where it is none. */
export function searchPage(body: unknown): SearchPage | undefined {
  const answer = searchAnswerSchema.safeParse(body);
  if (!answer.success) return undefined;
  const { data = [], errors = [], meta } = answer.data;
  const entries = data.slice(0, postsPerPageMax);
  const posts = entries.flatMap((entry) => socialPost(entry) ?? []);
  const refused = Math.min(errors.length, postsPerPageMax);
  return { posts, missingCount: entries.length - posts.length + refused, nextToken: meta.next_token };
}

function socialPost(entry: unknown): SocialPost | undefined {
  const read = postSchema.safeParse(entry);
  if (!read.success) return undefined;
  const { id, text, author_id: author, created_at: createdAt } = read.data;
  return { id, author, text: foreignText(text, textMax), createdAt: Date.parse(createdAt) };
}
