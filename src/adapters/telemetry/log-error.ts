import type { LogLine } from './log-line.ts';
import type { TextRedactor } from './redact-text.ts';

/** Causes told of one error. */
const causesMax = 5;

/**
 * An error as a line tells it: its kind, its message, and its stack with those of its causes. Other fields are left out, since libraries
 * hang whole requests with their headers on errors.
 */
export function errorOf(thrown: unknown, text: TextRedactor): NonNullable<LogLine['error']> {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: text(wordsOf(thrown)), stack: '' };
  return { type: text(thrown.name), message: text(thrown.message), stack: text(stackOf(thrown)) };
}

function stackOf(error: Error): string {
  const stacks = [error.stack ?? ''];
  let { cause } = error;
  while (cause !== undefined && stacks.length <= causesMax) {
    stacks.push(`Caused by: ${cause instanceof Error ? (cause.stack ?? cause.message) : wordsOf(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return stacks.join('\n');
}

function wordsOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null ? 'an object that is no error' : String(thrown);
}
