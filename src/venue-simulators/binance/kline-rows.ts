import type { Bar } from '#domain/bar.ts';
import { scaleOf } from '#domain/scale.ts';
import { type Market, priceText } from './markets.ts';
import type { WireJson } from './wire-json.ts';
import type { World } from './world.ts';

/** One bar of whatever interval, from its open up to before its end. */
export interface Kline extends Pick<Bar, 'open' | 'high' | 'low' | 'close' | 'volume'> {
  readonly openAt: number;
  readonly endAt: number;
}

/** How many bars one question may ask for. */
export const KLINES_MAX = 1_500;
const klinesDefault = 500;
const minuteMs = 60_000;
const dayMs = 86_400_000;
/** 1970-01-05 was a Monday. */
const firstMondayAt = 4 * dayMs;

const intervalMs: Readonly<Record<string, number>> = {
  '1m': minuteMs,
  '3m': 3 * minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  '1h': 60 * minuteMs,
  '2h': 120 * minuteMs,
  '4h': 240 * minuteMs,
  '6h': 360 * minuteMs,
  '8h': 480 * minuteMs,
  '12h': 720 * minuteMs,
  '1d': dayMs,
  '3d': 3 * dayMs,
  '1w': 7 * dayMs,
};

export function isInterval(interval: string): boolean {
  return interval === '1M' || intervalMs[interval] !== undefined;
}

/** The bar of an interval that an instant lies in: weeks begin on Monday, months on their first day. */
export function intervalAround(interval: string, at: number): { openAt: number; endAt: number } {
  if (interval === '1M') {
    const date = new Date(at);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return { openAt: Date.UTC(year, month, 1), endAt: Date.UTC(year, month + 1, 1) };
  }
  const ms = intervalMs[interval] ?? minuteMs;
  const originAt = interval === '1w' ? firstMondayAt : 0;
  const openAt = Math.floor((at - originAt) / ms) * ms + originAt;
  return { openAt, endAt: openAt + ms };
}

/** The bar around an instant as far as the market has made it; undefined where nothing is known of it. */
export function klineAround(world: World, market: Market, interval: string, at: number): Kline | undefined {
  const span = intervalAround(interval, at);
  const bars = [...world.floor.history(market.instrumentId, span.openAt, span.endAt)];
  const running = world.floor.openBar(market.instrumentId);
  if (running !== undefined && running.openAt >= span.openAt && running.openAt < span.endAt) bars.push(running);
  return merge(bars, span);
}

export interface KlineQuestion {
  readonly interval: string;
  readonly startAt: number | undefined;
  readonly endAt: number | undefined;
  readonly limit: number | undefined;
}

/** Bars in ascending order, the running one last: from the start where one is given, else the latest before the end. */
export function klines(world: World, market: Market, question: KlineQuestion): Kline[] {
  const now = world.time.now();
  const limit = Math.min(KLINES_MAX, question.limit ?? klinesDefault);
  const untilAt = Math.min(question.endAt ?? Infinity, now) + 1;
  const openAts = question.startAt === undefined ? latest(question.interval, untilAt, limit) : undefined;
  const fromAt = openAts ?? question.startAt ?? 0;
  const found = group(barsBetween(world, market, fromAt, untilAt), question.interval);
  const opened = found.filter(({ openAt }) => openAt >= fromAt && openAt < untilAt);
  return question.startAt === undefined ? opened.slice(-limit) : opened.slice(0, limit);
}

/** The twelve positions of a row. */
export function klineRow(market: Market, kline: Kline): WireJson {
  const { volume, quoteVolume, trades } = volumes(market, kline);
  return [
    kline.openAt,
    priceText(market, kline.open),
    priceText(market, kline.high),
    priceText(market, kline.low),
    priceText(market, kline.close),
    volume,
    kline.endAt - 1,
    quoteVolume,
    trades,
    halfOf(volume),
    halfOf(quoteVolume),
    '0',
  ];
}

/** The message of the stream. Only the last one of a bar says that it is closed. */
export function klineEvent(
  market: Market,
  kline: Kline,
  terms: { interval: string; isClosed: boolean; now: number; isContinuous: boolean },
): WireJson {
  const { volume, quoteVolume, trades } = volumes(market, kline);
  const names = terms.isContinuous
    ? { e: 'continuous_kline', E: terms.now, ps: market.symbol, ct: 'PERPETUAL' }
    : { e: 'kline', E: terms.now, s: market.symbol };
  return {
    ...names,
    k: {
      t: kline.openAt,
      T: kline.endAt - 1,
      ...(terms.isContinuous ? {} : { s: market.symbol }),
      i: terms.interval,
      f: kline.openAt,
      L: kline.openAt + trades,
      o: priceText(market, kline.open),
      c: priceText(market, kline.close),
      h: priceText(market, kline.high),
      l: priceText(market, kline.low),
      v: volume,
      n: trades,
      x: terms.isClosed,
      q: quoteVolume,
      V: halfOf(volume),
      Q: halfOf(quoteVolume),
      B: '0',
    },
    st: 1,
  };
}

/** The start of the earliest of the latest bars that fit a limit. */
function latest(interval: string, untilAt: number, limit: number): number {
  const span = intervalAround(interval, untilAt - 1);
  return span.openAt - (limit - 1) * (interval === '1M' ? 31 * dayMs : (intervalMs[interval] ?? minuteMs));
}

/** Closed bars and the running one; where nothing was quoted in the running minute it stands at the last price. */
function barsBetween(world: World, market: Market, fromAt: number, untilAt: number): Bar[] {
  const bars = [...world.floor.history(market.instrumentId, fromAt, untilAt)];
  const openAt = Math.floor(world.time.now() / minuteMs) * minuteMs;
  const last = bars.at(-1) ?? world.floor.history(market.instrumentId, fromAt - dayMs, fromAt).at(-1);
  const running = world.floor.openBar(market.instrumentId) ?? standing(last, openAt);
  const isWanted = running !== undefined && running.openAt >= fromAt && running.openAt < untilAt;
  if (isWanted && running.openAt > (bars.at(-1)?.openAt ?? -1)) bars.push(running);
  return bars;
}

function standing(last: Bar | undefined, openAt: number): Bar | undefined {
  if (last === undefined) return undefined;
  const { close } = last;
  return { ...last, openAt, open: close, high: close, low: close, volume: 0 };
}

function group(bars: readonly Bar[], interval: string): Kline[] {
  const rows: Kline[] = [];
  for (const bar of bars) {
    const last = rows.at(-1);
    if (last === undefined || bar.openAt >= last.endAt) rows.push({ ...bar, ...intervalAround(interval, bar.openAt) });
    else rows[rows.length - 1] = join(last, bar);
  }
  return rows;
}

function merge(bars: readonly Bar[], span: { openAt: number; endAt: number }): Kline | undefined {
  let row: Kline | undefined;
  for (const bar of bars) row = row === undefined ? { ...bar, ...span } : join(row, bar);
  return row;
}

function join(row: Kline, bar: Bar): Kline {
  return {
    ...row,
    high: Math.max(row.high, bar.high),
    low: Math.min(row.low, bar.low),
    close: bar.close,
    volume: row.volume + bar.volume,
  };
}

function volumes({ instrument }: Market, kline: Kline): { volume: string; quoteVolume: string; trades: number } {
  const price = kline.close / scaleOf(instrument.priceDecimals);
  return {
    volume: kline.volume.toFixed(instrument.quantityDecimals),
    quoteVolume: (kline.volume * price).toFixed(instrument.priceDecimals),
    trades: Math.ceil(kline.volume),
  };
}

function halfOf(text: string): string {
  const decimals = text.split('.')[1]?.length ?? 0;
  return (Number(text) / 2).toFixed(decimals);
}
