import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BarColumns } from '#domain/bar.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { formatScaled } from '#domain/scale.ts';
import type { Candle } from '#metrics/candle.ts';
import { walkColumns } from './walk-columns.ts';

/** What the owner of a temporary folder needs of a test. */
export interface Cleanup {
  after(work: () => void): void;
}

/** A temporary folder that goes with the test. */
export function temporaryFolder(t: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const header = 'time,open,high,low,close,volume';

/** A series as the text of a data file. */
export function csvOfColumns(columns: BarColumns): string {
  const price = (column: Float64Array, row: number): string => formatScaled(column[row] ?? 0, columns.priceDecimals);
  const lines = Array.from({ length: columns.length }, (_, row) => {
    const prices = [columns.open, columns.high, columns.low, columns.close].map((column) => price(column, row));
    return [columns.openAt[row], ...prices, columns.volume[row]].join(',');
  });
  return `${[header, ...lines].join('\n')}\n`;
}

/** Candles as the text of a data file. */
export function csvOfCandles(candles: readonly Candle[]): string {
  const lines = candles.map(({ openAt, open, high, low, close, volume }) =>
    [openAt, open, high, low, close, volume].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

/** Writes `SYMBOL_M1.csv` files of seeded random walks from Monday 2026-01-05 on into a folder, which is made. Returns the folder. */
export function writeWalks(folder: string, symbols: readonly string[], bars: number): string {
  mkdirSync(folder, { recursive: true });
  for (const [place, symbol] of symbols.entries()) {
    writeFileSync(join(folder, `${symbol}_M1.csv`), csvOfColumns(walkColumns(fxInstrument(symbol), bars, place + 1)));
  }
  return folder;
}
