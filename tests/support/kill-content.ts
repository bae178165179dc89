import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { busKeys } from '#adapters/bus/bus-keys.ts';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import { indexKey } from '#adapters/valkey/key-store-batch.ts';
import type { Envelope } from '#domain/bus/envelope.ts';
import type { KeyStore, KeyValue } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { recordTable, recordTableNames } from '#domain/records/record-tables.ts';
import { waitUntil } from './kill-wait.ts';

/** The two servers of a desk. */
export interface ServerUrls {
  readonly valkeyUrl: string;
  readonly databaseUrl: string;
}

/** What is kept of one table: how many rows, and the digest of all of them. */
export interface TableContent {
  readonly rows: number;
  readonly digest: string;
}

/** What the servers of a desk hold of one run. */
export interface ServerContent {
  /** Of the records, the keys and the bus: how far each is, and what its fold carries. */
  readonly positions: readonly (ProjectionPosition | undefined)[];
  readonly tables: Readonly<Record<string, TableContent>>;
  readonly keys: ReadonlyMap<string, KeyValue>;
  /** Names that belong neither to the keys, nor to the bus, its groups, the queue of jobs or the lease. */
  readonly strangers: readonly string[];
  /** The desk's envelopes in each stream as they were written, oldest first; what processes say of themselves is left out. */
  readonly streams: ReadonlyMap<string, readonly string[]>;
}

/** What others keep in the same store. */
const otherPrefixes = ['quantum:bus:', 'quantum:stream:', 'quantum:dlq:', 'quantum:lease:', 'quantum:position:'];
const moreOtherPrefixes = ['processed:', 'bull:', '{tradewind}', 'tradewind'];

export async function contentOf(servers: ServerUrls, runId: string): Promise<ServerContent> {
  const client = new Redis(servers.valkeyUrl, { protocol: 2 });
  try {
    const { keys, strangers } = await keysOf(client, servers.valkeyUrl);
    const positions = await positionsOf(servers, runId);
    return { positions, tables: await tablesOf(servers, runId), keys, strangers, streams: await streamsOf(client) };
  } finally {
    client.disconnect();
  }
}

/** Waits until everything the mirror keeps has come to a sequence. */
export async function serversReach(servers: ServerUrls, runId: string, sequence: number): Promise<void> {
  const isThere = async (): Promise<boolean> =>
    (await positionsOf(servers, runId)).every((position) => (position?.sequence ?? 0) >= sequence);
  await waitUntil(isThere, `records, keys and bus to come to ${sequence}`);
}

/** Waits until the key of the kill switch says released, which it does once the keys have come to the journal's end. */
export async function switchIsReleased(valkeyUrl: string): Promise<void> {
  await withKeys(valkeyUrl, (keys) =>
    waitUntil(async () => (await keys.readKillSwitch()) === 'released', 'the mirror to come to the end of the journal'),
  );
}

/** How far the keys are; 0 where nothing is written. */
export function keysReached(valkeyUrl: string): Promise<number> {
  return withKeys(valkeyUrl, async (keys) => (await keys.position('keys'))?.sequence ?? 0);
}

async function withKeys<T>(valkeyUrl: string, act: (keys: KeyStore) => Promise<T>): Promise<T> {
  const keys = await openValkeyKeyStore(valkeyUrl, { time: systemTime });
  try {
    return await act(keys);
  } finally {
    await keys.close();
  }
}

async function positionsOf({ valkeyUrl, databaseUrl }: ServerUrls, runId: string): Promise<ServerContent['positions']> {
  const records = await openRecordStore({ url: databaseUrl, runId });
  const keys = await openValkeyKeyStore(valkeyUrl, { time: systemTime });
  const bus = new BusSink(new ValkeyStreams(valkeyUrl, systemTime));
  try {
    return [await records.position('records'), await keys.position('keys'), await bus.position('bus')];
  } finally {
    await Promise.all([records.close(), keys.close(), bus.close()]);
  }
}

async function tablesOf({ databaseUrl }: ServerUrls, runId: string): Promise<Record<string, TableContent>> {
  const store = await openRecordStore({ url: databaseUrl, runId });
  const content: Record<string, TableContent> = {};
  try {
    for (const table of recordTableNames.filter((name) => recordTable(name).projection === 'records')) {
      const hash = createHash('sha256');
      for await (const row of store.everyRow(table)) hash.update(`${JSON.stringify(row)}\n`);
      content[table] = { rows: await store.count(table), digest: hash.digest('hex') };
    }
    return content;
  } finally {
    await store.close();
  }
}

async function keysOf(client: Redis, url: string): Promise<Pick<ServerContent, 'keys' | 'strangers'>> {
  const store = await openValkeyKeyStore(url, { time: systemTime });
  const ours = new Set(await client.zrange(indexKey('keys'), '0', '-1'));
  const keys = new Map<string, KeyValue>();
  try {
    for (const key of [...ours].sort()) {
      const value = await store.get(key);
      if (value !== undefined) keys.set(key, value);
    }
  } finally {
    await store.close();
  }
  const all = await client.keys('*');
  const isOther = (key: string): boolean =>
    [...otherPrefixes, ...moreOtherPrefixes].some((prefix) => key.startsWith(prefix));
  return { keys, strangers: all.filter((key) => !ours.has(key) && !isOther(key)) };
}

async function streamsOf(client: Redis): Promise<Map<string, readonly string[]>> {
  const content = new Map<string, readonly string[]>();
  for (const stream of (await client.smembers(busKeys.streams)).sort()) {
    const entries = await client.xrange(stream, '-', '+');
    const texts = entries.map(([, fields]) => fields[1] ?? '').filter(isOfDesk);
    if (texts.length > 0) content.set(stream, texts);
  }
  return content;
}

/** A process that tells how it is names itself; the desk's own envelopes are told by the desk. */
function isOfDesk(text: string): boolean {
  const { source } = JSON.parse(text) as Envelope;
  return !['tradewind/mirror', 'tradewind/engine', 'tradewind/desk'].includes(source);
}
