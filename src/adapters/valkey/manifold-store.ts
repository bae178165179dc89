import { gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { commandFailure } from './connect.ts';

/** Seconds a stored manifold lives: 35 days (FX desk specification b.3). */
export const manifoldLifeSeconds = 3_024_000;

/** A manifold as it is stored: `text` is the document's JSON, `newestAt` the opening of its newest candle in ms UTC. */
export interface StoredManifold {
  readonly instrument: string;
  readonly newestAt: number;
  readonly text: string;
}

/** `manifold:{instrument}:{YYYY-MM-DD}`, the UTC day of the newest candle. */
export function manifoldKey(instrument: string, newestAt: number): string {
  return `manifold:${instrument}:${new Date(newestAt).toISOString().slice(0, 10)}`;
}

/** Stores a document as gzip of level 9 for 35 days and returns its key. Throws a `StoreError` of code `failed`. */
export async function storeManifold(client: Redis, manifold: StoredManifold): Promise<string> {
  const key = manifoldKey(manifold.instrument, manifold.newestAt);
  try {
    await client.set(key, gzipSync(manifold.text, { level: 9 }), 'EX', manifoldLifeSeconds);
  } catch (error) {
    throw commandFailure(`storing '${key}'`, error);
  }
  return key;
}
