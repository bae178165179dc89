import { assert, present } from '#base/assert.ts';
import { createRandom, draw, normal, type Random } from '#base/random.ts';
import type { Bar } from '#domain/bar.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import { type Costs, spreadTicksAt } from '#domain/costs.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { scaleOf } from '#domain/scale.ts';
import {
  beginMinute,
  type CurrencyPath,
  createCurrencyPath,
  gapCurrency,
  numeraire,
  stepCurrency,
  stepsPerMinute,
} from './synthetic-currency.ts';
import { marketActivity, nextOpenMinute } from './synthetic-hours.ts';
import { regimeTraits } from './synthetic-regime.ts';

export const minuteMs = 60_000;
const stepMs = minuteMs / stepsPerMinute;
/** A pause longer than this is a weekend or a holiday, and the market opens with a gap. */
const gapPauseMs = 6 * 3_600_000;
const meanVolume = 60;

export interface SyntheticMarketRequest {
  readonly seed: number;
  readonly instruments: readonly Instrument[];
  readonly startAt: number;
  /** Null for a market that never closes. */
  readonly calendar: CalendarDocument | null;
  /** Spreads come from this table, wider while a currency of the instrument is in rupture. */
  readonly costs: Costs;
}

/** One instrument of the market, with the hidden paths of its two currencies. */
interface Listing {
  readonly instrument: Instrument;
  readonly base: CurrencyPath;
  readonly quote: CurrencyPath;
  readonly random: Random;
}

/**
 * A seeded market of many currencies as plain data: every currency has one hidden value, so crosses agree with each other up to their
 * rounding to ticks. Its edge is planted, in the drift of trending regimes; it proves plumbing, never profit.
 */
export interface SyntheticMarket {
  readonly calendar: CalendarDocument | null;
  readonly costs: Costs;
  readonly common: Random;
  /** In ascending order of currency, the numeraire left out. */
  readonly paths: readonly CurrencyPath[];
  /** In ascending order of instrument id. */
  readonly listings: readonly Listing[];
  nextAt: number;
}

export interface SyntheticQuote {
  readonly at: number;
  readonly instrument: InstrumentId;
  readonly bidPrice: number;
  readonly askPrice: number;
}

/** What one minute brings: a bar of bid prices for each instrument by id, and its quotes every ten seconds by time, then by id. */
export interface MinuteOfMarket {
  readonly openAt: number;
  readonly bars: readonly Bar[];
  readonly quotes: readonly SyntheticQuote[];
}

export function createSyntheticMarket(request: SyntheticMarketRequest): SyntheticMarket {
  const { seed, calendar, costs } = request;
  const instruments = request.instruments.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const currencies = new Set(instruments.flatMap((instrument) => [instrument.baseCurrency, instrument.quoteCurrency]));
  const pathOf = new Map([...currencies].sort().map((currency) => [currency, createCurrencyPath(currency, seed)]));
  const path = (currency: string): CurrencyPath => present(pathOf.get(currency), `path of '${currency}'`);
  const listings = instruments.map((instrument) => ({
    instrument,
    base: path(instrument.baseCurrency),
    quote: path(instrument.quoteCurrency),
    random: createRandom(seed, `instrument ${instrument.id}`),
  }));
  const paths = [...pathOf.values()].filter(({ currency }) => currency !== numeraire);
  return { calendar, costs, common: createRandom(seed, 'common'), paths, listings, nextAt: request.startAt };
}

/**
 * The next minute in which the market is open; a weekend is passed over in one call. Undefined once the calendar knows of none.
 * Bars open at the last price, unless the spread changed or a weekend lies between.
 */
export function nextMinute(market: SyntheticMarket): MinuteOfMarket | undefined {
  const openAt = nextOpenMinute(market.calendar, market.nextAt);
  if (openAt === undefined) return undefined;
  if (openAt - market.nextAt > gapPauseMs) for (const path of market.paths) gapCurrency(path);
  market.nextAt = openAt + minuteMs;
  const activity = marketActivity(market.calendar, openAt);
  for (const path of market.paths) beginMinute(path);
  const sketches = market.listings.map((listing) => sketchBar(market, listing, openAt));
  const quotes: SyntheticQuote[] = [];
  for (let step = 1; step <= stepsPerMinute; step += 1) {
    const common = normal(market.common, 'common step');
    for (const path of market.paths) stepCurrency(path, common, activity);
    for (const sketch of sketches) quotes.push(takeStep(sketch, openAt + step * stepMs));
  }
  return { openAt, bars: sketches.map((sketch) => finishBar(sketch, openAt, activity)), quotes };
}

/** The hidden mid in ticks, unrounded; for those who prove something about the market, never for those who trade in it. */
export function hiddenMid(listing: Pick<Listing, 'instrument' | 'base' | 'quote'>): number {
  return Math.exp(listing.base.logRate - listing.quote.logRate) * scaleOf(listing.instrument.priceDecimals);
}

/** A bar while it is made. */
interface BarSketch {
  readonly listing: Listing;
  readonly spread: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
}

function sketchBar(market: SyntheticMarket, listing: Listing, openAt: number): BarSketch {
  const { tickSize } = listing.instrument;
  const factor = Math.max(spreadFactor(listing.base), spreadFactor(listing.quote));
  const wanted = spreadTicksAt(market.costs, listing.instrument, openAt) * factor;
  const spread = Math.max(1, Math.ceil(wanted / tickSize)) * tickSize;
  const open = bidPrice(listing, spread);
  return { listing, spread, open, high: open, low: open, close: open };
}

/** The bid half a spread below the hidden mid, on a tick; rounding moves it by half a tick at most. */
function bidPrice(listing: Listing, spread: number): number {
  const { tickSize, id } = listing.instrument;
  const bid = Math.round((hiddenMid(listing) - spread / 2) / tickSize) * tickSize;
  assert(bid > 0, `the price of '${id}' has too few decimals for its size`);
  return bid;
}

function takeStep(sketch: BarSketch, at: number): SyntheticQuote {
  const bid = bidPrice(sketch.listing, sketch.spread);
  sketch.high = Math.max(sketch.high, bid);
  sketch.low = Math.min(sketch.low, bid);
  sketch.close = bid;
  return { at, instrument: sketch.listing.instrument.id, bidPrice: bid, askPrice: bid + sketch.spread };
}

/** Volume counts price changes, as a venue without a central book does: more of them when the market is fast. */
function finishBar(sketch: BarSketch, openAt: number, activity: number): Bar {
  const { listing, open, high, low, close, spread } = sketch;
  const pace = Math.max(pathPace(listing.base), pathPace(listing.quote));
  const volume = 1 + Math.floor(2 * meanVolume * activity * pace * draw(listing.random, 'volume'));
  return { instrument: listing.instrument.id, openAt, open, high, low, close, volume, spread };
}

/** The numeraire never moves, so its regime says nothing. */
function spreadFactor(path: CurrencyPath): number {
  return path.currency === numeraire ? 1 : regimeTraits[path.regime.name].spreadFactor;
}

function pathPace(path: CurrencyPath): number {
  return path.currency === numeraire ? 0 : regimeTraits[path.regime.name].volatility;
}
