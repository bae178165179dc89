import { fxInstrument } from '#domain/instrument.ts';
import { type BacktestOptions, type BacktestResult, runBacktest } from '#runtime/backtest.ts';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { eagerSettings } from './paper-desk.ts';
import { walkColumns } from './walk-columns.ts';

const symbols = ['EUR_USD', 'USD_JPY'];
const instruments = symbols.map((symbol) => fxInstrument(symbol));

/** Two days of minutes, Monday 2026-01-05 00:00 UTC and on. */
export const walkBars = 2_880;
export const walkFromAt = Date.UTC(2026, 0, 5);
export const walkUntilAt = walkFromAt + walkBars * 60_000;

/** A backtest of two pairs on random walks, traded because every gate is as wide as it goes. */
export function walkBacktest(changes: Partial<BacktestOptions> = {}): Promise<BacktestResult> {
  const values = configurationFrom({ ...eagerSettings, HOTBAND_PAIRS: symbols.join(',') });
  return runBacktest({
    desk: 'fx',
    series: instruments.map((instrument, place) => walkColumns(instrument, walkBars, place + 1)),
    instruments,
    policies: policyDocuments(values, 'fx'),
    seed: 3,
    startBalance: 100_000,
    dataHash: 'walk',
    market: 'walk',
    warnings: [],
    ...changes,
  });
}
