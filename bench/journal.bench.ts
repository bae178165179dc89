import { createHash } from 'node:crypto';
import { closeSync, fdatasync, mkdtempSync, openSync, readdirSync, rmSync, statSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { readJournal } from '#adapters/journal/read-journal.ts';
import { createSha256, updateSha256 } from '#base/sha256.ts';
import { createDecoder, createEncoder, decodeValue, encodeValue, takeBytes } from '#base/value-codec.ts';

// Prints how fast the journal is, and what it costs over the bare system calls for the same bytes in the same run.

const RECORDS = 1_000_000;
const BURSTS = 500;
const BURST_ENTRIES = 50;
const CONCURRENT_FLUSHES = 10;
const instruments = ['EURUSD.OANDA', 'USDJPY.OANDA', 'GBPUSD.OANDA', 'AUDUSD.OANDA'];
const folders: string[] = [];

/** A record of two strings and eight integers. */
function record(index: number): unknown {
  const at = 1_700_000_000_000 + index * 37;
  const bidPrice = 108_512 + (index % 100);
  return {
    type: 'quote.received',
    instrumentId: instruments[index % instruments.length],
    at,
    venueAt: at - 5,
    bidPrice,
    askPrice: bidPrice + 8,
    bidSize: 1_000_000,
    askSize: 2_000_000,
    flags: index & 7,
    number: index,
  };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-bench-'));
  folders.push(folder);
  return folder;
}

function show(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(58)} ${value.toFixed(2).padStart(10)} ${unit}`);
}

/** The best of three runs, in units of work per second. */
function rate(work: number, run: () => void): number {
  let best = 0;
  for (let turn = 0; turn < 3; turn++) {
    const startedMs = performance.now();
    run();
    best = Math.max(best, work / ((performance.now() - startedMs) / 1_000));
  }
  return best;
}

function percentile(values: readonly number[], fraction: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * fraction))] ?? Number.NaN
  );
}

function benchCodec(records: readonly unknown[]): void {
  let bytes = new Uint8Array(0);
  const encodeRate = rate(records.length, () => {
    const encoder = createEncoder();
    for (const one of records) encodeValue(encoder, one);
    bytes = takeBytes(encoder);
  });
  const decodeRate = rate(records.length, () => {
    const decoder = createDecoder();
    for (let offset = 0; offset < bytes.length; ) offset = decodeValue(decoder, bytes, offset).nextOffset;
  });
  const jsonRate = rate(records.length, () => {
    for (const one of records) JSON.stringify(one);
  });
  show('codec: encode', encodeRate / 1e6, 'M records/s');
  show('codec: decode', decodeRate / 1e6, 'M records/s');
  show('codec: encode against JSON.stringify', encodeRate / jsonRate, 'times as fast');
  show('codec: size', bytes.length / records.length, 'bytes/record');
}

function benchHash(): void {
  const block = new Uint8Array(1_048_576).map((_, index) => index * 31);
  const ours = rate(64, () => {
    const state = createSha256();
    for (let turn = 0; turn < 64; turn++) updateSha256(state, block);
  });
  const library = rate(64, () => {
    const state = createHash('sha256');
    for (let turn = 0; turn < 64; turn++) state.update(block);
  });
  show('sha256 in plain TypeScript', ours, 'MiB/s');
  show('sha256 against node:crypto', ours / library, 'times as fast');
}

async function benchUnsynced(records: readonly unknown[]): Promise<void> {
  let folder = '';
  const appendRate = rate(records.length, () => {
    folder = temporaryFolder();
    const journal = openJournal(folder, { runId: 'bench', sync: 'none' });
    for (const one of records) journal.append(one);
    journal.flushSync();
    void journal.close();
  });
  let count = 0;
  const readRate = rate(records.length, () => {
    for (const { sequence } of readJournal(folder, 1)) count = sequence;
  });
  if (count !== records.length) throw new Error(`expected ${records.length} entries, found ${count}`);
  show('journal, sync none: append', appendRate / 1e6, 'M entries/s');
  show('journal: read and verify', readRate / 1e6, 'M entries/s');
}

/** Bursts of entries, one flush after each; returns the bytes of each burst on the disk and the latencies in ms. */
async function benchBursts(): Promise<{ latencies: number[]; burstBytes: number }> {
  const folder = temporaryFolder();
  const journal = openJournal(folder, { runId: 'bench' });
  const latencies: number[] = [];
  for (let burst = 0; burst < BURSTS; burst++) {
    for (let index = 0; index < BURST_ENTRIES; index++) journal.append(record(burst * BURST_ENTRIES + index));
    const startedMs = performance.now();
    await journal.flush();
    latencies.push(performance.now() - startedMs);
  }
  await journal.close();
  const [segment = ''] = readdirSync(folder).filter((name) => name.startsWith('segment-'));
  return { latencies, burstBytes: Math.round(statSync(join(folder, segment)).size / BURSTS) };
}

async function benchBare(burstBytes: number): Promise<number[]> {
  const file = openSync(join(temporaryFolder(), 'bare'), 'wx');
  const bytes = new Uint8Array(burstBytes).fill(7);
  const latencies: number[] = [];
  for (let burst = 0; burst < BURSTS; burst++) {
    const startedMs = performance.now();
    await promisify(write)(file, bytes, 0, burstBytes, burst * burstBytes);
    await promisify(fdatasync)(file);
    latencies.push(performance.now() - startedMs);
  }
  closeSync(file);
  return latencies;
}

/** Many callers, each of which appends one entry and waits until it is durable. */
async function benchConcurrent(): Promise<void> {
  const journal = openJournal(temporaryFolder(), { runId: 'bench' });
  const startedMs = performance.now();
  const caller = async (first: number): Promise<void> => {
    for (let index = 0; index < BURSTS; index++) {
      journal.append(record(first + index));
      await journal.flush();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_FLUSHES }, (_, index) => caller(index * BURSTS)));
  const perSecond = (BURSTS * CONCURRENT_FLUSHES) / ((performance.now() - startedMs) / 1_000);
  show(`journal, group sync: ${CONCURRENT_FLUSHES} callers, one entry a flush`, perSecond, 'durable entries/s');
  await journal.close();
}

async function benchGroup(): Promise<void> {
  await benchBare(2_000);
  const { latencies, burstBytes } = await benchBursts();
  const bare = await benchBare(burstBytes);
  const totalMs = latencies.reduce((sum, latency) => sum + latency, 0);
  const bareMs = bare.reduce((sum, latency) => sum + latency, 0);
  show(
    `journal, group sync: bursts of ${BURST_ENTRIES}`,
    (BURSTS * BURST_ENTRIES) / (totalMs / 1_000),
    'durable entries/s',
  );
  show('journal, group sync: flush p50', percentile(latencies, 0.5), 'ms');
  show('journal, group sync: flush p99', percentile(latencies, 0.99), 'ms');
  show(`bare write and fdatasync of ${burstBytes} bytes: p50`, percentile(bare, 0.5), 'ms');
  show(`bare write and fdatasync of ${burstBytes} bytes: p99`, percentile(bare, 0.99), 'ms');
  show('journal flush against bare, total', totalMs / bareMs, 'times the time');
}

try {
  const records = Array.from({ length: RECORDS }, (_, index) => record(index));
  benchCodec(records);
  benchHash();
  await benchUnsynced(records);
  await benchGroup();
  await benchConcurrent();
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
