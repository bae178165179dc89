import type { Envelope } from '#domain/bus/envelope.ts';
import { compareEntryIds } from './entry-id.ts';
import type { EntryPlace, StreamEntry } from './stream-driver.ts';

/**
 * What a delivery waits for: its turn in its key, an earlier envelope of its key that another consumer holds, the next attempt, the
 * handler's answer, or the store's that it is acknowledged.
 */
export type DeliveryState = 'waiting' | 'held' | 'backingOff' | 'handling' | 'settling';

/** One envelope in the hands of a consumer, from its delivery until the store knows that it is done. */
export interface HeldDelivery {
  /** Names the entry among all streams. */
  readonly place: string;
  readonly entry: StreamEntry;
  readonly envelope: Envelope;
  /** Envelopes of one key go one after the other. Without a key an envelope has its id for one, so that its double waits for it. */
  readonly orderKey: string;
  readonly isFast: boolean;
  attempts: number;
  state: DeliveryState;
}

/** All that a consumer holds. */
export interface DeliveryQueue {
  readonly byPlace: Map<string, HeldDelivery>;
  /** What is not done yet, by key, in the order of the entry ids. */
  readonly chains: Map<string, HeldDelivery[]>;
  /** Places of entries that are done without a handler, until the store knows. */
  readonly ending: Set<string>;
  fast: number;
}

export function createDeliveryQueue(): DeliveryQueue {
  return { byPlace: new Map(), chains: new Map(), ending: new Set(), fast: 0 };
}

export function orderKeyOf({ id, key }: Envelope): string {
  return key === undefined ? `id ${id}` : `key ${key}`;
}

export function holdsPlace(queue: DeliveryQueue, place: string): boolean {
  return queue.byPlace.has(place) || queue.ending.has(place);
}

/** How many entries were delivered and are not known to be done. */
export function countInHand(queue: DeliveryQueue): number {
  return queue.byPlace.size + queue.ending.size;
}

/** Keeps in mind an entry that no handler needs to see. */
export function holdEnding(queue: DeliveryQueue, place: string): void {
  queue.ending.add(place);
}

export function releaseEnding(queue: DeliveryQueue, place: string): void {
  queue.ending.delete(place);
}

/** Takes a delivery in. It stands behind what came earlier in its key, but never before one that is with the handler. */
export function holdDelivery(queue: DeliveryQueue, delivery: HeldDelivery): void {
  queue.byPlace.set(delivery.place, delivery);
  if (delivery.isFast) queue.fast += 1;
  const chain = queue.chains.get(delivery.orderKey);
  if (chain === undefined) {
    queue.chains.set(delivery.orderKey, [delivery]);
    return;
  }
  let place = chain.length;
  while (place > 0 && isBehind(chain[place - 1], delivery)) place -= 1;
  chain.splice(place, 0, delivery);
}

/** Deliveries that are not begun: the fast lane before all others, then in the order they were published. */
export function waitingDeliveries(queue: DeliveryQueue): HeldDelivery[] {
  return [...queue.byPlace.values()]
    .filter(({ state }) => state === 'waiting')
    .sort(
      (left, right) => Number(right.isFast) - Number(left.isFast) || compareEntryIds(left.entry.id, right.entry.id),
    );
}

/** True for a delivery whose turn it is: it waits, and nothing of its key stands before it. */
export function isDue(queue: DeliveryQueue, delivery: HeldDelivery): boolean {
  return delivery.state === 'waiting' && queue.chains.get(delivery.orderKey)?.[0] === delivery;
}

/** Ends a delivery's turn while the store is told, and gives the one whose turn it is now. */
export function endTurn(queue: DeliveryQueue, delivery: HeldDelivery): HeldDelivery | undefined {
  delivery.state = 'settling';
  const chain = queue.chains.get(delivery.orderKey);
  const place = chain?.indexOf(delivery) ?? -1;
  if (chain === undefined || place < 0) return undefined;
  chain.splice(place, 1);
  if (chain.length === 0) queue.chains.delete(delivery.orderKey);
  return chain[0];
}

/** Lets go of a delivery that the store knows to be done. */
export function releaseDelivery(queue: DeliveryQueue, delivery: HeldDelivery): void {
  if (queue.byPlace.delete(delivery.place) && delivery.isFast) queue.fast -= 1;
}

/**
 * Lets go of the latest deliveries that are not begun, so that there is room for the earlier ones they wait for. For the store the consumer
 * still holds them; they have to be taken up again. Tells how many.
 */
export function letGoOfLatest(queue: DeliveryQueue, count: number): number {
  const unbegun = [...queue.byPlace.values()].filter(({ state }) => state === 'held' || state === 'waiting');
  const latest = unbegun.sort((left, right) => compareEntryIds(right.entry.id, left.entry.id)).slice(0, count);
  for (const delivery of latest) {
    endTurn(queue, delivery);
    releaseDelivery(queue, delivery);
  }
  return latest.length;
}

/** True where a delivery waits for an earlier one of its key that is not in hand. */
export function isHeldBack(queue: DeliveryQueue): boolean {
  return queue.byPlace.values().some(({ state }) => state === 'held');
}

function isBehind(one: HeldDelivery | undefined, delivery: HeldDelivery): boolean {
  if (one === undefined || one.state === 'handling') return false;
  return compareEntryIds(one.entry.id, delivery.entry.id) > 0;
}

/** Names an entry among all streams. */
export function placeOf({ stream, id }: EntryPlace): string {
  return `${stream} ${id}`;
}
