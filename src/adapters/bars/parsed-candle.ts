import type { ImportReport } from './import-report.ts';

/** A candle as files and keys carry it: plain decimal prices, `openAt` in ms UTC. */
export interface ParsedCandle {
  readonly openAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface ParsedCandles {
  readonly candles: ParsedCandle[];
  readonly report: ImportReport;
}
