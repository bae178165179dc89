import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BarColumns } from '#domain/bar.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { type BacktestOptions, type BacktestResult, runBacktest } from '#runtime/backtest.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { journalFolder } from '#runtime/run-folder.ts';
import { livelyAt, livelyPolicies, livelySeries } from '../support/lively-desk.ts';

const bars = 3_000;
const minuteMs = 60_000;
const root = mkdtempSync(join(tmpdir(), 'tradewind-determinism-'));
after(() => rmSync(root, { recursive: true }));

function optionsOf(series: readonly BarColumns[], changes: Partial<BacktestOptions> = {}): BacktestOptions {
  return {
    desk: 'fx',
    series,
    instruments: ['EUR_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol)),
    policies: livelyPolicies(),
    seed: 11,
    startBalance: 100_000,
    dataHash: 'walk',
    market: 'walk',
    warnings: [],
    ...changes,
  };
}

/** The bytes of every file under a folder, by path. */
function filesOf(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files[name] = readFileSync(path, 'latin1');
  }
  return files;
}

const first = join(root, 'first');
const second = join(root, 'second');
let results: readonly BacktestResult[] = [];

before(async () => {
  results = [
    await runBacktest(optionsOf(livelySeries(5, bars), { folder: first })),
    await runBacktest(optionsOf(livelySeries(5, bars), { folder: second })),
    await runBacktest(optionsOf(livelySeries(5, bars))),
  ];
});

test('the run that is compared below trades', () => {
  const [result] = results;
  assert.ok((result?.summary.fills ?? 0) > 50);
  assert.ok((result?.summary.roundTrips ?? 0) > 15);
  assert.deepEqual(
    result?.summary.modules.filter(({ failed }) => failed > 0),
    [],
  );
});

test('the same seed, configuration and data give the same journal to the byte', () => {
  const left = filesOf(journalFolder(first));
  const right = filesOf(journalFolder(second));
  assert.deepEqual(Object.keys(left), Object.keys(right));
  assert.ok(Object.values(left).some((bytes) => bytes.length > 100_000));
  for (const [name, bytes] of Object.entries(left)) assert.ok(bytes === right[name], name);
});

test('the same run has the same summary, round trips and name', () => {
  for (const name of ['run.json', 'summary.json', 'round-trips.json'])
    assert.equal(readFileSync(join(first, name), 'utf8'), readFileSync(join(second, name), 'utf8'), name);
});

test('decisions and their hash are the same with and without a journal', () => {
  const [kept, , bare] = results;
  assert.match(bare?.summary.decisionsHash ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(bare?.summary, kept?.summary);
  assert.deepEqual(bare?.roundTrips, kept?.roundTrips);
});

test('the order in which series are given changes nothing', async () => {
  const reversed = await runBacktest(optionsOf(livelySeries(5, bars).reverse()));
  assert.equal(reversed.summary.decisionsHash, results[0]?.summary.decisionsHash);
});

test('other data make other decisions', async () => {
  const other = await runBacktest(optionsOf(livelySeries(6, bars)));
  assert.notEqual(other.summary.decisionsHash, results[0]?.summary.decisionsHash);
});

test('a journal is decided anew without a difference and to the same hash', () => {
  const { result } = replayRun(first);
  assert.equal(result.difference, undefined);
  assert.equal(result.decisionsHash, results[0]?.summary.decisionsHash);
});

test('a journal of a backtest holds inputs, decisions and commands, and no facts', () => {
  const types = new Set([...recordedEvents(first)].map(({ event }) => event.type));
  for (const type of ['bar.closed', 'time.ticked', 'module.decided', 'order.submitted', 'order.filled'] as const)
    assert.ok(types.has(type), type);
  for (const type of ['manifold.published', 'gates.published', 'weights.published', 'roundTrip.closed'] as const)
    assert.equal(types.has(type), false, type);
});

test('a backtest ends with its data: one grid point after the last bar', () => {
  const lastAt = livelyAt + bars * minuteMs;
  assert.equal(results[0]?.summary.untilAt, lastAt + 30_000);
});
