import { gunzipSync } from 'node:zlib';
import { ReplyError } from 'ioredis';
import { assert } from '#base/assert.ts';
import { keyElementsMax, keyTextBytesMax } from '#domain/keys/key-limits.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type { KeyStoreInfo, KeyValue, ScoredMember } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';

/** What became of a batch. */
export type Applied =
  | { readonly type: 'done' | 'leftover' }
  | { readonly type: 'stale'; readonly found: Pick<ProjectionPosition, 'runId' | 'sequence'> | undefined }
  | { readonly type: 'wrongType'; readonly message: string }
  | { readonly type: 'broken'; readonly reason: string };

/** Our words for the server's types. */
const typeWords: Readonly<Record<string, string>> = { string: 'text', zset: 'sortedSet', list: 'list', hash: 'hash' };

/** No text in UTF-8 begins with these, which every gzip does. */
const gzipStart = Buffer.of(0x1f, 0x8b, 8);

/** The words with which the server refused a command; undefined where the error is no answer of the server. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof Error && error instanceof ReplyError ? error.message : undefined;
}

export function parseApplied(reply: unknown): Applied {
  assert(Array.isArray(reply), 'the script answers with a list');
  const [type = '', first = '', second = '', third = ''] = reply.map(String);
  switch (type) {
    case 'done':
    case 'leftover':
      return { type };
    case 'stale':
      return { type, found: first === '' ? undefined : { runId: first, sequence: Number(second) } };
    case 'wrongType':
      return { type, message: `expected '${wordOf(second)}' at '${first}', found '${wordOf(third)}'` };
    default:
      return { type: 'broken', reason: first };
  }
}

/** Undefined where there is no position; a `KeyStoreError` of code `failed` where somebody else has written there. */
export function parsePosition(key: string, fields: Readonly<Record<string, string>>): ProjectionPosition | undefined {
  if (Object.keys(fields).length === 0) return undefined;
  const { runId, state } = fields;
  const [version, sequence, at] = ['version', 'sequence', 'at'].map((name) => Number(fields[name] ?? Number.NaN));
  const isWhole = Number.isSafeInteger(version) && Number.isSafeInteger(sequence) && Number.isSafeInteger(at);
  if (runId === undefined || state === undefined || !isWhole) {
    throw new KeyStoreError('failed', `expected a position at '${key}', found the fields '${Object.keys(fields)}'`);
  }
  return { runId, version: Number(version), sequence: Number(sequence), at: Number(at), state };
}

/** Undefined where there is no such key. */
export function parseValue(key: string, reply: unknown): KeyValue | undefined {
  assert(Array.isArray(reply), 'the script answers with a list');
  const [type, life, content] = reply;
  const ttlMs = Number(life) < 0 ? null : Number(life);
  const word = String(type);
  if (word === 'none') return undefined;
  if (word === 'string' && Buffer.isBuffer(content)) return { ...textOf(key, content), ttlMs };
  if (typeof content === 'number') {
    throw new KeyStoreError('tooMany', `'${key}' holds '${content}' elements, ${keyElementsMax} are read at most`);
  }
  const elements = Array.isArray(content) ? content.map(String) : [];
  switch (word) {
    case 'zset':
      return { type: 'sortedSet', members: parseMembers(elements), ttlMs };
    case 'list':
      return { type: 'list', values: elements, ttlMs };
    case 'hash':
      return { type: 'hash', fields: Object.fromEntries(inPairs(elements)), ttlMs };
    default:
      throw new KeyStoreError(
        'wrongType',
        `expected a text, a sorted set, a list or a hash at '${key}', found '${word}'`,
      );
  }
}

/** Members and scores by turns. */
export function parseMembers(elements: readonly string[]): ScoredMember[] {
  return inPairs(elements).map(([member, score]) => ({ score: numberOf(score), member }));
}

/** What a server tells about itself, without how long it took and how many keys it has. */
export function parseInfo(
  text: string,
): Pick<KeyStoreInfo & { isReachable: true }, 'version' | 'memoryBytes' | 'memoryLimitBytes'> {
  const fields = new Map(
    text.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  const valkey = fields.get('valkey_version');
  const version = valkey === undefined ? `Redis ${fields.get('redis_version') ?? 'unknown'}` : `Valkey ${valkey}`;
  const limit = Number(fields.get('maxmemory') ?? 0);
  return { version, memoryBytes: Number(fields.get('used_memory') ?? 0), memoryLimitBytes: limit === 0 ? null : limit };
}

function textOf(key: string, content: Buffer): { type: 'text' | 'compressed'; value: string } {
  if (!content.subarray(0, 3).equals(gzipStart)) return { type: 'text', value: content.toString() };
  try {
    return { type: 'compressed', value: gunzipSync(content, { maxOutputLength: keyTextBytesMax }).toString() };
  } catch (error) {
    throw new KeyStoreError('failed', `'${key}' cannot be unpacked: ${String(error)}`);
  }
}

function inPairs(elements: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < elements.length; at += 2) pairs.push([elements[at] ?? '', elements[at + 1] ?? '']);
  return pairs;
}

/** The server writes infinity its own way. */
function numberOf(score: string): number {
  if (score === 'inf') return Number.POSITIVE_INFINITY;
  return score === '-inf' ? Number.NEGATIVE_INFINITY : Number(score);
}

function wordOf(type: string): string {
  return typeWords[type] ?? type;
}
