import { orderKeyOf } from './delivery-queue.ts';
import { compareEntryIds, firstEntryId } from './entry-id.ts';
import { readIncoming } from './incoming-entry.ts';
import type { EntryPlace, GroupConsumer, StreamDriver, StreamEntry } from './stream-driver.ts';

/** An envelope that asks whether an earlier one of its key is on its way elsewhere. */
export interface KeyedEntry {
  readonly entry: EntryPlace;
  readonly orderKey: string;
}

export interface KeyHoldersOptions extends GroupConsumer {
  /** True while the consumer has not taken up again all that the store says it holds. */
  readonly includesOwn: boolean;
  isInHand(entry: StreamEntry): boolean;
}

/**
 * Those of the entries before which an unacknowledged envelope of the same key is held by another consumer of the group, or by this one
 * without being in hand. The store hands entries out in their order, so that what comes earlier is handed out by the time this is
 * asked; an answer of none is final.
 */
export async function heldBack<E extends KeyedEntry>(
  driver: StreamDriver,
  options: KeyHoldersOptions,
  asking: readonly E[],
): Promise<ReadonlySet<E>> {
  const { group, consumer, includesOwn } = options;
  const streams = [...Map.groupBy(asking, ({ entry }) => entry.stream)];
  const answers = await Promise.all(
    streams.map(async ([stream, entries]) => {
      const id = lastIdOf(entries);
      const held = await driver.heldBefore({ stream, group, consumer, id, includesOwn });
      const firstByKey = firstIdByKey(
        held.filter((entry) => !options.isInHand(entry)),
        group,
      );
      return entries.filter(({ entry, orderKey }) => {
        const first = firstByKey.get(orderKey);
        return first !== undefined && compareEntryIds(first, entry.id) < 0;
      });
    }),
  );
  return new Set(answers.flat());
}

function lastIdOf(entries: readonly KeyedEntry[]): string {
  return entries.reduce(
    (latest, { entry }) => (compareEntryIds(entry.id, latest) > 0 ? entry.id : latest),
    firstEntryId,
  );
}

function firstIdByKey(held: readonly StreamEntry[], group: string): ReadonlyMap<string, string> {
  const firstByKey = new Map<string, string>();
  for (const entry of held) {
    const incoming = readIncoming(entry, group, ['**']);
    if (incoming.type !== 'envelope') continue;
    const key = orderKeyOf(incoming.envelope);
    const known = firstByKey.get(key);
    if (known === undefined || compareEntryIds(entry.id, known) < 0) firstByKey.set(key, entry.id);
  }
  return firstByKey;
}
