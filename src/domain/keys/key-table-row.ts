import { z } from 'zod';

/** What a key is to Valkey; a channel keeps nothing and is listed because others listen to it. */
export type KeyType = 'string' | 'hash' | 'list' | 'sortedSet' | 'set' | 'stream' | 'channel';

/**
 * Who writes a key. `mirror` is the projection of the journal's tail, `prime` the commands that make manifolds of past days, `bus`
 * the streams, `lease` the claim on an account, `store` what the key store keeps of its writers; `research` and `modules` come with the issue a row names. What `nobody` writes is of a later generation of the original.
 */
export type KeyWriter = 'mirror' | 'prime' | 'bus' | 'lease' | 'store' | 'research' | 'modules' | 'nobody';

/** How a value is kept: as it is, as JSON, or as JSON in gzip of level 9. */
export type KeyEncoding = 'text' | 'json' | 'gzip';

/** One row of the key table: a key of the seeds, to the letter. */
export interface KeyRow {
  /** The key; a part in braces stands for what differs. `{inst}` is a symbol such as EUR_USD. */
  readonly pattern: string;
  readonly type: KeyType;
  readonly encoding: KeyEncoding;
  readonly value: string;
  /** Of one value: a text, a member, an element, a message, or all fields of a hash. Null where the shape comes with its issue. */
  readonly schema: z.ZodType | null;
  /** Life from the moment of writing; null never ends by itself. */
  readonly ttlMs: number | null;
  /** What bounds a key beside its life, or what its life depends on. */
  readonly bound?: string;
  readonly writer: KeyWriter;
  readonly readers: string;
  readonly desk: 'fx' | 'crypto' | 'house';
  /** Number of the issue the key comes with; null for one that is written, or never will be. */
  readonly plannedIn: number | null;
  readonly source: string;
}

export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

export const fraction = z.number().min(0).max(1);
/** An instant in milliseconds UTC. */
export const instantMs = z.int();
/** An instant in whole seconds UTC. */
export const instantSeconds = z.int();
/** A decimal number as text. */
export const decimalText = z.string().regex(/^-?\d+(?:\.\d+)?$/);
/** A whole number as text. */
export const digits = z.string().regex(/^\d+$/);
export const symbolName = z.string().regex(/^[A-Z0-9]+(?:_[A-Z0-9]+)?$/);
