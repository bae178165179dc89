import { eventSchemas } from '#domain/events.ts';
import type { LiveInput } from './live-desk.ts';

const excerptMax = 500;

/**
 * An input as the journal may hold it for good. One that is not of its schema is an adapter's mistake: it is put aside, since what is
 * once in the journal is decided by at every recovery.
 */
export function checkedInput(input: LiveInput): LiveInput {
  const parsed = eventSchemas[input.type].safeParse({ ...input, at: 0 });
  if (parsed.success) return input;
  const issue = parsed.error.issues[0];
  const reason = `'${input.type}' field '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is not as expected'}`;
  return { type: 'message.quarantined', part: 'adapter', reason, excerpt: JSON.stringify(input).slice(0, excerptMax) };
}
