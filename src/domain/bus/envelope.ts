import { z } from 'zod';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import { textDigest } from '../text-digest.ts';

/** The groups of consumers the desk is built for: who learns from it, who watches it, who guards it. */
export const consumerGroups = ['rl_agents', 'monitoring', 'risk_management'] as const;

/** Domains whose envelopes are delivered before all others. */
export const fastLaneDomains: readonly string[] = ['risk', 'emergency', 'kill', 'ess'];

const streamPrefix = 'quantum:stream:';
const domainPrefix = 'quantum:stream:domain:';
const deadLetterPrefix = 'quantum:dlq:';

const segmentPattern = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Two segments or more, so that every type has a domain: `order.filled`, `rl_v3.decision`, `system.redis_recovered`. */
const typePattern = /^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+$/;

/** A uuid of version 7 (RFC 9562, section 5.7): its first 48 bits are the time of the event. */
const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const hexadecimal = (digits: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

/** What goes over the bus: one event with who tells it, when it happened, and the trace it belongs to. */
export const envelopeSchema = z.strictObject({
  id: z.string().regex(idPattern, 'an id is a uuid of version 7'),
  type: z.string().regex(typePattern, 'a type is two or more words with points between them'),
  /** Version of the payload's schema. */
  schema_version: z.int().min(1),
  /** Who tells it: `tradewind/fx`. */
  source: z.string().min(1),
  /** When it happened, ms UTC. */
  ts: z.int().min(0),
  trace_id: hexadecimal(32),
  span_id: hexadecimal(16),
  parent_span_id: hexadecimal(16).optional(),
  /** Envelopes of one key are delivered in their order: an instrument's symbol, or the id of a round trip. */
  key: z.string().min(1).optional(),
  payload: z.record(z.string(), z.unknown()),
});
export type Envelope = DeepReadonly<z.infer<typeof envelopeSchema>>;

/** Parses an envelope that came from outside; the problem names the field and what was expected. Payloads are judged by the catalogue. */
export function parseEnvelope(value: unknown): { readonly envelope: Envelope } | { readonly problem: string } {
  const parsed = envelopeSchema.safeParse(value);
  if (parsed.success) return { envelope: parsed.data };
  const issue = parsed.error.issues[0];
  return { problem: `envelope field '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is not as expected'}` };
}

/** What an envelope's id is made of. */
export interface EnvelopeOrigin {
  readonly runId: string;
  /** Journal sequence of the event it tells. */
  readonly sequence: number;
  readonly type: string;
  /** Event time, ms UTC. */
  readonly at: number;
  /** Which one, where an event makes several envelopes of one type; the first is 0. */
  readonly part?: number;
}

/**
 * The id of an envelope: a uuid of version 7 whose chance is a hash of its origin. Whoever reads the journal again makes the same id,
 * so that a message told twice is recognised.
 */
export function envelopeId({ runId, sequence, type, at, part = 0 }: EnvelopeOrigin): string {
  const time = at.toString(16).padStart(12, '0').slice(-12);
  const chance = textDigest(`envelope/${runId}/${sequence}/${type}/${part}`);
  const variant = '89ab'[Number.parseInt(chance.charAt(3), 16) & 3] ?? '8';
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${chance.slice(0, 3)}`,
    `${variant}${chance.slice(4, 7)}`,
    chance.slice(7, 19),
  ].join('-');
}

/** Every envelope lies in two streams: that of its type, and that of its domain, which patterns are read from. */
export interface StreamNames {
  readonly type: string;
  readonly domain: string;
}

export function streamNamesOf(type: string): StreamNames {
  return { type: `${streamPrefix}${type}`, domain: `${domainPrefix}${domainOf(type)}` };
}

/** Where envelopes of a type go that a group could not take. */
export function deadLetterStreamOf(type: string): string {
  return `${deadLetterPrefix}${type}`;
}

/** The first segment of a type or of a pattern. */
export function domainOf(type: string): string {
  return type.split('.')[0] ?? type;
}

/** True for what must not wait behind market data: risk, emergencies and the kill switch. */
export function isFastLane(type: string): boolean {
  return fastLaneDomains.includes(domainOf(type));
}

/**
 * True where a type is meant by a pattern: a type by itself, `*` for one segment, `**` at the end for one or more. A pattern that is
 * none means nothing.
 */
export function matchesPattern(pattern: string, type: string): boolean {
  if (patternProblem(pattern) !== undefined) return false;
  const wanted = pattern.split('.');
  const found = type.split('.');
  const isOpen = wanted.at(-1) === '**';
  if (isOpen ? found.length < wanted.length : found.length !== wanted.length) return false;
  return wanted.every((segment, place) => segment === '*' || segment === '**' || segment === found[place]);
}

/** What is wrong with a pattern; undefined where nothing is. */
export function patternProblem(pattern: string): string | undefined {
  const segments = pattern.split('.');
  if (segments.slice(0, -1).includes('**')) return `expected '**' at the end of a pattern only, found '${pattern}'`;
  const isWhole = segments.every((segment) => segment === '*' || segment === '**' || segmentPattern.test(segment));
  if (isWhole) return undefined;
  return `expected words, '*' or '**' with points between them, as 'trade.*', found '${pattern}'`;
}
