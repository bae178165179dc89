import type { CalendarDocument } from '#domain/calendar.ts';
import type { Costs } from '#domain/costs.ts';
import type { Instrument } from '#domain/instrument.ts';
import { scaleOf } from '#domain/scale.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import type { FeedPort, TimePort } from '#engine/ports.ts';
import { createSyntheticFeedState, syntheticFeed } from '#sim/synthetic-feed.ts';
import { createVenueState } from '#sim/venue-state.ts';
import { quotedFeed } from '#venue-simulators/quoted-feed.ts';
import { VenueFloor } from '#venue-simulators/venue-floor.ts';
import type { HandClock } from './hand-clock.ts';
import type { LiveVenueScene } from './live-venue-scene.ts';

export interface WireFloorOptions {
  readonly time: TimePort;
  readonly instruments: readonly Instrument[];
  readonly accountCurrency: string;
  readonly moneyDecimals: number;
  /** In whole units of the account currency. */
  readonly balance: number;
  readonly calendar: CalendarDocument | null;
  readonly costs: Costs;
  readonly seed: number;
  /** How much past the market has when the scene begins. */
  readonly historyMs: number;
  readonly untilAt: number;
  readonly quotesPerMinute: number;
  readonly fillQuantityMax?: number;
  /** Bars of one minute that the market is made of, of bid prices; those of the seed where there are none. */
  readonly bars?: FeedPort;
}

/** A floor with a market, started: its past is there and its present goes on by the clock. */
export function startWireFloor(options: WireFloorOptions): VenueFloor {
  const { time, instruments, calendar, seed, moneyDecimals } = options;
  const costs = { ...options.costs, latencyMs: 0 };
  const now = time.now();
  const bars = options.bars ?? seededBars(options, costs);
  const floor = new VenueFloor({
    time,
    feed: quotedFeed(bars, {
      quotesPerMinute: options.quotesPerMinute,
      quotesFromAt: Math.floor(now / 60_000) * 60_000,
      spreadOf: ({ instrument }) => (instrument.endsWith('.OANDA') ? 10 : 2),
    }),
    state: createVenueState({
      accountCurrency: options.accountCurrency,
      moneyDecimals,
      startBalance: options.balance * scaleOf(moneyDecimals),
      instruments,
      priceBasisOf: {},
      costs,
      calendar,
      seed,
      fillQuantityMax: options.fillQuantityMax ?? null,
    }),
  });
  floor.start();
  return floor;
}

function seededBars(options: WireFloorOptions, costs: Costs): FeedPort {
  const { time, seed, instruments, calendar, historyMs, untilAt } = options;
  const startAt = time.now() - historyMs;
  return syntheticFeed(
    createSyntheticFeedState({ seed, instruments, startAt, calendar, costs }, { quotes: false, untilAt }),
  );
}

/** A scene of the venue suite over a floor: quotes, ledger and other hands are the floor's own. */
export function sceneOver(
  floor: VenueFloor,
  parts: {
    readonly port: LiveVenuePort;
    readonly clock: HandClock;
    readonly symbols: readonly string[];
    /** Working orders that the floor does not know, such as a venue's conditional ones. */
    readonly otherOrders?: () => number;
    tradeByOtherHands(instrument: string, signedQuantity: number): void;
    close(): void;
  },
): LiveVenueScene {
  const { port, clock, symbols, otherOrders = () => 0 } = parts;
  const book = (instrument: string): { bidPrice: number; askPrice: number } => {
    const found = floor.book(instrument);
    if (found === undefined) throw new Error(`'${instrument}' is not on the floor`);
    return found;
  };
  return {
    port,
    clock,
    symbols,
    quote: (instrument) => ({ bidPrice: book(instrument).bidPrice, askPrice: book(instrument).askPrice }),
    gap: (instrument, ticks) => floor.gap(instrument, ticks),
    ledger: () => {
      floor.settle();
      const { balance, positions, openOrders } = floor.ledger();
      return { balance, positions, openOrders: openOrders.length + otherOrders() };
    },
    tradeByOtherHands: (instrument, signedQuantity) => parts.tradeByOtherHands(instrument, signedQuantity),
    close: async () => {
      await port.close();
      parts.close();
      floor.stop();
    },
  };
}
