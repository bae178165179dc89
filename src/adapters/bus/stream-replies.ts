import type { DeadLetter, StreamEntry } from './stream-driver.ts';

/** What the store says about one delivery that is not acknowledged. */
export interface PendingReply {
  readonly id: string;
  readonly consumer: string;
  readonly idleMs: number;
  readonly deliveries: number;
}

/** An entry as the store tells it; without fields it was deleted while it was pending. */
export type EntryReply = readonly [id: string, fields: readonly string[] | null];

/** The store's answer to a read: each stream with its entries, or nothing. */
export function parseReadReply(reply: unknown): readonly (readonly [stream: string, entries: readonly EntryReply[]])[] {
  // The shape is the protocol's, and the client library leaves it untyped.
  return (reply ?? []) as readonly (readonly [string, readonly EntryReply[]])[];
}

export function parseEntryReplies(reply: unknown): readonly EntryReply[] {
  return (reply ?? []) as readonly EntryReply[];
}

/** An entry; undefined where it was deleted. What somebody else wrote without an envelope is kept as it is, for the dead letters. */
export function streamEntry(stream: string, [id, fields]: EntryReply, deliveries: number): StreamEntry | undefined {
  if (fields === null || fields === undefined) return undefined;
  if (fields.length === 2 && fields[0] === 'envelope') {
    return { stream, id, text: fields[1] ?? '', onlyFor: null, deliveries };
  }
  const byName = fieldsOf(fields);
  const text = byName.get('envelope') ?? JSON.stringify(Object.fromEntries(byName));
  return { stream, id, text, onlyFor: byName.get('group') ?? null, deliveries };
}

export function parsePendingReplies(reply: unknown): PendingReply[] {
  const rows = (reply ?? []) as readonly (readonly [string, string, number, number])[];
  return rows.map(([id, consumer, idleMs, deliveries]) => ({ id, consumer, idleMs, deliveries }));
}

/** Rows of names and values, as the store describes its groups and consumers. */
export function parseInfoRows(reply: unknown): ReadonlyMap<string, string | number | null>[] {
  const rows = (reply ?? []) as readonly (readonly (string | number | null)[])[];
  return rows.map((row) => {
    const byName = new Map<string, string | number | null>();
    for (let index = 0; index < row.length; index += 2) byName.set(String(row[index]), row[index + 1] ?? null);
    return byName;
  });
}

/** A dead letter as its stream keeps it: a field each. */
export function letterFields(letter: DeadLetter): string[] {
  return [
    ...['envelope', letter.text, 'error', letter.error, 'attempts', String(letter.attempts)],
    ...['handler', letter.handler, 'group', letter.group, 'stream', letter.stream],
    ...['original_id', letter.entryId, 'at', String(letter.at)],
  ];
}

export function parseLetter(fields: readonly string[]): DeadLetter {
  const byName = fieldsOf(fields);
  const text = (name: string): string => byName.get(name) ?? '';
  return {
    text: text('envelope'),
    error: text('error'),
    attempts: Number(text('attempts')),
    handler: text('handler'),
    group: text('group'),
    stream: text('stream'),
    entryId: text('original_id'),
    at: Number(text('at')),
  };
}

function fieldsOf(fields: readonly string[]): Map<string, string> {
  const byName = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) byName.set(fields[index] ?? '', fields[index + 1] ?? '');
  return byName;
}
