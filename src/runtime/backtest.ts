import { type FileJournal, openJournal } from '#adapters/journal/file-journal.ts';
import { writeSnapshot } from '#adapters/journal/snapshot-files.ts';
import type { BarColumns } from '#domain/bar.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import { columnsFeed } from '#engine/columns-feed.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { createLoop, handle, type Loop, runUntil, takeTurn } from '#engine/loop.ts';
import { modules } from '#modules/index.ts';
import { codeVersion } from './code-version.ts';
import { calendarAround, documentOf, listedSeries, openVenue, venueFor } from './desk-setup.ts';
import { createRunFolder, journalFolder, RunError, snapshotFolder, writeDocument } from './run-folder.ts';
import { createRunRecorder, type RoundTrip, type RunSummary, recordEvent, summarize } from './run-report.ts';
import { type PolicyDocument, type RunSetup, runIdOf, startEvents } from './start-events.ts';

/** Turns of the loop between two readings of progress. */
const sliceTurns = 50_000;
/** Snapshots a kept backtest leaves, spread over its span, so that a decision is explained without re-running it all. */
const snapshotsKept = 8;

export interface BacktestOptions {
  readonly desk: string;
  readonly series: readonly BarColumns[];
  readonly instruments: readonly Instrument[];
  readonly policies: readonly PolicyDocument[];
  readonly seed: number;
  readonly startBalance: number;
  readonly dataHash: string;
  readonly market: string;
  readonly warnings: readonly string[];
  /** Where the journal, the snapshots and the summary go; undefined keeps nothing but the result. */
  readonly folder?: string | undefined;
  onProgress?(done: number, total: number): void;
}

export interface BacktestResult {
  readonly summary: RunSummary;
  readonly roundTrips: readonly RoundTrip[];
  readonly barsPerSecond: number;
}

/** Runs recorded bars through the whole pipeline against the simulated venue: the same engine and loop as live. */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { series } = options;
  const span = spanOf(series);
  const setup = setupOf(options, span.fromAt, span.untilAt);
  const desk = documentOf(options, 'desk') as unknown as DeskPolicy;
  const engine = createEngine(modules);
  const venueState = venueFor({ ...options, listed: setup.instruments, calendar: setup.calendar });
  const journal = openFolder(options, setup);
  const recorder = createRunRecorder();
  const feed = columnsFeed(series);
  const loop = createLoop(
    engine,
    {
      feed,
      venue: openVenue(venueState),
      journal,
      makeDurable: () => undefined,
      onEvent: (event) => recordEvent(recorder, engine, event),
    },
    span.fromAt,
    desk.decisionGridMs,
  );
  const startedAt = performance.now();
  for (const event of startEvents(setup)) handle(loop, event);
  handle(loop, { type: 'warmup.completed', at: span.fromAt, bars: 0 });
  const total = series.reduce((sum, columns) => sum + columns.length, 0);
  await runAll(loop, { options, total, untilAt: span.untilAt }, (sequence) =>
    keepSnapshot(options, engine, sequence, setup),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const { startBalance, dataHash, warnings } = options;
  const summary = summarize(recorder, engine, { startBalance, dataHash, warnings });
  if (options.folder !== undefined) {
    await journal?.close();
    writeDocument(options.folder, 'summary.json', summary);
    writeDocument(options.folder, 'round-trips.json', recorder.roundTrips);
  }
  return { summary, roundTrips: recorder.roundTrips, barsPerSecond: Math.round(summary.bars / seconds) };
}

interface Span {
  readonly options: BacktestOptions;
  readonly total: number;
  readonly untilAt: number;
}

async function runAll(loop: Loop, span: Span, snapshot: (sequence: number) => Promise<void>): Promise<void> {
  const { options, total, untilAt } = span;
  const { state } = loop.engine;
  let nextSnapshot = total / snapshotsKept;
  // A snapshot is copied at once and compressed aside: the run goes on meanwhile and waits for it at the next one only.
  let writing: Promise<void> = Promise.resolve();
  while (runUntil(loop, untilAt, sliceTurns) > 0) {
    options.onProgress?.(state.counts.bars, total);
    if (options.folder === undefined || state.counts.bars < nextSnapshot) continue;
    nextSnapshot += total / snapshotsKept;
    await writing;
    writing = snapshot(state.sequence);
  }
  await writing;
  // One grid point more, so that the last bars are decided on and the last orders answered.
  takeTurn(loop);
}

async function keepSnapshot(
  options: BacktestOptions,
  engine: Engine,
  sequence: number,
  setup: RunSetup,
): Promise<void> {
  if (options.folder === undefined) return;
  await writeSnapshot(
    snapshotFolder(options.folder),
    { sequence, chainHash: '', codeVersion: codeVersion(), value: { runId: runIdOf(setup), state: engine.state } },
    { keep: snapshotsKept },
  );
}

function spanOf(series: readonly BarColumns[]): { readonly fromAt: number; readonly untilAt: number } {
  let fromAt = Infinity;
  let untilAt = 0;
  for (const columns of series) {
    if (columns.length === 0) continue;
    fromAt = Math.min(fromAt, columns.openAt[0] ?? Infinity);
    untilAt = Math.max(untilAt, (columns.openAt[columns.length - 1] ?? 0) + columns.intervalMs);
  }
  if (fromAt === Infinity) throw new RunError('the data holds no bar in the span asked for');
  return { fromAt, untilAt };
}

function setupOf(options: BacktestOptions, fromAt: number, untilAt: number): RunSetup {
  const desk = documentOf(options, 'desk') as unknown as DeskPolicy;
  return {
    kind: 'backtest',
    desk: options.desk,
    at: fromAt,
    seed: options.seed,
    startBalance: options.startBalance,
    moneyDecimals: desk.moneyDecimals,
    recordsFacts: false,
    dataHash: options.dataHash,
    instruments: listedSeries(options.series, options.instruments),
    policies: options.policies,
    calendar: calendarAround(fromAt, untilAt),
    releasesKill: true,
  };
}

function openFolder(options: BacktestOptions, setup: RunSetup): FileJournal | undefined {
  if (options.folder === undefined) return undefined;
  const runId = runIdOf(setup);
  createRunFolder(options.folder, {
    format: 1,
    runId,
    kind: 'backtest',
    desk: options.desk,
    seed: options.seed,
    market: options.market,
    instruments: setup.instruments.map(({ instrument }) => instrument.symbol),
    startAt: setup.at,
    startBalance: options.startBalance,
    codeVersion: codeVersion(),
    dataHash: options.dataHash,
  });
  return openJournal(journalFolder(options.folder), { runId, sync: 'none' });
}
