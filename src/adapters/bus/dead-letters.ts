import { deadLetterStreamOf } from '#domain/bus/envelope.ts';
import { compareEntryIds, firstEntryId } from './entry-id.ts';
import type { DeadLetter, StoredDeadLetter, StreamDriver } from './stream-driver.ts';

/** A dead letter with the name by which it is replayed or purged: `order.filled@1700000000000-0`. */
export interface ListedDeadLetter {
  readonly id: string;
  readonly type: string;
  readonly letter: DeadLetter;
}

export interface ListOptions {
  /** Only those of one type. */
  readonly type?: string;
  /** Most to list; 100 unless told. */
  readonly limit?: number;
}

/** Which dead letters are meant: one by its id, or all, those of a type, those given up before an instant. */
export type DeadLetterSelection =
  | { readonly id: string }
  | { readonly all: true; readonly type?: string; readonly beforeAt?: number };

const pageSize = 200;
const streamPrefix = deadLetterStreamOf('');

/** Lists dead letters, type by type, each from the oldest. */
export async function listDeadLetters(driver: StreamDriver, options: ListOptions = {}): Promise<ListedDeadLetter[]> {
  const { type, limit = 100 } = options;
  const listed: ListedDeadLetter[] = [];
  for (const stream of await streamsOf(driver, type)) {
    for await (const stored of lettersOf(driver, stream)) {
      if (listed.length >= limit) return listed;
      const ofType = stream.slice(streamPrefix.length);
      listed.push({ id: `${ofType}@${stored.id}`, type: ofType, letter: stored.letter });
    }
  }
  return listed;
}

/** Gives dead letters back to the groups that could not take them, as new deliveries of the same envelopes; tells how many. */
export function replayDeadLetters(driver: StreamDriver, selection: DeadLetterSelection): Promise<number> {
  return eachSelected(driver, selection, async (stream, letters) => {
    let revived = 0;
    for (const stored of letters) if (await driver.reviveDeadLetter(stream, stored)) revived += 1;
    return revived;
  });
}

/** Removes dead letters for good; tells how many. */
export function purgeDeadLetters(driver: StreamDriver, selection: DeadLetterSelection): Promise<number> {
  return eachSelected(driver, selection, (stream, letters) =>
    driver.removeDeadLetters(
      stream,
      letters.map(({ id }) => id),
    ),
  );
}

async function eachSelected(
  driver: StreamDriver,
  selection: DeadLetterSelection,
  act: (stream: string, letters: readonly StoredDeadLetter[]) => Promise<number>,
): Promise<number> {
  if ('id' in selection) {
    const at = selection.id.lastIndexOf('@');
    const stream = deadLetterStreamOf(selection.id.slice(0, Math.max(0, at)));
    const id = selection.id.slice(at + 1);
    for await (const stored of lettersOf(driver, stream)) if (stored.id === id) return act(stream, [stored]);
    return 0;
  }
  const { type, beforeAt = Number.POSITIVE_INFINITY } = selection;
  let count = 0;
  for (const stream of await streamsOf(driver, type)) {
    const letters: StoredDeadLetter[] = [];
    for await (const stored of lettersOf(driver, stream)) if (stored.letter.at < beforeAt) letters.push(stored);
    if (letters.length > 0) count += await act(stream, letters);
  }
  return count;
}

async function streamsOf(driver: StreamDriver, type: string | undefined): Promise<string[]> {
  return type === undefined ? driver.deadLetterStreams() : [deadLetterStreamOf(type)];
}

/** Page by page. What dies while this goes on is left for another time: it would never end. */
async function* lettersOf(driver: StreamDriver, stream: string): AsyncGenerator<StoredDeadLetter> {
  let lastId: string | undefined;
  for (let afterId = firstEntryId; ; ) {
    const page = await driver.deadLetters(stream, afterId, pageSize);
    lastId ??= (await driver.describe(stream)).lastId;
    for (const stored of page) if (compareEntryIds(stored.id, lastId) <= 0) yield stored;
    const last = page.at(-1);
    if (last === undefined || compareEntryIds(last.id, lastId) >= 0) return;
    afterId = last.id;
  }
}
