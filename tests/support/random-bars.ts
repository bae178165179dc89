import { createRandom, draw, normal } from '#base/random.ts';
import type { BarColumns } from '#domain/bar.ts';
import { fxInstrument } from '#domain/instrument.ts';

const minuteMs = 60_000;

export interface WalkOptions {
  readonly symbol: string;
  readonly startAt: number;
  readonly bars: number;
  readonly seed: number;
  /** First close in ticks. */
  readonly from: number;
  /** Standard deviation of a step in ticks. */
  readonly step?: number;
  /** Share of minutes without a bar. */
  readonly missing?: number;
}

/** A random walk of one-minute bars with volume and without a recorded spread. */
export function randomBars(options: WalkOptions): BarColumns {
  const { symbol, startAt, bars, seed } = options;
  const random = createRandom(seed, symbol);
  const kept: number[] = [];
  const prices: [number, number, number, number][] = [];
  let close = options.from;
  for (let minute = 0; minute < bars; minute += 1) {
    const open = close;
    close = Math.max(1_000, Math.round(open + normal(random, 'step') * (options.step ?? 8)));
    const high = Math.max(open, close) + Math.floor(draw(random, 'high') * 8);
    const low = Math.min(open, close) - Math.floor(draw(random, 'low') * 8);
    if (draw(random, 'missing') < (options.missing ?? 0)) continue;
    kept.push(startAt + minute * minuteMs);
    prices.push([open, high, low, close]);
  }
  const { id, priceDecimals } = fxInstrument(symbol);
  const column = (index: 0 | 1 | 2 | 3): Float64Array => Float64Array.from(prices, (bar) => bar[index]);
  return {
    instrument: id,
    intervalMs: minuteMs,
    priceDecimals,
    priceBasis: 'bid',
    hasVolume: true,
    length: kept.length,
    openAt: Float64Array.from(kept),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: Float64Array.from(kept, () => Math.floor(draw(random, 'volume') * 500)),
    spread: new Float64Array(kept.length),
  };
}
