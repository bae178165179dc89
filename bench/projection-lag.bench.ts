import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemTime } from '#adapters/time/system-time.ts';
import { openKeys, openStreams, type StorePlan } from '#runtime/mirror/desk-stores.ts';
import { openMirror, type ProjectionName } from '#runtime/mirror/mirror.ts';
import { type RecordedEvent, recordedEvents } from '#runtime/read-run.ts';
import { JournalTail } from '#runtime/tail/journal-tail.ts';
import { openPaperDesk } from '../tests/support/paper-desk.ts';
import { missingDatabase, startDatabase } from '../tests/support/postgres-process.ts';
import { missingStore, startStore } from '../tests/support/store-process.ts';

// Prints how far the stores are behind the journal while a desk's real events come at a steady rate: the time from the moment an entry
// is durable to the moment its transaction is done, for the embedded stores and for servers on this machine.

const RATE = 5_000;
const BLOCK_MS = 20;
const LOOK_MS = 2;
const names: readonly ProjectionName[] = ['records', 'keys', 'bus'];

/** The events of a day of a desk that trades, from its folder. */
async function eventsOfDay(folder: string): Promise<RecordedEvent[]> {
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  desk.start(resolve);
  await promise;
  await desk.stop();
  return [...recordedEvents(folder)];
}

function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? Number.NaN;
}

/** Feeds the entries in blocks at the rate, and follows each projection until it has all of them. */
async function measure(title: string, plan: StorePlan, entries: readonly RecordedEvent[]): Promise<void> {
  const runId = `bench-${title}`;
  const tail = new JournalTail({ folder: plan.folder, runId, durableSequence: 0 });
  for (const { sequence, event } of entries) tail.append(sequence, event);
  const keys = await openKeys(plan, systemTime);
  const streams = openStreams(plan, systemTime);
  const problems: string[] = [];
  const onProblem = (name: string, problem: string): void => void problems.push(`${name}: ${problem}`);
  const mirror = openMirror({ plan, source: tail, runId, keys, streams, names, time: systemTime, onProblem });
  mirror.begin();
  const durableAt: { sequence: number; at: number }[] = [];
  const lags = new Map<ProjectionName, number[]>(names.map((name) => [name, []]));
  const seen = new Map<ProjectionName, number>(names.map((name) => [name, 0]));
  const look = (): void => {
    const now = performance.now();
    for (const name of names) {
      let place = seen.get(name) ?? 0;
      for (let block = durableAt[place]; block !== undefined; block = durableAt[place]) {
        if (block.sequence > (mirror.sequenceOf(name) ?? 0)) break;
        lags.get(name)?.push(now - block.at);
        place += 1;
      }
      seen.set(name, place);
    }
  };
  const looking = setInterval(look, LOOK_MS);
  const startedAt = performance.now();
  const last = entries.length;
  for (let sequence = 0; sequence < last; ) {
    sequence = Math.min(last, Math.floor(((performance.now() - startedAt) / 1_000) * RATE));
    tail.advance(sequence);
    durableAt.push({ sequence, at: performance.now() });
    await sleep(BLOCK_MS);
  }
  const fedMs = performance.now() - startedAt;
  await mirror.drain(last, 60_000);
  look();
  clearInterval(looking);
  console.log(`${title}: ${last} events of a desk at ${Math.round((last / fedMs) * 1_000)} a second`);
  for (const [name, values] of lags) {
    const figures = [0.5, 0.99].map((fraction) => `p${fraction * 100} ${percentile(values, fraction).toFixed(0)} ms`);
    console.log(
      `  ${name.padEnd(8)} ${figures.join(', ')}, worst ${Math.max(...values).toFixed(0)} ms (goal: p99 of 250 ms)`,
    );
  }
  for (const problem of problems) console.log(`  PROBLEM ${problem}`);
  await mirror.stop();
  await streams.close();
  await keys.close();
}

const folder = mkdtempSync(join(tmpdir(), 'tradewind-lag-'));
try {
  const entries = await eventsOfDay(join(folder, 'desk'));
  await measure(
    'embedded',
    { folder: join(folder, 'embedded'), valkeyUrl: undefined, databaseUrl: undefined },
    entries,
  );
  if (missingStore === false && missingDatabase === false) {
    const [store, database] = await Promise.all([startStore({ persistent: true }), startDatabase()]);
    try {
      const plan = { folder: join(folder, 'servers'), valkeyUrl: store.url, databaseUrl: database.url };
      await measure('Valkey and PostgreSQL, fsync always', plan, entries);
    } finally {
      await Promise.all([store.stop(), database.stop()]);
    }
  } else {
    console.log('servers: not measured, since one is not installed');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
