import { z } from 'zod';

/** Answers as they were heard, to be given again without a network. Of headers only those are kept that say something about limits. */
export const socialRecordSchema = z.strictObject({
  version: z.literal(1),
  /** Milliseconds UTC: what the clock said when the first answer came. */
  recordedAt: z.int().min(0),
  answers: z
    .array(
      z.strictObject({
        /** The question, as made from its address. */
        key: z.string().max(4_000),
        status: z.int().min(100).max(599),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
      }),
    )
    .max(10_000),
});

export type SocialRecord = Readonly<z.infer<typeof socialRecordSchema>>;

/**
 * What a question is known by in a record: its path and its parameters in order, whoever is asked, but for the time it starts from, which
 * is another one with every question.
 */
export function recordKey(url: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete('start_time');
  searchParams.sort();
  return `${pathname}?${searchParams.toString()}`;
}
