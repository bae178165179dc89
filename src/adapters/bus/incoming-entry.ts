import { deadLetterStreamOf, type Envelope, parseEnvelope, streamNamesOf } from '#domain/bus/envelope.ts';
import { messageOf } from './bus-error.ts';
import { matchesAny } from './pattern-streams.ts';
import { isPlainEnvelope } from './plain-envelope.ts';
import type { StreamEntry } from './stream-driver.ts';
import type { PayloadCheck } from './subscription-types.ts';

/** What a consumer makes of an entry: an envelope for it, none of its business, or nothing that can be handled. */
export type IncomingEntry =
  | { readonly type: 'envelope'; readonly envelope: Envelope }
  | { readonly type: 'passedOver' }
  | { readonly type: 'malformed'; readonly problem: string };

/** Parses an entry for a group and its patterns; the payload of what concerns it is held to the catalogue, where there is one. */
export function readIncoming(
  entry: StreamEntry,
  group: string,
  patterns: readonly string[],
  payloadProblem?: PayloadCheck,
): IncomingEntry {
  if (entry.onlyFor !== null && entry.onlyFor !== group) return { type: 'passedOver' };
  const parsed = parseText(entry.text);
  if ('problem' in parsed) return { type: 'malformed', problem: parsed.problem };
  const { envelope } = parsed;
  if (!matchesAny(patterns, envelope.type)) return { type: 'passedOver' };
  const problem = payloadProblem?.(envelope);
  return problem === undefined ? { type: 'envelope', envelope } : { type: 'malformed', problem };
}

const typePrefix = streamNamesOf('').type;
const domainPrefix = streamNamesOf('').domain;

/** The dead-letter stream of what cannot be parsed: that of the type whose stream it lay in, or of its domain. */
export function deadLetterStreamOfEntry(stream: string): string {
  const prefix = stream.startsWith(domainPrefix) ? domainPrefix : typePrefix;
  return deadLetterStreamOf(stream.startsWith(prefix) ? stream.slice(prefix.length) : 'malformed');
}

function parseText(text: string): ReturnType<typeof parseEnvelope> {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainEnvelope(value) ? { envelope: value } : parseEnvelope(value);
  } catch (error) {
    return { problem: `expected an envelope as JSON: ${messageOf(error)}` };
  }
}
