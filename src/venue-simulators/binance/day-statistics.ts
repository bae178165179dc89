import { scaleOf } from '#domain/scale.ts';
import { touchOf } from './mark-price.ts';
import { type Market, priceText, quantityText } from './markets.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** What a market did in the last day. Prices are in ticks. */
interface DayStatistics {
  readonly openAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly last: number;
  readonly volume: number;
  readonly quoteVolume: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** The day of a market for whoever asks over HTTP. */
export function dayReport(world: World, market: Market): WireJson {
  const day = dayOf(world, market);
  const change = day.last - day.open;
  return {
    symbol: market.symbol,
    priceChange: priceText(market, change),
    priceChangePercent: percent(change, day.open),
    weightedAvgPrice: averageText(market, day),
    lastPrice: priceText(market, day.last),
    lastQty: quantityText(market, market.instrument.minimumQuantity),
    openPrice: priceText(market, day.open),
    highPrice: priceText(market, day.high),
    lowPrice: priceText(market, day.low),
    volume: day.volume.toFixed(market.instrument.quantityDecimals),
    quoteVolume: day.quoteVolume.toFixed(2),
    openTime: day.openAt,
    closeTime: serverNow(world),
    firstId: 1,
    lastId: market.updateId,
    count: Math.ceil(day.volume),
  };
}

/** The day of a market for streams, in full or in short. */
export function dayEvent(world: World, market: Market, isShort: boolean): WireJson {
  const day = dayOf(world, market);
  const now = serverNow(world);
  const prices = {
    c: priceText(market, day.last),
    o: priceText(market, day.open),
    h: priceText(market, day.high),
    l: priceText(market, day.low),
    v: day.volume.toFixed(market.instrument.quantityDecimals),
    q: day.quoteVolume.toFixed(2),
  };
  if (isShort) return { e: '24hrMiniTicker', E: now, s: market.symbol, ...prices, st: 1 };
  return {
    e: '24hrTicker',
    E: now,
    s: market.symbol,
    p: priceText(market, day.last - day.open),
    P: percent(day.last - day.open, day.open),
    w: averageText(market, day),
    Q: quantityText(market, market.instrument.minimumQuantity),
    ...prices,
    O: day.openAt,
    C: now,
    F: 1,
    L: market.updateId,
    n: Math.ceil(day.volume),
    st: 1,
  };
}

/** The day is counted anew once a minute: only the last price moves in between. */
const counted = new WeakMap<Market, { minute: number; day: DayStatistics }>();

function dayOf(world: World, market: Market): DayStatistics {
  const now = world.time.now();
  const minute = Math.floor(now / minuteMs);
  const known = counted.get(market);
  const last = touchOf(world, market)?.bid ?? 0;
  if (known?.minute === minute) return { ...known.day, last };
  const day = countDay(world, market, now, last);
  counted.set(market, { minute, day });
  return day;
}

function countDay(world: World, market: Market, now: number, last: number): DayStatistics {
  const bars = world.floor.history(market.instrumentId, now - dayMs, now);
  const scale = scaleOf(market.instrument.priceDecimals);
  let [high, low, volume, quoteVolume] = [last, last, 0, 0];
  for (const bar of bars) {
    high = Math.max(high, bar.high);
    low = Math.min(low, bar.low);
    volume += bar.volume;
    quoteVolume += (bar.volume * bar.close) / scale;
  }
  return { openAt: bars[0]?.openAt ?? now, open: bars[0]?.open ?? last, high, low, last, volume, quoteVolume };
}

function percent(change: number, open: number): string {
  return (open === 0 ? 0 : (change / open) * 100).toFixed(3);
}

function averageText(market: Market, { volume, quoteVolume, last }: DayStatistics): string {
  const { priceDecimals } = market.instrument;
  return volume === 0 ? priceText(market, last) : (quoteVolume / volume).toFixed(priceDecimals);
}
