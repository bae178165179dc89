import type { z } from 'zod';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import { VenueError } from '#domain/venue-error.ts';
import { errorBodySchema } from './schema.ts';

/** The body of an answer that says yes, in its shape. Everything else is thrown as a `VenueError`: a failed question is never an empty answer. */
export function readAnswer<T>(answer: VenueAnswer, schema: z.ZodType<T>, what: string): T {
  switch (answer.type) {
    case 'denied':
      throw new VenueError('denied', answer.code, `'${what}' was not asked: ${answer.reason}`);
    case 'unknown':
      throw new VenueError(
        'unreachable',
        String(answer.status ?? 'NO_ANSWER'),
        `no answer on '${what}': ${answer.reason}`,
      );
    case 'answered':
      break;
  }
  if (answer.status < 200 || answer.status > 299) throw refusal(answer.status, answer.body, what);
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const problem = `${issue?.message ?? 'another shape'} at '${issue?.path.join('.') ?? ''}'`;
  throw new VenueError('unreachable', 'MALFORMED', `the answer on '${what}' cannot be read: ${problem}`);
}

/** What a refusing answer gives as its code, and what it says. */
export function refusalOf(status: number, body: unknown): { readonly code: string; readonly message: string } {
  const parsed = errorBodySchema.safeParse(body);
  const told = parsed.success ? parsed.data : {};
  const rejected = told.orderRejectTransaction ?? told.orderCancelRejectTransaction;
  return {
    code: nonEmpty(rejected?.rejectReason) ?? nonEmpty(told.errorCode) ?? `HTTP_${status}`,
    message: (told.errorMessage ?? `status '${status}'`).slice(0, 300),
  };
}

function refusal(status: number, body: unknown, what: string): VenueError {
  const { code, message } = refusalOf(status, body);
  const text = `'${what}' was answered with status '${status}': ${message}`;
  if (status === 429) return new VenueError('denied', code, text);
  return new VenueError(status >= 500 || status === 408 ? 'unreachable' : 'refused', code, text);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
