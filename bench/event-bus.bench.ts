import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { Redis } from 'ioredis';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { subscribe } from '#adapters/bus/subscription.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { type Envelope, envelopeId, streamNamesOf } from '#domain/bus/envelope.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { startStore } from '../tests/support/store-process.ts';

// Prints how many events a second go over the bus from publication to acknowledgement, against a bare file and a bare client with the same
// bytes in batches of the same size in the same run, and what an event costs in the file and in the store's memory.

const EVENTS = 20_000;
const BATCH = 64;
const TURNS = 6;
const at = 1_700_000_000_000;

function envelope(sequence: number): Envelope {
  return {
    id: envelopeId({ runId: 'bench', sequence, type: 'trade.opened', at }),
    type: 'trade.opened',
    schema_version: 1,
    source: 'tradewind/fx',
    ts: at + sequence,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    span_id: '00f067aa0ba902b7',
    key: `trade-${sequence % 20}`,
    payload: {
      trade_id: `trade-${sequence}`,
      symbol: 'EUR_USD',
      side: 'buy',
      entry_price: 1.08512,
      qty: 10_000 + sequence,
      notional: 10_851.2,
      leverage: 1,
      sl: 1.0812,
      tp: [1.0912],
      confidence: 0.81,
      strategy: 'combined-direction',
    },
  };
}

const envelopes = Array.from({ length: EVENTS }, (_, index) => envelope(index + 1));
const texts = envelopes.map((one) => JSON.stringify(one));

function show(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(64)} ${value.toFixed(2).padStart(10)} ${unit}`);
}

/** Events a second of one turn. */
async function rate(run: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return EVENTS / ((performance.now() - startedMs) / 1_000);
}

/** The least a client can do: add, read in a group, acknowledge. */
async function runBare(writer: Redis, reader: Redis): Promise<void> {
  await writer.xgroup('CREATE', 'bare', 'group', '0', 'MKSTREAM');
  const publishing = async (): Promise<void> => {
    for (let first = 0; first < EVENTS; first += BATCH) {
      const pipeline = writer.pipeline();
      for (const text of texts.slice(first, first + BATCH)) pipeline.xadd('bare', '*', 'envelope', text);
      await pipeline.exec();
    }
  };
  const consuming = async (): Promise<void> => {
    for (let taken = 0; taken < EVENTS; ) {
      const reply = await reader.xreadgroup(
        ...(['GROUP', 'group', 'one', 'COUNT', BATCH, 'BLOCK', 1_000, 'STREAMS', 'bare', '>'] as const),
      );
      const [[, entries = []] = []] = (reply ?? []) as [string, [string, string[]][]][];
      if (entries.length === 0) continue;
      await reader.xack('bare', 'group', ...entries.map(([id]) => id));
      taken += entries.length;
    }
  };
  await Promise.all([publishing(), consuming()]);
}

function positionAt(sequence: number): ProjectionPosition {
  return { runId: 'bench', version: 1, sequence, at, state: '{}' };
}

async function publishAll(driver: StreamDriver): Promise<void> {
  const sink = new BusSink(driver);
  for (let first = 0; first < EVENTS; first += BATCH) {
    const from = first === 0 ? undefined : positionAt(first);
    await sink.apply('bus', envelopes.slice(first, first + BATCH), from, positionAt(Math.min(EVENTS, first + BATCH)));
  }
}

async function runBus(driver: StreamDriver, pattern: string): Promise<void> {
  let handled = 0;
  let isDone = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    isDone = resolve;
  });
  const subscription = subscribe(
    { driver, time: systemTime },
    {
      group: 'monitoring',
      consumer: 'one',
      patterns: [pattern],
      handler: () => {
        handled += 1;
        if (handled === EVENTS) isDone();
      },
      onProblem: ({ message }) => console.error(message),
    },
  );
  await publishAll(driver);
  await done;
  await subscription.close();
}

async function bytesPerEntry(client: Redis, key: string): Promise<number> {
  return Number(await client.memory('USAGE', key, 'SAMPLES', 0)) / EVENTS;
}

async function showMemory(client: Redis): Promise<void> {
  const { type, domain } = streamNamesOf('trade.opened');
  const inStreams = (await bytesPerEntry(client, type)) + (await bytesPerEntry(client, domain));
  show('memory: an event in its two streams', inStreams, 'bytes');
  show('memory: of this the envelope itself, once', Buffer.byteLength(texts[0] ?? ''), 'bytes');
  show('memory: an id a group remembers for a day', await bytesPerEntry(client, 'processed:monitoring'), 'bytes');
}

async function benchStore(): Promise<void> {
  const store = await startStore();
  const [writer, reader] = [new Redis(store.url, { protocol: 2 }), new Redis(store.url, { protocol: 2 })];
  const driver = new ValkeyStreams(store.url, systemTime);
  try {
    // Turn by turn, so that what else the machine does meets all three alike; the best turn of each counts.
    let [bareRate, typeRate, patternRate] = [0, 0, 0];
    for (let turn = 0; turn < TURNS; turn++) {
      await writer.flushall();
      bareRate = Math.max(bareRate, await rate(() => runBare(writer, reader)));
      await writer.flushall();
      typeRate = Math.max(typeRate, await rate(() => runBus(driver, 'trade.opened')));
      await writer.flushall();
      patternRate = Math.max(patternRate, await rate(() => runBus(driver, 'trade.*')));
    }
    show(`bare client: XADD, XREADGROUP, XACK in batches of ${BATCH}`, bareRate, 'events/s');
    show('bus over the store, one type: published to acknowledged', typeRate, 'events/s');
    show('bus over the store, a pattern: published to acknowledged', patternRate, 'events/s');
    show('bus against the bare client, one type', typeRate / bareRate, 'of its rate');
    show('bus against the bare client, a pattern', patternRate / bareRate, 'of its rate');
    await showMemory(writer);
  } finally {
    await driver.close();
    for (const client of [writer, reader]) client.disconnect();
    await store.stop();
  }
}

/** The least a file can do: keep a batch, and take it in a transaction of its own. */
function runBareFile(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec('CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT, taken INTEGER)');
  const add = database.prepare('INSERT INTO entry (text) VALUES (?)');
  const read = database.prepare('SELECT id, text FROM entry WHERE id > ? LIMIT ?');
  const take = database.prepare('UPDATE entry SET taken = 1 WHERE id > ? AND id <= ?');
  for (let first = 0; first < EVENTS; first += BATCH) {
    database.exec('BEGIN IMMEDIATE');
    for (const text of texts.slice(first, first + BATCH)) add.run(text);
    database.exec('COMMIT; BEGIN IMMEDIATE');
    const rows = read.all(first, BATCH);
    take.run(first, first + rows.length);
    database.exec('COMMIT');
  }
  database.close();
}

async function benchFile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-bench-'));
  let [bareRate, fileRate, memoryRate] = [0, 0, 0];
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      bareRate = Math.max(bareRate, await rate(async () => runBareFile(join(folder, `bare-${turn}.sqlite`))));
      const inFile = new FileStreams(join(folder, `bus-${turn}.sqlite`), systemTime);
      fileRate = Math.max(fileRate, await rate(() => runBus(inFile, 'trade.*')));
      await inFile.close();
      const inMemory = new FileStreams(':memory:', systemTime);
      memoryRate = Math.max(memoryRate, await rate(() => runBus(inMemory, 'trade.*')));
      await inMemory.close();
    }
    show(`bare file: a transaction to keep and one to take a batch of ${BATCH}`, bareRate, 'events/s');
    show('bus in a file: published to acknowledged', fileRate, 'events/s');
    show('bus in a file against the bare file', fileRate / bareRate, 'of its rate');
    show('bus in process: published to acknowledged', memoryRate, 'events/s');
    show('file: an event in its two streams', statSync(join(folder, 'bus-0.sqlite')).size / EVENTS, 'bytes');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await benchFile();
await benchStore();
