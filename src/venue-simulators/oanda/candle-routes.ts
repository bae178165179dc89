import type { Bar } from '#domain/bar.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { VenueFloor } from '../venue-floor.ts';
import type { AccountPlight } from './account-plight.ts';
import {
  type Alignment,
  type CandleSpan,
  granularityMs,
  isWeekday,
  isZone,
  spanOf,
  usualAlignment,
} from './candle-spans.ts';
import { type Exchange, failed, ok, type RouteAnswer } from './exchange.ts';
import { type CandleBody, spoiltCandles } from './spoilt-candles.ts';
import { instantText, parseInstant, priceText } from './wire-text.ts';

/** How many candles one answer has at most, and how many where the client does not say. */
const CANDLES_MAX = 5_000;
const countUsual = 500;
/** How far back is looked at most for a number of candles: a weekend and more may lie between them. */
const lookBackFactor = 3;
const lookBackMs = 5 * 86_400_000;

export interface CandleScene {
  readonly floor: VenueFloor;
  readonly plight: AccountPlight;
  readonly now: number;
  instrumentOf(symbol: string): Instrument | undefined;
}

interface CandleQuestion {
  readonly instrument: Instrument;
  readonly granularity: string;
  readonly lengthMs: number;
  readonly prices: string;
  readonly alignment: Alignment;
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
  readonly count: number | undefined;
  readonly isFirstIncluded: boolean;
}

/** GET candles. What was not traded is absent; the candle that goes on is the last one and not complete. */
export function getCandles(exchange: Exchange, scene: CandleScene): RouteAnswer {
  const question = readQuestion(exchange, scene);
  if (typeof question === 'string') return failed(400, question);
  const candles = candlesOf(question, scene);
  return ok({
    instrument: question.instrument.symbol,
    granularity: question.granularity,
    candles: spoiltCandles(candles, scene.plight, question.lengthMs),
  });
}

function readQuestion({ parameters, query }: Exchange, scene: CandleScene): CandleQuestion | string {
  const instrument = scene.instrumentOf(parameters[0] ?? '');
  if (instrument === undefined) return "Invalid value specified for 'instrument'";
  const granularity = query.get('granularity') ?? 'S5';
  const lengthMs = granularityMs(granularity);
  if (lengthMs === undefined) return "Invalid value specified for 'granularity'";
  const prices = query.get('price') ?? 'M';
  if (!/^[MBA]{1,3}$/.test(prices)) return "Invalid value specified for 'price'";
  const alignment = readAlignment(query);
  if (typeof alignment === 'string') return alignment;
  const span = readSpan(query, scene.now, lengthMs);
  if (typeof span === 'string') return span;
  const isFirstIncluded = query.get('includeFirst')?.toLowerCase() !== 'false';
  return { instrument, granularity, lengthMs, prices, alignment, isFirstIncluded, ...span };
}

function readAlignment(query: ReadonlyMap<string, string>): Alignment | string {
  const dailyHour = Number(query.get('dailyAlignment') ?? usualAlignment.dailyHour);
  if (!(Number.isInteger(dailyHour) && dailyHour >= 0 && dailyHour <= 23))
    return "Invalid value specified for 'dailyAlignment'";
  const zone = query.get('alignmentTimezone') ?? usualAlignment.zone;
  if (!isZone(zone)) return "Invalid value specified for 'alignmentTimezone'";
  const weekday = query.get('weeklyAlignment') ?? usualAlignment.weekday;
  if (!isWeekday(weekday)) return "Invalid value specified for 'weeklyAlignment'";
  return { dailyHour, zone, weekday };
}

function readSpan(
  query: ReadonlyMap<string, string>,
  now: number,
  lengthMs: number,
): Pick<CandleQuestion, 'fromAt' | 'toAt' | 'count'> | string {
  const fromAt = instantOf(query.get('from'));
  const toAt = instantOf(query.get('to'));
  if (Number.isNaN(fromAt)) return "Invalid value specified for 'from'";
  if (Number.isNaN(toAt)) return "Invalid value specified for 'to'";
  if (fromAt !== undefined && fromAt > now) return "Invalid value specified for 'from'. Time is in the future";
  if (toAt !== undefined && toAt > now) return "Invalid value specified for 'to'. Time is in the future";
  const countText = query.get('count');
  if (countText !== undefined && !/^\d+$/.test(countText)) return "Invalid value specified for 'count'";
  const count = countText === undefined ? undefined : Number(countText);
  if (count === 0) return "Invalid value specified for 'count'";
  if (count !== undefined && count > CANDLES_MAX) return "Maximum value for 'count' exceeded";
  if (fromAt === undefined || toAt === undefined) return { fromAt, toAt, count: count ?? countUsual };
  if (count !== undefined) return "'count' cannot be specified when both 'to' and 'from' are set";
  if (toAt < fromAt) return "Invalid value specified for 'to'. It is before 'from'";
  if ((toAt - fromAt) / lengthMs > CANDLES_MAX) return "Maximum value for 'count' exceeded";
  return { fromAt, toAt, count: undefined };
}

/** Undefined where nothing was told, not a number where it is no instant. */
function instantOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (parseInstant(text) ?? Number.NaN);
}

function candlesOf(question: CandleQuestion, { floor, now }: CandleScene): CandleBody[] {
  const { instrument, granularity, alignment, count, lengthMs, fromAt, toAt, isFirstIncluded } = question;
  const reachMs = (count ?? 0) * lengthMs * lookBackFactor + lookBackMs;
  const lastAt = toAt ?? (fromAt === undefined ? now : Math.min(now, fromAt + reachMs));
  const first = spanOf(granularity, Math.max(0, fromAt ?? lastAt - reachMs), alignment);
  // A candle that begins before the end is told whole.
  const untilAt = spanOf(granularity, lastAt - 1, alignment).endAt;
  const bars: Bar[] = [...floor.history(instrument.id, first.startAt, untilAt)];
  const open = floor.openBar(instrument.id);
  if (open !== undefined && open.openAt >= first.startAt && open.openAt < untilAt) bars.push(open);
  const isLeftOut = fromAt !== undefined && !isFirstIncluded;
  const candles = gathered(bars, question, { now, openAt: open?.openAt })
    .filter(({ at }) => !isLeftOut || at > first.startAt)
    .map(({ body }) => body);
  if (count === undefined) return candles;
  return fromAt === undefined ? candles.slice(-count) : candles.slice(0, count);
}

interface Gathering {
  readonly span: CandleSpan;
  readonly bars: Bar[];
}

function gathered(
  bars: readonly Bar[],
  question: CandleQuestion,
  moment: { now: number; openAt: number | undefined },
): { at: number; body: CandleBody }[] {
  const gatherings: Gathering[] = [];
  for (const bar of bars) {
    const last = gatherings.at(-1);
    if (last !== undefined && bar.openAt < last.span.endAt) last.bars.push(bar);
    else gatherings.push({ span: spanOf(question.granularity, bar.openAt, question.alignment), bars: [bar] });
  }
  return gatherings.map(({ span, bars: parts }) => ({
    at: span.startAt,
    body: {
      complete: span.endAt <= moment.now && (parts.at(-1)?.openAt ?? 0) !== moment.openAt,
      volume: parts.reduce((sum, { volume }) => sum + volume, 0),
      time: instantText(span.startAt),
      ...sidesOf(parts, question),
    },
  }));
}

/** The bid is what bars are of; the others lie a spread and half a spread above, each bar with its own. */
function sidesOf(bars: readonly Bar[], { instrument, prices }: CandleQuestion): Record<string, unknown> {
  const side = (shift: (bar: Bar) => number): Record<string, string> => {
    let high = -Infinity;
    let low = Infinity;
    for (const bar of bars) {
      high = Math.max(high, bar.high + shift(bar));
      low = Math.min(low, bar.low + shift(bar));
    }
    const [first] = bars;
    const last = bars.at(-1);
    const open = first === undefined ? 0 : first.open + shift(first);
    const close = last === undefined ? 0 : last.close + shift(last);
    const text = (price: number): string => priceText(instrument, price);
    return { o: text(open), h: text(high), l: text(low), c: text(close) };
  };
  return {
    ...(prices.includes('B') ? { bid: side(() => 0) } : {}),
    ...(prices.includes('M') ? { mid: side((bar) => Math.round(bar.spread / 2)) } : {}),
    ...(prices.includes('A') ? { ask: side((bar) => bar.spread) } : {}),
  };
}
