import type { Redis } from 'ioredis';
import { entryIdAfter, firstEntryId } from './entry-id.ts';
import type { GroupReport, StreamReport } from './stream-driver.ts';
import { parseInfoRows } from './stream-replies.ts';

type InfoRow = ReadonlyMap<string, string | number | null>;

/**
 * What the store says about a stream and its groups. A group may go on while it is asked about: its floor is then told too low, which
 * keeps entries longer and never drops one too many.
 */
export async function describeStream(client: Redis, stream: string): Promise<StreamReport> {
  if ((await client.exists(stream)) === 0) return { stream, length: 0, lastId: firstEntryId, groups: [] };
  const [info] = parseInfoRows([await client.xinfo('STREAM', stream)]);
  const rows = parseInfoRows(await client.xinfo('GROUPS', stream));
  const groups = await Promise.all(rows.map((row) => describeGroup(client, stream, row)));
  return {
    stream,
    length: Number(info?.get('length') ?? 0),
    lastId: String(info?.get('last-generated-id') ?? firstEntryId),
    groups,
  };
}

async function describeGroup(client: Redis, stream: string, row: InfoRow): Promise<GroupReport> {
  const name = String(row.get('name'));
  const afterLast = entryIdAfter(String(row.get('last-delivered-id') ?? firstEntryId));
  const [pending, consumers] = await Promise.all([
    client.xpending(stream, name),
    client.xinfo('CONSUMERS', stream, name),
  ]);
  const idle = parseInfoRows(consumers).map((consumer) => Number(consumer.get('idle') ?? 0));
  const [count, lowest] = Array.isArray(pending) ? pending : [0, null];
  return {
    name,
    floorId: typeof lowest === 'string' ? lowest : afterLast,
    pending: Number(count),
    consumers: idle.length,
    idleMs: idle.length === 0 ? null : Math.min(...idle),
  };
}
