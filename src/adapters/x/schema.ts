import { z } from 'zod';

/** Recent search of the X API v2: https://docs.x.com/x-api/posts/search-recent-posts. Loose: what we do not read may be anything. */

/** Ids have 64 bits and are strings; one that is a number has lost digits already. */
const id = z.string().regex(/^\d{1,20}$/);

export const postSchema = z.looseObject({
  id,
  text: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  author_id: id,
});

/** Without a hit there is no `data`. Posts are read one by one, so that a bad one does not cost the others. */
export const searchAnswerSchema = z.looseObject({
  data: z.array(z.unknown()).optional(),
  /** What could not be shown beside the rest; it comes with a status of 200. */
  errors: z.array(z.unknown()).optional(),
  meta: z.looseObject({
    result_count: z.int().min(0),
    next_token: z
      .string()
      .regex(/^[\w-]{1,200}$/)
      .optional(),
  }),
});
