import { createHash } from 'node:crypto';

/** Where ids begin. Order ids lie above 2^53 from the first on, as the venue's have done for years. */
const firstOrderId = 8_389_766_145_050_669_870n;
const firstAlgoId = 2_146_760n;
const firstTradeId = 698_759_000;
const firstTransactionId = 9_689_322_000;

/** Ids of one venue, each kind counted by itself. What looks random is drawn from the seed and a count. */
export interface VenueIds {
  readonly seed: number;
  orders: number;
  algoOrders: number;
  trades: number;
  transactions: number;
  texts: number;
}

export function createVenueIds(seed: number): VenueIds {
  return { seed, orders: 0, algoOrders: 0, trades: 0, transactions: 0, texts: 0 };
}

export function nextOrderId(ids: VenueIds): bigint {
  ids.orders += 1;
  return firstOrderId + BigInt(ids.orders - 1);
}

export function nextAlgoId(ids: VenueIds): bigint {
  ids.algoOrders += 1;
  return firstAlgoId + BigInt(ids.algoOrders - 1);
}

export function nextTradeId(ids: VenueIds): number {
  ids.trades += 1;
  return firstTradeId + ids.trades;
}

export function nextTransactionId(ids: VenueIds): number {
  ids.transactions += 1;
  return firstTransactionId + ids.transactions;
}

/** A text of up to 64 hexadecimal digits that no other call gives. */
export function nextIdText(ids: VenueIds, length: number): string {
  ids.texts += 1;
  return createHash('sha256').update(`${ids.seed}/${ids.texts}`).digest('hex').slice(0, length);
}

/** A fraction in [0, 1) that depends on nothing but its arguments: noise which is the same in every run. */
export function steadyFraction(seed: number, text: string, index: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x01000193) ^ Math.imul(index | 0, 0x85ebca6b) ^ Math.floor(index / 2 ** 32);
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
