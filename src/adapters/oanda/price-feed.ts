import type { Instrument } from '#domain/instrument.ts';
import { isAbsurdMove, isAbsurdSpread, readPrice, type VenueQuote } from './mapper-quotes.ts';
import type { OandaContext } from './oanda-context.ts';
import { parseVenueTime } from './oanda-time.ts';
import { heartbeatSchema, priceSchema } from './schema.ts';
import { quarantined } from './transaction-reading.ts';

/** An instrument without a good price for so long in an open market cannot be traded on. */
const staleMs = 60_000;
const lookMs = 5_000;
/** So many doubted quotes that agree with each other are a market that moved. */
const agreeingQuotesMin = 5;
/** A price older than this is the venue's memory, not its market. */
const oldMs = 60_000;

export interface PriceFeedOptions {
  readonly context: OandaContext;
  readonly instruments: readonly Instrument[];
  /** Whether prices can be expected at an instant. */
  readonly isOpen: (at: number) => boolean;
}

interface PriceState {
  readonly instrument: Instrument;
  /** When a good price arrived last, on the clock that only goes forward. */
  heardAt: number;
  last: VenueQuote | undefined;
  doubted: VenueQuote | undefined;
  doubtedCount: number;
  isClosed: boolean;
  /** Reasons for which a price was put aside since the last good one. */
  readonly toldReasons: Set<string>;
}

/**
 * Turns the lines of the pricing stream into quotes. What is no market is put aside, once for each reason until a good price comes, and never
 * told as a quote. Heartbeats show that the stream is alive and nothing about prices.
 */
export class PriceFeed {
  readonly #options: PriceFeedOptions;
  readonly #stateBySymbol: ReadonlyMap<string, PriceState>;
  #isMalformedTold = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: PriceFeedOptions) {
    const { context, instruments } = options;
    this.#options = options;
    this.#stateBySymbol = new Map(
      instruments.map((instrument): [string, PriceState] => [
        instrument.symbol,
        {
          instrument,
          heardAt: context.time.monotonic(),
          last: undefined,
          doubted: undefined,
          doubtedCount: 0,
          isClosed: false,
          toldReasons: new Set(),
        },
      ]),
    );
  }

  open(): void {
    this.#cancelTimer = this.#options.context.time.after(lookMs, () => this.#look());
  }

  close(): void {
    this.#cancelTimer?.();
  }

  onDown(reason: string): void {
    this.#options.context.health.impair('prices', null, reason);
  }

  onValue(value: unknown): void {
    if (heartbeatSchema.safeParse(value).success) return;
    const { reading, tell, health } = this.#options.context;
    const parsed = priceSchema.safeParse(value);
    if (!parsed.success) {
      if (!this.#isMalformedTold) tell(quarantined('MALFORMED_PRICE', value, reading, 'prices'));
      this.#isMalformedTold = true;
      return;
    }
    const state = this.#stateBySymbol.get(parsed.data.instrument);
    if (state === undefined) return;
    this.#isMalformedTold = false;
    health.restore('prices', null);
    const read = readPrice(parsed.data, state.instrument);
    switch (read.type) {
      case 'quote':
        this.#takeQuote(state, read.quote, value);
        break;
      case 'bad':
        this.#putAside(state, read.reason, value);
        break;
      case 'closed':
        this.#shut(state, read.status, parseVenueTime(parsed.data.time));
    }
  }

  /** Quotes of the past come at the start and where the network turned them round; the newest stays in force. */
  #takeQuote(state: PriceState, quote: VenueQuote, value: unknown): void {
    const { last } = state;
    if (last !== undefined && (quote.venueAt < last.venueAt || isSame(quote, last))) return;
    const ageMs = this.#options.context.time.now() - quote.venueAt;
    const doubt = this.#doubtOf(state, quote, ageMs);
    if (doubt !== undefined) {
      this.#putAside(state, doubt, value);
      return;
    }
    this.#reopen(state);
    if (ageMs <= oldMs) this.#tellQuote(state, quote);
  }

  #doubtOf(state: PriceState, quote: VenueQuote, ageMs: number): string | undefined {
    if (ageMs < -oldMs) return 'FUTURE_PRICE';
    if (isAbsurdSpread(quote)) return 'ABSURD_SPREAD';
    const isFar = state.last !== undefined && isAbsurdMove(quote, state.last);
    return isFar && !this.#isConfirmed(state, quote) ? 'ABSURD_MOVE' : undefined;
  }

  #tellQuote(state: PriceState, quote: VenueQuote): void {
    const { context } = this.#options;
    const { bidPrice, askPrice } = quote;
    state.last = quote;
    state.doubted = undefined;
    state.doubtedCount = 0;
    state.heardAt = context.time.monotonic();
    state.toldReasons.clear();
    context.health.restore('prices', state.instrument.id);
    context.tell({ type: 'quote.updated', instrument: state.instrument.id, bidPrice, askPrice });
  }

  /** A far quote is believed once several in a row stand where it stands. */
  #isConfirmed(state: PriceState, quote: VenueQuote): boolean {
    const isAgreeing = state.doubted !== undefined && !isAbsurdMove(quote, state.doubted);
    state.doubtedCount = isAgreeing ? state.doubtedCount + 1 : 1;
    state.doubted = quote;
    return state.doubtedCount >= agreeingQuotesMin;
  }

  #shut(state: PriceState, status: string, venueAt: number | undefined): void {
    if (state.last !== undefined && venueAt !== undefined && venueAt < state.last.venueAt) return;
    state.isClosed = true;
    const { id } = state.instrument;
    this.#options.context.health.impair('market', id, `the venue says '${status}'`);
  }

  #reopen(state: PriceState): void {
    if (state.isClosed) state.heardAt = this.#options.context.time.monotonic();
    state.isClosed = false;
    this.#options.context.health.restore('market', state.instrument.id);
  }

  #putAside(state: PriceState, reason: string, value: unknown): void {
    if (state.toldReasons.has(reason)) return;
    state.toldReasons.add(reason);
    const { tell, reading } = this.#options.context;
    tell(quarantined(reason, value, reading, 'prices'));
  }

  /** Prices of a market that the venue says is closed are not missed; it is impaired as it is. */
  #look(): void {
    const { context, isOpen } = this.#options;
    const now = context.time.monotonic();
    const isMarketOpen = isOpen(context.time.now());
    for (const state of this.#stateBySymbol.values()) {
      if (!isMarketOpen) state.heardAt = now;
      const ageMs = now - state.heardAt;
      if (ageMs >= staleMs && !state.isClosed)
        context.health.impair('prices', state.instrument.id, `no good price for '${ageMs}' ms`);
    }
    this.#cancelTimer = context.time.after(lookMs, () => this.#look());
  }
}

function isSame(quote: VenueQuote, last: VenueQuote): boolean {
  return quote.venueAt === last.venueAt && quote.bidPrice === last.bidPrice && quote.askPrice === last.askPrice;
}
