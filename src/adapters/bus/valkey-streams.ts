import type { ProjectionPosition } from '#domain/projection-position.ts';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import type { TimePort } from '#engine/ports.ts';
import { BusError } from './bus-error.ts';
import { busKeys, positionKey, processedKey } from './bus-keys.ts';
import { compareEntryIds, firstEntryId } from './entry-id.ts';
import type {
  ClaimOptions,
  DroppedRecord,
  EntryPlace,
  GroupConsumer,
  OutgoingEntry,
  OwnOptions,
  Publication,
  ReadOptions,
  Settlement,
  StoredDeadLetter,
  StreamDriver,
  StreamEntry,
  StreamReader,
  StreamReport,
} from './stream-driver.ts';
import {
  type EntryReply,
  letterFields,
  parseEntryReplies,
  parseLetter,
  parsePendingReplies,
  parseReadReply,
  streamEntry,
} from './stream-replies.ts';
import { ValkeyConnection, type ValkeyConnectionOptions } from './valkey-connection.ts';
import { describeStream } from './valkey-report.ts';
import { publishScript, reviveScript, stepScript, touchScript, wipeScript } from './valkey-scripts.ts';

const claimCallsMax = 100;
const heldMax = 1_000;
const stepMax = 1_000;
const droppedRecordsMax = 10_000;

/** The bus in a store: Valkey Streams, or Redis from version 7. Each reader has a connection of its own, all else shares one. */
export class ValkeyStreams implements StreamDriver {
  readonly #url: string;
  readonly #time: TimePort;
  readonly #options: ValkeyConnectionOptions;
  readonly #connection: ValkeyConnection;
  readonly #readers = new Set<StreamReader>();

  /** Connects when it is first used. Throws a `BusError` of code `address` where the address is none of a store. */
  constructor(url: string, time: TimePort, options: ValkeyConnectionOptions = {}) {
    this.#url = url;
    this.#time = time;
    this.#options = options;
    this.#connection = new ValkeyConnection(url, options);
  }

  position(name: string): Promise<ProjectionPosition | undefined> {
    return this.#connection.use(`reading the position of '${name}'`, async (client) => {
      const { runId, version, sequence, at, state } = await client.hgetall(positionKey(name));
      if (runId === undefined) return undefined;
      return { runId, version: Number(version), sequence: Number(sequence), at: Number(at), state: state ?? '' };
    });
  }

  async publish({ name, entries, from, to }: Publication): Promise<void> {
    const values: (string | number)[] = [from?.runId ?? '', from?.sequence ?? ''];
    values.push(to.runId, to.version, to.sequence, to.at, to.state, this.#time.now());
    for (const run of runsOfType(entries)) values.push(...run);
    const answer = await this.#connection.use('publishing', (client) =>
      client.eval(publishScript, 3, positionKey(name), busKeys.clock, busKeys.streams, ...values),
    );
    if (!Array.isArray(answer) || answer.length === 0) return;
    const [runId, sequence] = answer.map(String);
    throw new StaleWriterError(name, from, runId ? { runId, sequence: Number(sequence) } : undefined);
  }

  async wipe(name: string): Promise<void> {
    await this.#connection.use('emptying the streams', (client) =>
      client.eval(wipeScript, 2, positionKey(name), busKeys.streams),
    );
  }

  async ensureGroup(group: string, streams: readonly string[]): Promise<void> {
    await this.#connection.use(`making group '${group}'`, async (client) => {
      const pipeline = client.pipeline();
      for (const stream of streams) pipeline.xgroup('CREATE', stream, group, firstEntryId, 'MKSTREAM');
      for (const [error] of (await pipeline.exec()) ?? []) {
        if (error !== null && !error.message.startsWith('BUSYGROUP')) throw error;
      }
    });
  }

  openReader(): StreamReader {
    const connection = new ValkeyConnection(this.#url, this.#options);
    const reader: StreamReader = {
      // What need not wait goes the common way, behind the acknowledgements that make room for it.
      read: (options) => readNew(options.blockMs === 0 ? this.#connection : connection, options),
      close: () => {
        this.#readers.delete(reader);
        connection.close();
      },
    };
    this.#readers.add(reader);
    return reader;
  }

  readOwn({ stream, group, consumer, afterId, count }: OwnOptions): Promise<StreamEntry[]> {
    return this.#connection.use(`reading again from '${stream}'`, async (client) => {
      const reply = await client.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, afterId);
      const entries = parseReadReply(reply).flatMap(([, found]) => found);
      return this.#taken({ stream, group, consumer }, entries);
    });
  }

  claimIdle({ stream, group, consumer, minIdleMs, count }: ClaimOptions): Promise<StreamEntry[]> {
    return this.#connection.use(`claiming from '${stream}'`, async (client) => {
      const found: EntryReply[] = [];
      let cursor = firstEntryId;
      // One call looks at ten times the count; where most entries are busy, more calls find the idle ones behind them.
      for (let calls = 0; calls < claimCallsMax && found.length < count; calls += 1) {
        const reply = await client.xautoclaim(
          stream,
          group,
          consumer,
          minIdleMs,
          cursor,
          'COUNT',
          count - found.length,
        );
        found.push(...parseEntryReplies(reply[1]));
        cursor = String(reply[0]);
        if (cursor === firstEntryId) break;
      }
      return this.#taken({ stream, group, consumer }, found);
    });
  }

  heldBefore({
    stream,
    group,
    consumer,
    id,
    includesOwn,
  }: GroupConsumer & EntryPlace & { readonly includesOwn: boolean }): Promise<StreamEntry[]> {
    return this.#connection.use(`asking who holds entries of '${stream}'`, async (client) => {
      if (!includesOwn && !hasOthers(await client.xpending(stream, group), consumer)) return [];
      const reply = await client.xpending(stream, group, '-', `(${id}`, heldMax);
      const held = parsePendingReplies(reply).filter((pending) => includesOwn || pending.consumer !== consumer);
      const pipeline = client.pipeline();
      for (const pending of held) pipeline.xrange(stream, pending.id, pending.id);
      const replies = held.length === 0 ? [] : ((await pipeline.exec()) ?? []);
      return replies.flatMap(([error, found], index) => {
        if (error !== null) throw error;
        const [entry] = parseEntryReplies(found);
        return entry === undefined ? [] : (streamEntry(stream, entry, held[index]?.deliveries ?? 1) ?? []);
      });
    });
  }

  async touch(options: GroupConsumer & { readonly stream: string; readonly ids: readonly string[] }): Promise<void> {
    const { stream, group, consumer, ids } = options;
    await this.#connection.use(`keeping entries of '${stream}'`, (client) =>
      client.eval(touchScript, 1, stream, group, consumer, ...ids),
    );
  }

  async settle({ group, acknowledged, processedIds, letters, at }: Settlement): Promise<void> {
    await this.#connection.use(`acknowledging for '${group}'`, async (client) => {
      const multi = client.multi();
      if (processedIds.length > 0) multi.zadd(processedKey(group), ...processedIds.flatMap((id) => [at, id]));
      for (const { stream, letter } of letters) {
        multi.xadd(stream, '*', ...letterFields(letter)).sadd(busKeys.deadLetters, stream);
      }
      for (const [stream, places] of Map.groupBy(acknowledged, (place) => place.stream)) {
        multi.xack(stream, group, ...places.map(({ id }) => id));
      }
      await succeeded(multi.exec());
    });
  }

  handledSince(group: string, envelopeIds: readonly string[], sinceAt: number): Promise<boolean[]> {
    return this.#connection.use(`asking what '${group}' has handled`, async (client) => {
      if (envelopeIds.length === 0) return [];
      const scores = await client.zmscore(processedKey(group), ...envelopeIds);
      return scores.map((score) => score !== null && Number(score) >= sinceAt);
    });
  }

  async forgetHandled(group: string, beforeAt: number): Promise<void> {
    await this.#connection.use(`forgetting what '${group}' has handled`, (client) =>
      client.zremrangebyscore(processedKey(group), '-inf', `(${beforeAt}`),
    );
  }

  keepPatterns(group: string, patterns: string): Promise<string | undefined> {
    return this.#connection.use(`keeping the patterns of '${group}'`, async (client) => {
      const before = await client.hget(busKeys.patterns, group);
      await client.hset(busKeys.patterns, group, patterns);
      return before ?? undefined;
    });
  }

  async streams(): Promise<string[]> {
    return (await this.#connection.use('listing the streams', (client) => client.smembers(busKeys.streams))).sort();
  }

  describe(stream: string): Promise<StreamReport> {
    return this.#connection.use(`describing '${stream}'`, (client) => describeStream(client, stream));
  }

  async countBefore(stream: string, id: string): Promise<number> {
    let count = 0;
    for (let start = '-'; ; ) {
      const [passed, lastId] = await this.#step(stream, { start, end: `(${id}`, count: stepMax });
      count += passed;
      if (passed < stepMax) return count;
      start = `(${lastId}`;
    }
  }

  async idAt(stream: string, offset: number): Promise<string | undefined> {
    let start = '-';
    for (let left = offset + 1; ; ) {
      const wanted = Math.min(left, stepMax);
      const [passed, lastId] = await this.#step(stream, { start, end: '+', count: wanted });
      left -= passed;
      if (passed < wanted) return undefined;
      if (left === 0) return lastId;
      start = `(${lastId}`;
    }
  }

  dropBefore(stream: string, id: string, records: readonly DroppedRecord[]): Promise<number> {
    return this.#connection.use(`trimming '${stream}'`, async (client) => {
      const multi = client.multi();
      for (const record of records) {
        multi.xadd(busKeys.dropped, 'MAXLEN', '~', droppedRecordsMax, '*', 'record', JSON.stringify(record));
      }
      const replies = await succeeded(multi.xtrim(stream, 'MINID', id).exec());
      return Number(replies.at(-1) ?? 0);
    });
  }

  droppedRecords(count: number): Promise<DroppedRecord[]> {
    return this.#connection.use('reading what was dropped', async (client) => {
      const entries = parseEntryReplies(await client.xrevrange(busKeys.dropped, '+', '-', 'COUNT', count));
      // Only this driver writes the stream.
      return entries.toReversed().map(([, fields]) => JSON.parse(fields?.[1] ?? '{}') as DroppedRecord);
    });
  }

  async deadLetterStreams(): Promise<string[]> {
    return (
      await this.#connection.use('listing dead letters', (client) => client.smembers(busKeys.deadLetters))
    ).sort();
  }

  deadLetters(stream: string, afterId: string, count: number): Promise<StoredDeadLetter[]> {
    return this.#connection.use(`reading '${stream}'`, async (client) => {
      const entries = parseEntryReplies(await client.xrange(stream, `(${afterId}`, '+', 'COUNT', count));
      return entries.map(([id, fields]) => ({ id, letter: parseLetter(fields ?? []) }));
    });
  }

  async reviveDeadLetter(stream: string, { id, letter }: StoredDeadLetter): Promise<boolean> {
    const revived = await this.#connection.use(`replaying '${id}' of '${stream}'`, (client) =>
      client.eval(reviveScript, 3, stream, letter.stream, busKeys.streams, id, letter.text, letter.group),
    );
    return revived === 1;
  }

  async removeDeadLetters(stream: string, ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    return this.#connection.use(`purging '${stream}'`, (client) => client.xdel(stream, ...ids));
  }

  async close(): Promise<void> {
    for (const reader of [...this.#readers]) reader.close();
    this.#connection.close();
  }

  async #step(
    stream: string,
    { start, end, count }: { readonly start: string; readonly end: string; readonly count: number },
  ): Promise<readonly [passed: number, lastId: string]> {
    const reply = await this.#connection.use(`counting '${stream}'`, (client) =>
      client.eval(stepScript, 1, stream, start, end, count),
    );
    if (!Array.isArray(reply))
      throw new BusError('failed', `counting '${stream}': expected two figures, found '${String(reply)}'`);
    return [Number(reply[0]), String(reply[1])];
  }

  /** Entries that were delivered again, with how often; those whose entry is gone are acknowledged, since nobody can handle them. */
  async #taken(
    { stream, group, consumer }: GroupConsumer & { readonly stream: string },
    replies: readonly EntryReply[],
  ): Promise<StreamEntry[]> {
    const first = replies[0]?.[0];
    const last = replies.at(-1)?.[0];
    if (first === undefined || last === undefined) return [];
    return this.#connection.use(`asking for deliveries of '${stream}'`, async (client) => {
      const pending = parsePendingReplies(await client.xpending(stream, group, first, last, stepMax, consumer));
      const deliveries = new Map(pending.map(({ id, deliveries: count }) => [id, count]));
      const entries = replies.map((reply) => streamEntry(stream, reply, deliveries.get(reply[0]) ?? 1));
      const gone = replies.filter((_, index) => entries[index] === undefined).map(([id]) => id);
      if (gone.length > 0) await client.xack(stream, group, ...gone);
      return entries.filter((entry) => entry !== undefined);
    });
  }
}

/** Entries in their order, those of one type that follow each other together: the two streams, how many, and the texts. */
function runsOfType(entries: readonly OutgoingEntry[]): (string | number)[][] {
  const runs: { typeStream: string; domainStream: string; texts: string[] }[] = [];
  for (const { typeStream, domainStream, text } of entries) {
    const last = runs.at(-1);
    if (last?.typeStream === typeStream) last.texts.push(text);
    else runs.push({ typeStream, domainStream, texts: [text] });
  }
  return runs.map(({ typeStream, domainStream, texts }) => [typeStream, domainStream, texts.length, ...texts]);
}

async function readNew(connection: ValkeyConnection, options: ReadOptions): Promise<StreamEntry[]> {
  const { group, consumer, streams, count, blockMs } = options;
  if (streams.length === 0) return [];
  const places = [...streams, ...streams.map(() => '>')];
  const reply = await connection.use(`reading for '${group}'`, (client) =>
    blockMs === 0
      ? client.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'STREAMS', ...places)
      : client.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'BLOCK', Math.ceil(blockMs), 'STREAMS', ...places),
  );
  const read = parseReadReply(reply);
  const entries = read.flatMap(([stream, found]) => found.map((entry) => streamEntry(stream, entry, 1)));
  const present = entries.filter((entry) => entry !== undefined);
  return read.length < 2 ? present : present.sort((left, right) => compareEntryIds(left.id, right.id));
}

/** True where the summary of what is pending names a consumer beside this one. */
function hasOthers(summary: unknown, consumer: string): boolean {
  const consumers = Array.isArray(summary) ? (summary[3] as readonly (readonly [string, string])[] | null) : null;
  return (consumers ?? []).some(([name]) => name !== consumer);
}

/** The answers of a transaction; the first error in it rejects. */
async function succeeded(exec: Promise<[Error | null, unknown][] | null>): Promise<unknown[]> {
  return ((await exec) ?? []).map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}
