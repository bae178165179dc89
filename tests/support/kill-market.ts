import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BarColumns } from '#domain/bar.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { historyDays } from '#runtime/market-source.ts';
import { csvOfColumns } from './csv-bars.ts';
import { eagerSettings } from './paper-desk.ts';
import { walkColumns } from './walk-columns.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const minutesOfDay = 1_440;
/** Monday 2026-01-05 00:00 UTC. The desk goes live thirty-five days later, again at the beginning of a Monday. */
const historyAt = Date.UTC(2026, 0, 5);
/** Days of bars before the desk goes live and after it: longer than the longest scene. */
const lateDays = 3;
const liveDays = 60;
const barsOfHistory = 5;
const marketAt = historyAt + (historyDays - lateDays) * dayMs;
const symbols = ['EUR_USD', 'GBP_USD', 'USD_JPY'];

/** Settings of a desk whose every gate is as wide as it goes, so that it has orders on their way most of the time. */
export const killSettings: Readonly<Record<string, string>> = {
  ...eagerSettings,
  EVAL_COOLDOWN_SEC: '0',
  EVAL_REQ_CONSEC: '1',
  HOTBAND_PAIRS: symbols.join(','),
};

/**
 * Recorded random walks of three pairs: a few minutes at the beginning of the history and nothing more until its last days, so that a
 * start takes little in and recovers soon. Returns the folder, which is made.
 */
export function writeKillMarket(folder: string, seed: number): string {
  mkdirSync(folder, { recursive: true });
  const days = lateDays + liveDays;
  for (const [place, symbol] of symbols.entries()) {
    const instrument = fxInstrument(symbol);
    const early = csvOfColumns(walkColumns(instrument, barsOfHistory, seed + place, historyAt));
    const late = csvOfColumns(untilDays(walkColumns(instrument, days * minutesOfDay, seed + place, marketAt), days));
    writeFileSync(join(folder, `${symbol}_M1.csv`), early + late.slice(late.indexOf('\n') + 1));
  }
  return folder;
}

/** The walk leaves weekends out, so that it is cut where its days are over. */
function untilDays(columns: BarColumns, days: number): BarColumns {
  const untilAt = marketAt + days * dayMs;
  let { length } = columns;
  while (length > 0 && (columns.openAt[length - 1] ?? 0) + minuteMs > untilAt) length -= 1;
  return { ...columns, length };
}
