import type { EventByType } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { toDecimal } from '#domain/scale.ts';
import type { KeptMarket, KeysState } from './keys-state.ts';

/** Minutes of candles kept: 90 days. */
const candlesKept = 129_600;
/** Bars from a window's stamp to its end, both included: the stamp is the second of its 129 candles. */
export const BARS_OF_STAMP = 128;

/** Writes a closed candle; its minute keeps one member whatever was written before (FX desk specification b.2). */
export function writeCandle(
  market: KeptMarket,
  bar: EventByType['bar.closed'],
  change: (change: KeyChange) => void,
): void {
  const { symbol, priceDecimals } = market.instrument;
  const price = (ticks: number): number => toDecimal(ticks, priceDecimals);
  const { openAt: t, open, high, low, close, volume: v } = bar;
  change({
    type: 'add',
    key: `md:candles:${symbol}:M1`,
    score: t,
    member: JSON.stringify({ t, o: price(open), h: price(high), l: price(low), c: price(close), v }),
    replacesScore: true,
    keep: candlesKept,
    ttlMs: null,
  });
}

/** The market of a bar that is newer than those before it; an older one changes nothing, since the desk did not take it in either. */
export function marketOfBar(
  state: KeysState,
  { instrument, openAt }: EventByType['bar.closed'],
): KeptMarket | undefined {
  const market = state.markets[instrument];
  return market === undefined || openAt <= (market.openAts.at(-1) ?? -Infinity) ? undefined : market;
}

/** Remembers a bar for the stamps of windows to come. */
export function rememberBar(market: KeptMarket, bar: EventByType['bar.closed']): void {
  market.openAts.push(bar.openAt);
  market.closes.push(bar.close);
  if (market.openAts.length <= BARS_OF_STAMP) return;
  market.openAts.shift();
  market.closes.shift();
}
