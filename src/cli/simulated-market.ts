import { systemTime } from '#adapters/time/system-time.ts';
import { present } from '#base/assert.ts';
import type { Costs } from '#domain/costs.ts';
import { spreadTicksAt } from '#domain/costs.ts';
import { defaultCosts } from '#domain/default-costs.ts';
import { fxInstrument, type Instrument } from '#domain/instrument.ts';
import { askAround, bidAround } from '#domain/quote-around.ts';
import { scaleOf } from '#domain/scale.ts';
import type { FeedPort, MarketEvent, TimePort } from '#engine/ports.ts';
import { calendarAround } from '#runtime/desk-setup.ts';
import { dataSource } from '#runtime/market-source.ts';
import { createSyntheticFeedState, syntheticFeed } from '#sim/synthetic-feed.ts';
import { createVenueState } from '#sim/venue-state.ts';
import { quotedFeed } from '#venue-simulators/quoted-feed.ts';
import { shiftedTime } from '#venue-simulators/shifted-time.ts';
import { VenueFloor } from '#venue-simulators/venue-floor.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Bars from before the venue opens, so that clients can ask for a history. */
const pastDays = 35;
/** How long a synthetic market lasts. */
const untilDays = 400;

export interface SimulatedMarketRequest {
  readonly venue: 'oanda' | 'binance';
  /** As the venue spells them. */
  readonly symbols: readonly string[];
  readonly seed: number;
  readonly speed: number;
  /** In whole units of the account's currency. */
  readonly balance: number;
  readonly quotesPerMinute: number;
  /** A folder of recorded bars in place of the synthetic market. */
  readonly data?: string;
}

export interface SimulatedMarket {
  readonly time: TimePort;
  readonly floor: VenueFloor;
  readonly symbols: readonly string[];
  readonly warnings: readonly string[];
}

/** The venue's account currency and the decimals that it counts money with. */
const accounts = {
  oanda: { accountCurrency: 'USD', moneyDecimals: 4 },
  binance: { accountCurrency: 'USDT', moneyDecimals: 8 },
} as const;

/** A market with an account in it, on time of its own: recorded bars go on after their first 35 days, a synthetic market from now on. */
export function simulatedMarket(request: SimulatedMarketRequest): SimulatedMarket {
  const instruments = request.symbols.map((symbol) =>
    request.venue === 'oanda' ? fxInstrument(symbol) : perpetual(symbol),
  );
  const costs = request.venue === 'oanda' ? { ...defaultCosts, latencyMs: 0 } : perpetualCosts;
  const opened =
    request.data === undefined ? synthetic(request, instruments, costs) : recorded(request, costs, instruments);
  const { accountCurrency, moneyDecimals } = accounts[request.venue];
  const time = shiftedTime(systemTime, { startAt: opened.liveAt, speed: request.speed });
  const state = createVenueState({
    accountCurrency,
    moneyDecimals,
    startBalance: Math.round(request.balance * scaleOf(moneyDecimals)),
    instruments: opened.instruments,
    priceBasisOf: {},
    costs,
    calendar: opened.calendar,
    seed: request.seed,
  });
  const feed = quotedFeed(opened.bars, {
    quotesPerMinute: request.quotesPerMinute,
    quotesFromAt: Math.floor(opened.liveAt / minuteMs) * minuteMs,
  });
  const floor = new VenueFloor({ time, state, feed });
  return { time, floor, symbols: opened.instruments.map(({ symbol }) => symbol), warnings: opened.warnings };
}

interface OpenedMarket {
  readonly bars: FeedPort;
  readonly liveAt: number;
  readonly instruments: readonly Instrument[];
  readonly calendar: ReturnType<typeof calendarAround> | null;
  readonly warnings: readonly string[];
}

function synthetic(
  { venue, seed }: SimulatedMarketRequest,
  instruments: readonly Instrument[],
  costs: Costs,
): OpenedMarket {
  const liveAt = systemTime.now();
  const startAt = Math.floor((liveAt - pastDays * dayMs) / minuteMs) * minuteMs;
  const untilAt = liveAt + untilDays * dayMs;
  const calendar = venue === 'oanda' ? calendarAround(startAt, untilAt) : null;
  const state = createSyntheticFeedState({ seed, instruments, startAt, calendar, costs }, { quotes: false, untilAt });
  return { bars: syntheticFeed(state), liveAt, instruments, calendar, warnings: [] };
}

function recorded(request: SimulatedMarketRequest, costs: Costs, instruments: readonly Instrument[]): OpenedMarket {
  const { source, instruments: found, warnings } = dataSource(present(request.data, 'folder of bars'), instruments);
  const bars = withSpreads(source.feed, {
    instruments: found,
    costs,
    basisOf: new Map(source.listed.map(({ instrument, priceBasis }) => [instrument.id, priceBasis])),
  });
  const calendar = request.venue === 'oanda' ? calendarAround(source.startAt, source.untilAt) : null;
  return { bars, liveAt: source.liveAt, instruments: found, calendar, warnings };
}

/** Bars of the bid with a spread, whatever they were recorded as. */
function withSpreads(
  feed: FeedPort,
  scene: {
    readonly instruments: readonly Instrument[];
    readonly costs: Costs;
    readonly basisOf: ReadonlyMap<string, 'bid' | 'mid'>;
  },
): FeedPort {
  const byId = new Map(scene.instruments.map((instrument) => [instrument.id, instrument]));
  const asBid = (event: MarketEvent): MarketEvent => {
    const instrument = byId.get(event.instrument);
    if (event.type !== 'bar.closed' || instrument === undefined) return event;
    const spread = event.spread > 0 ? event.spread : spreadTicksAt(scene.costs, instrument, event.openAt);
    const basis = { priceBasis: scene.basisOf.get(event.instrument) ?? 'bid', tickSize: instrument.tickSize };
    const bid = (price: number): number => bidAround(basis, price, spread);
    return {
      ...event,
      open: bid(event.open),
      high: bid(event.high),
      low: bid(event.low),
      close: bid(event.close),
      spread: askAround(basis, event.close, spread) - bid(event.close),
    };
  };
  return mapped(feed, asBid);
}

function mapped(feed: FeedPort, map: (event: MarketEvent) => MarketEvent): FeedPort {
  return {
    peekAt: () => feed.peekAt(),
    next: () => {
      const event = feed.next();
      return event === undefined ? undefined : map(event);
    },
  };
}

/** The usual commission of a taker; the touch is one tick wide. */
const perpetualCosts: Costs = {
  instruments: {},
  otherwise: { spreadPips: [1], slippagePips: 0, commissionPerMillion: 400 },
  financingRates: {},
  financingMarkup: 0,
  latencyMs: 0,
  closeOutFraction: 0.5,
};

/** Decimals of price and quantity as the venue lists the coin, and for others as it lists what costs about one. */
const decimalsByCoin: Readonly<Record<string, readonly [price: number, quantity: number]>> = {
  BTC: [1, 3],
  ETH: [2, 3],
  BNB: [2, 2],
  SOL: [2, 2],
};

function perpetual(symbol: string): Instrument {
  const baseCurrency = symbol.slice(0, -'USDT'.length);
  const [priceDecimals, quantityDecimals] = decimalsByCoin[baseCurrency] ?? [4, 1];
  return {
    id: `${symbol}-PERP.BINANCE`,
    symbol,
    venue: 'BINANCE',
    kind: 'perpetual',
    baseCurrency,
    quoteCurrency: 'USDT',
    priceDecimals,
    quantityDecimals,
    tickSize: 1,
    lotSize: 1,
    minimumQuantity: 1,
    maximumQuantity: 1_000 * scaleOf(quantityDecimals),
    pipDecimals: priceDecimals,
    contractSize: 1,
    marginRate: 0.1,
  };
}
