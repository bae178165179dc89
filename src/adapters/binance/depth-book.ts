import { parseDecimalText } from '#domain/decimal-text.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { VenueInput } from '#engine/live-port.ts';
import type { DepthUpdate } from './schema.ts';

/** Updates that wait for a snapshot, and levels of a side: more means that something is wrong, and the book starts anew. */
export const waitingUpdatesMax = 1_000;
const levelsMax = 10_000;
const shownLevels = 5;

/** Price in ticks to quantity in steps. */
type Side = Map<number, number>;

/**
 * A book kept from a snapshot and the differences after it. https://developers.binance.com/docs/derivatives/usds-margined-futures —
 * "How to manage a local order book correctly". Not known until both have come, and from any gap on until the next snapshot.
 */
export interface DepthBook {
  readonly instrument: Instrument;
  readonly bids: Side;
  readonly asks: Side;
  waiting: DepthUpdate[];
  /** The last update that is in it; undefined while it is not known. */
  lastId: number | undefined;
  /** The snapshot's own id, until the first difference has followed on it. */
  snapshotId: number | undefined;
}

export function depthBook(instrument: Instrument): DepthBook {
  return { instrument, bids: new Map(), asks: new Map(), waiting: [], lastId: undefined, snapshotId: undefined };
}

export function isKnown(book: DepthBook): boolean {
  return book.lastId !== undefined && book.snapshotId === undefined;
}

export interface DepthSnapshot {
  readonly lastUpdateId: string;
  readonly bids: readonly (readonly unknown[])[];
  readonly asks: readonly (readonly unknown[])[];
}

/** Takes a snapshot in and what waited for it. False where it does not fit what waited: a later one is needed. */
export function takeSnapshot(book: DepthBook, snapshot: DepthSnapshot): boolean {
  const { waiting } = book;
  forget(book);
  book.lastId = Number(snapshot.lastUpdateId);
  book.snapshotId = book.lastId;
  if (!setLevels(book, 'bids', snapshot.bids) || !setLevels(book, 'asks', snapshot.asks)) {
    forget(book);
    return false;
  }
  return waiting.every((update) => takeUpdate(book, update));
}

/** Takes a difference in, or keeps it for the snapshot. False where something is missing before it: the book is not known any more. */
export function takeUpdate(book: DepthBook, update: DepthUpdate): boolean {
  if (book.lastId === undefined) {
    if (book.waiting.length >= waitingUpdatesMax) book.waiting.shift();
    book.waiting.push(update);
    return true;
  }
  const first = Number(update.U);
  const last = Number(update.u);
  if (book.snapshotId !== undefined) {
    if (last < book.snapshotId) return true;
    if (first > book.snapshotId) return lose(book, update);
    book.snapshotId = undefined;
  } else {
    if (last <= book.lastId) return true;
    if (Number(update.pu) !== book.lastId) return lose(book, update);
  }
  if (!setLevels(book, 'bids', update.b) || !setLevels(book, 'asks', update.a)) return lose(book, update);
  book.lastId = last;
  return true;
}

/** The best levels, or empty sides where the book is not known or says what no book can. */
export function depthInput(book: DepthBook): VenueInput {
  const { instrument } = book;
  const bids = best(book.bids, (a, b) => b - a);
  const asks = best(book.asks, (a, b) => a - b);
  const bid = bids[0]?.[0] ?? 0;
  const ask = asks[0]?.[0] ?? Infinity;
  if (!isKnown(book) || bid >= ask) return { type: 'depth.updated', instrument: instrument.id, bids: [], asks: [] };
  return { type: 'depth.updated', instrument: instrument.id, bids, asks };
}

/** Forgets everything, as after a connection that was lost. */
export function forget(book: DepthBook): void {
  book.bids.clear();
  book.asks.clear();
  book.waiting = [];
  book.lastId = undefined;
  book.snapshotId = undefined;
}

function lose(book: DepthBook, update: DepthUpdate): false {
  forget(book);
  book.waiting.push(update);
  return false;
}

function setLevels(book: DepthBook, side: 'bids' | 'asks', levels: readonly (readonly unknown[])[]): boolean {
  const { priceDecimals, quantityDecimals } = book.instrument;
  const kept = book[side];
  for (const [priceText, quantityText] of levels) {
    const price = parseDecimalText(String(priceText), priceDecimals);
    const quantity = parseDecimalText(String(quantityText), quantityDecimals);
    if (price === undefined || quantity === undefined || price <= 0 || quantity < 0) return false;
    if (quantity === 0) kept.delete(price);
    if (quantity > 0) kept.set(price, quantity);
  }
  return kept.size <= levelsMax;
}

function best(side: Side, order: (a: number, b: number) => number): [number, number][] {
  return [...side].sort(([a], [b]) => order(a, b)).slice(0, shownLevels);
}
