import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listSnapshots } from '#adapters/journal/snapshot-files.ts';
import type { Event, EventType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { walkBacktest, walkBars, walkFromAt, walkUntilAt } from '../../tests/support/walk-backtest.ts';
import { walkColumns } from '../../tests/support/walk-columns.ts';
import { recordedEvents } from './read-run.ts';
import { journalFolder, RunError, readManifest, snapshotFolder } from './run-folder.ts';

function jsonIn(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

function countsByType(events: readonly Event[]): Partial<Record<EventType, number>> {
  const counts: Partial<Record<EventType, number>> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

test('a run is the same twice, and with and without a folder', async (t) => {
  const kept = await walkBacktest({ folder: join(temporaryFolder(t), 'run') });
  const first = await walkBacktest();
  const second = await walkBacktest();
  assert.ok(first.summary.roundTrips > 20, `${first.summary.roundTrips} round trips`);
  assert.match(first.summary.decisionsHash, /^[0-9a-f]{64}$/);
  assert.equal(first.summary.decisionsHash, kept.summary.decisionsHash);
  assert.deepEqual(second.summary, first.summary);
  assert.deepEqual(kept.summary, first.summary);
  assert.deepEqual(kept.roundTrips, first.roundTrips);
});

test('another balance is another run with other decisions', async () => {
  const usual = await walkBacktest();
  const rich = await walkBacktest({ startBalance: 200_000 });
  assert.notEqual(rich.summary.runId, usual.summary.runId);
  assert.notEqual(rich.summary.decisionsHash, usual.summary.decisionsHash);
});

test('a summary counts every bar of the columns and one decision a minute, up to a grid point after the last bar', async () => {
  const { summary, barsPerSecond } = await walkBacktest();
  assert.equal(summary.bars, 2 * walkBars);
  assert.equal(summary.decisions, walkBars);
  assert.deepEqual([summary.fromAt, summary.untilAt], [walkFromAt, walkUntilAt + 30_000]);
  assert.ok(Number.isSafeInteger(barsPerSecond) && barsPerSecond > 0);
});

test('series of different lengths are counted each to its own end', async () => {
  const [euro, yen] = ['EUR_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol));
  assert.ok(euro !== undefined && yen !== undefined);
  const { summary } = await walkBacktest({ series: [walkColumns(euro, 300, 1), walkColumns(yen, 180, 2)] });
  assert.equal(summary.bars, 480);
  assert.equal(summary.decisions, 300);
  assert.equal(summary.untilAt, walkFromAt + 300 * 60_000 + 30_000);
});

test('the figures of a summary are those of the journal', async (t) => {
  const folder = join(temporaryFolder(t), 'run');
  const { summary, roundTrips } = await walkBacktest({ folder });
  const counts = countsByType([...recordedEvents(folder)].map(({ event }) => event));
  assert.equal(counts['bar.closed'], summary.bars);
  assert.equal(counts['order.submitted'], summary.orders);
  assert.equal(counts['order.filled'], summary.fills);
  assert.equal(counts['order.denied'], summary.denials);
  assert.equal(counts['time.ticked'], (summary.untilAt - summary.fromAt) / 30_000 + 1);
  assert.equal(roundTrips.length, summary.roundTrips);
});

test('a folder holds the manifest, the journal, a snapshot, the summary and the round trips', async (t) => {
  const folder = join(temporaryFolder(t), 'run');
  const { summary, roundTrips } = await walkBacktest({ folder });
  assert.deepEqual(readdirSync(folder).sort(), [
    'journal',
    'round-trips.json',
    'run.json',
    'snapshots',
    'summary.json',
  ]);
  assert.deepEqual(jsonIn(folder, 'summary.json'), JSON.parse(JSON.stringify(summary)));
  assert.deepEqual(jsonIn(folder, 'round-trips.json'), JSON.parse(JSON.stringify(roundTrips)));
  assert.ok(existsSync(journalFolder(folder)));
  assert.equal(listSnapshots(snapshotFolder(folder)).length, 1);
  const { codeVersion, ...manifest } = readManifest(folder);
  assert.match(codeVersion, /^[0-9a-f]{16}$/);
  assert.deepEqual(manifest, {
    format: 1,
    runId: summary.runId,
    kind: 'backtest',
    desk: 'fx',
    seed: 3,
    market: 'walk',
    instruments: ['EUR_USD', 'USD_JPY'],
    startAt: walkFromAt,
    startBalance: 100_000,
    dataHash: 'walk',
  });
});

test('warnings of the data come before those of the run', async () => {
  const { summary } = await walkBacktest({ warnings: ['a gap of two hours'] });
  assert.equal(summary.warnings[0], 'a gap of two hours');
});

test('progress ends with every bar', async () => {
  const told: (readonly [number, number])[] = [];
  await walkBacktest({ onProgress: (done, total) => void told.push([done, total]) });
  assert.deepEqual(told.at(-1), [2 * walkBars, 2 * walkBars]);
});

test('data without a bar and a configuration without a desk are refused', async () => {
  const empty = walkColumns(fxInstrument('EUR_USD'), 0, 1);
  await assert.rejects(walkBacktest({ series: [empty] }), (error) => {
    assert.ok(error instanceof RunError);
    assert.match(error.message, /holds no bar in the span asked for/);
    return true;
  });
  await assert.rejects(walkBacktest({ policies: [] }), /makes no policy 'desk\/fx'/);
});
