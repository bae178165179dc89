import type { Instrument } from '#domain/instrument.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { columnsFeed } from '#engine/columns-feed.ts';
import { configurationFrom, listedSeries, policyDocuments } from '#runtime/desk-setup.ts';
import { type MarketSource, type PaperOptions, PaperRun } from '#runtime/paper-run.ts';
import { walkColumns } from './walk-columns.ts';

/** Settings under which a random walk of a few days is traded: every gate as wide as it goes. */
export const eagerSettings: Readonly<Record<string, string>> = {
  EVAL_MODE: 'echo',
  ECHO_MIN_REPETITIONS: '1',
  ECHO_HAZARD_MAX: '1',
  GUARD_PROFILE: 'seed',
  AUTO_MIN_COHERENCE: '0',
  GUARD_MIN_STABILITY: '0',
  AUTO_MAX_RUPTURE: '1',
  AUTO_MAX_ENTROPY: '1',
  DIR_DC_MODE: 'off',
  AUTO_DIR_THRESHOLD_BPS: '1',
};

const instruments: readonly Instrument[] = ['EUR_USD', 'GBP_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol));
const minuteMs = 60_000;
const barsOfWalk = 1_440;

/** A day of random walks that goes live after four hours. */
function walkMarket(): MarketSource {
  const series = instruments.map((instrument, place) => walkColumns(instrument, barsOfWalk, place + 1));
  const startAt = series[0]?.openAt[0] ?? 0;
  return {
    name: 'walk',
    feed: columnsFeed(series),
    listed: listedSeries(series, instruments),
    startAt,
    liveAt: startAt + 240 * minuteMs,
    untilAt: startAt + barsOfWalk * minuteMs,
    dataHash: 'walk',
  };
}

/** What a paper desk on a folder is opened with; the market is a new one each time, since a run uses it up. */
export function paperOptions(
  folder: string,
  environment: Readonly<Record<string, string>> = eagerSettings,
): PaperOptions {
  const pairs = instruments.map(({ symbol }) => symbol).join(',');
  const policies = policyDocuments(configurationFrom({ ...environment, HOTBAND_PAIRS: pairs }), 'fx');
  return { folder, desk: 'fx', market: walkMarket(), policies, seed: 1, startBalance: 100_000, speed: 1e9 };
}

/** Opens a paper desk on a folder, as a start would. */
export function openPaperDesk(folder: string, environment: Readonly<Record<string, string>> = eagerSettings): PaperRun {
  return PaperRun.open(paperOptions(folder, environment));
}

/** The environment under which the desk was opened. */
export function paperEnvironment(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...eagerSettings, HOTBAND_PAIRS: instruments.map(({ symbol }) => symbol).join(','), ...changes };
}

/** A desk that has traded its day and stopped in order. */
export async function stoppedDesk(folder: string): Promise<void> {
  const run = openPaperDesk(folder);
  await run.warmUp();
  await new Promise<void>((done) => run.start(done));
  const { failure } = run;
  await run.stop();
  if (failure !== undefined) throw failure;
}
