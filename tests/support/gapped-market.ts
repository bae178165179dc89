import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fxInstrument } from '#domain/instrument.ts';
import { csvOfColumns } from './csv-bars.ts';
import { walkColumns } from './walk-columns.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A recorded market goes live so long after its first bar. */
const historyMs = 35 * dayMs;
const oldBars = 5;
const leadBars = 240;

/** Pairs of the market. */
export const gappedPairs = ['EUR_USD', 'GBP_USD', 'USD_JPY'] as const;
/** Tuesday 2026-02-10 00:00 UTC: the desk goes live. */
const gappedLiveAt = Date.UTC(2026, 1, 10);

/**
 * Writes data files of a market that is whole enough to be traded and small enough to be taken in at once: a few bars five weeks ago, four
 * hours of lead, and so many bars from the moment the desk goes live. Returns the folder, which is made.
 */
export function writeGappedMarket(folder: string, liveBars: number): string {
  mkdirSync(folder, { recursive: true });
  for (const [place, symbol] of gappedPairs.entries()) {
    const walk = walkColumns(fxInstrument(symbol), oldBars + leadBars + liveBars, place + 1);
    const openAt = walk.openAt.map((_, row) =>
      row < oldBars ? gappedLiveAt - historyMs + row * minuteMs : gappedLiveAt + (row - oldBars - leadBars) * minuteMs,
    );
    writeFileSync(join(folder, `${symbol}_M1.csv`), csvOfColumns({ ...walk, openAt }));
  }
  return folder;
}
