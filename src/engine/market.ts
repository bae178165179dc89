import { assert } from '#base/assert.ts';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { PriceBasis } from '#domain/bar.ts';
import type { EventByType } from '#domain/events.ts';
import type { Instrument } from '#domain/instrument.ts';
import { askAround, bidAround } from '#domain/quote-around.ts';
import { scaleOf } from '#domain/scale.ts';
import { createManifoldState, type ManifoldState } from './manifold-state.ts';

/** Closed bars a market remembers, newest last; a lookback may reach no further. */
export const BARS_REMEMBERED = 512;
const gapMs = 60 * 60_000;

/** What is known of one instrument's market. Bar prices are floats for the metrics, quotes are ticks. */
export interface Market {
  instrument: Instrument;
  hasVolume: boolean;
  priceBasis: PriceBasis;
  barCount: number;
  barsSinceGap: number;
  lastOpenAt: number;
  closedAt: number;
  arrivedAt: number;
  bidPrice: number;
  askPrice: number;
  quoteAt: number;
  /** True where the quote is laid around a bar's close with the spread of the bar or of the cost table. */
  isQuoteDerived: boolean;
  highs: Float64Array;
  lows: Float64Array;
  closes: Float64Array;
  manifold: ManifoldState;
}

export function createMarket(listed: EventByType['instrument.listed']): Market {
  return {
    instrument: listed.instrument,
    hasVolume: listed.hasVolume,
    priceBasis: listed.priceBasis,
    barCount: 0,
    barsSinceGap: 0,
    lastOpenAt: 0,
    closedAt: 0,
    arrivedAt: 0,
    bidPrice: 0,
    askPrice: 0,
    quoteAt: 0,
    isQuoteDerived: true,
    highs: new Float64Array(BARS_REMEMBERED),
    lows: new Float64Array(BARS_REMEMBERED),
    closes: new Float64Array(BARS_REMEMBERED),
    manifold: createManifoldState(),
  };
}

/** Takes in a closed bar; `spread` is in ticks. A bar that is not newer than the last is our own mistake. */
export function evolveBar(market: Market, bar: EventByType['bar.closed'], spread: number, barIntervalMs: number): void {
  assert(bar.openAt > market.lastOpenAt || market.barCount === 0, `bars of '${bar.instrument}' come in order`);
  const scale = scaleOf(market.instrument.priceDecimals);
  const slot = market.barCount % BARS_REMEMBERED;
  market.barsSinceGap = market.barCount === 0 || bar.openAt - market.lastOpenAt > gapMs ? 1 : market.barsSinceGap + 1;
  market.highs[slot] = bar.high / scale;
  market.lows[slot] = bar.low / scale;
  market.closes[slot] = bar.close / scale;
  market.barCount += 1;
  market.lastOpenAt = bar.openAt;
  market.closedAt = bar.openAt + barIntervalMs;
  market.arrivedAt = bar.at;
  if (!market.isQuoteDerived && market.quoteAt >= market.closedAt - barIntervalMs) return;
  const basis = { priceBasis: market.priceBasis, tickSize: market.instrument.tickSize };
  market.bidPrice = bidAround(basis, bar.close, spread);
  market.askPrice = askAround(basis, bar.close, spread);
  market.quoteAt = bar.at;
  market.isQuoteDerived = true;
}

export function evolveQuote(market: Market, quote: EventByType['quote.updated']): void {
  if (quote.bidPrice <= 0 || quote.askPrice < quote.bidPrice) return;
  market.bidPrice = quote.bidPrice;
  market.askPrice = quote.askPrice;
  market.quoteAt = quote.at;
  market.isQuoteDerived = false;
}

/** The close `barsAgo` bars back (0 is the newest), or undefined where it is not remembered. */
export function closeAgo(market: DeepReadonly<Market>, barsAgo: number): number | undefined {
  return ago(market, market.closes, barsAgo);
}

export function highAgo(market: DeepReadonly<Market>, barsAgo: number): number | undefined {
  return ago(market, market.highs, barsAgo);
}

export function lowAgo(market: DeepReadonly<Market>, barsAgo: number): number | undefined {
  return ago(market, market.lows, barsAgo);
}

function ago(market: DeepReadonly<Market>, column: Float64Array, barsAgo: number): number | undefined {
  if (barsAgo < 0 || barsAgo >= market.barCount || barsAgo >= BARS_REMEMBERED) return undefined;
  return column[(market.barCount - 1 - barsAgo) % BARS_REMEMBERED];
}

/** The middle of bid and ask in ticks (may be a half), or undefined while there is no price. */
export function midPrice(market: DeepReadonly<Market> | undefined): number | undefined {
  if (market === undefined || market.bidPrice <= 0) return undefined;
  return (market.bidPrice + market.askPrice) / 2;
}

/** The quote's spread in basis points of the mid, or undefined while there is no price. */
export function spreadBps(market: DeepReadonly<Market> | undefined): number | undefined {
  const mid = midPrice(market);
  if (market === undefined || mid === undefined) return undefined;
  return ((market.askPrice - market.bidPrice) / mid) * 10_000;
}
