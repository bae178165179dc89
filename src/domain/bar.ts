import type { InstrumentId } from './instrument.ts';

/** The side of the book a series was recorded on; a spread is laid around it accordingly. */
export type PriceBasis = 'bid' | 'mid';

/**
 * One bar. Prices are integers in the instrument's price decimals, `openAt` is the start of the interval in ms UTC,
 * `spread` is ask minus bid in ticks at the close, 0 where the source recorded none.
 */
export interface Bar {
  readonly instrument: InstrumentId;
  readonly openAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly spread: number;
}

/** A series of bars as columns of equal length, ascending and unique in `openAt`; prices are integers in ticks. */
export interface BarColumns {
  readonly instrument: InstrumentId;
  readonly intervalMs: number;
  readonly priceDecimals: number;
  readonly priceBasis: PriceBasis;
  /** False where the source carries no volume, so that calibration never mixes the two kinds. */
  readonly hasVolume: boolean;
  readonly length: number;
  readonly openAt: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly spread: Float64Array;
}
