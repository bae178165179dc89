import { z } from 'zod';
import type { VenueInput } from '#engine/live-port.ts';
import type { Market } from './filters.ts';
import type { MarketContext } from './market-context.ts';
import { type MarkTexts, markInput, type QuoteTexts, quoteInput } from './market-mapper.ts';
import { quarantined } from './quarantine.ts';
import { bookTickerRestSchema, bookTickerSchema, markPriceSchema, premiumIndexSchema } from './schema.ts';

/** A price stream that carried nothing for so long is not to be trusted, and prices are asked for instead. */
export const pricesStaleMs = 10_000;
/** One quote of an instrument in so much time. */
export const quoteEveryMs = 250;
const pollEveryMs = 5_000;
/** A mark price may judge quotes for so long. */
const markFreshMs = 60_000;
/** Beyond so many instruments one question for all of them costs less. */
const singlesMax = 2;

interface PriceState {
  quoteSeenAt: number;
  markSeenAt: number;
  /** Whether the streams have carried anything yet. */
  quoteId: bigint;
  markEventAt: number;
  markPrice: number | undefined;
  markAt: number;
  toldAt: number;
  pending: VenueInput | undefined;
}

/** Quotes and mark prices of the desk's symbols, and how old they are. */
export class MarketPrices {
  readonly #context: MarketContext;
  readonly #states: ReadonlyMap<string, PriceState>;
  readonly #cancelFlush = new Map<string, () => void>();
  #polledAt = Number.NEGATIVE_INFINITY;
  #isPolling = false;

  constructor(context: MarketContext, symbols: readonly string[]) {
    const now = context.time.monotonic();
    this.#context = context;
    this.#states = new Map(symbols.map((symbol) => [symbol, beginning(now)]));
  }

  markPriceOf(symbol: string): number | undefined {
    const state = this.#states.get(symbol);
    if (state === undefined || this.#context.time.monotonic() - state.markAt > markFreshMs) return undefined;
    return state.markPrice;
  }

  onBookTicker(payload: unknown): void {
    const parsed = bookTickerSchema.safeParse(payload);
    const known = this.#known(parsed.data?.s);
    if (!parsed.success || known === undefined) {
      this.#unreadable('quote', payload, parsed.success);
      return;
    }
    const { b, a, u } = parsed.data;
    const id = BigInt(u ?? 0);
    // Two sockets run side by side at times, and one of them is behind the other.
    if (id !== 0n && id < known.state.quoteId) return;
    if (!this.#takeQuote({ bidPrice: b, askPrice: a }, known)) return;
    known.state.quoteId = id;
    known.state.quoteSeenAt = this.#context.time.monotonic();
  }

  onMarkPrice(payload: unknown): void {
    const parsed = markPriceSchema.safeParse(payload);
    const known = this.#known(parsed.data?.s);
    if (!parsed.success || known === undefined) {
      this.#unreadable('mark price', payload, parsed.success);
      return;
    }
    const { p, i, r, T, E = 0 } = parsed.data;
    if (E < known.state.markEventAt) return;
    known.state.markEventAt = E;
    const texts = { markPrice: p, indexPrice: i, fundingRate: r, nextFundingAt: T };
    if (this.#takeMark(texts, known)) known.state.markSeenAt = this.#context.time.monotonic();
  }

  /** Says which prices are too old, and asks for those. Called once a second. */
  watch(): void {
    const now = this.#context.time.monotonic();
    const stale: string[] = [];
    for (const [symbol, state] of this.#states) {
      const { instrument } = this.#context.markets.get(symbol) ?? {};
      if (instrument === undefined) continue;
      const late =
        now - state.quoteSeenAt >= pricesStaleMs
          ? 'quotes'
          : now - state.markSeenAt >= pricesStaleMs
            ? 'mark prices'
            : '';
      if (late === '') {
        this.#context.impairments.restore('prices', instrument.id);
        continue;
      }
      stale.push(symbol);
      const reason = `no ${late} over the stream for '${pricesStaleMs}' ms`;
      this.#context.impairments.impair({ part: 'prices', instrument: instrument.id, reason });
    }
    if (stale.length > 0 && !this.#isPolling && now - this.#polledAt >= pollEveryMs) void this.#poll(stale);
  }

  /** Milliseconds since the oldest stream of these symbols carried anything. */
  ageMs(symbols: readonly string[], stream: 'quote' | 'mark'): number {
    const now = this.#context.time.monotonic();
    const ages = symbols.map((symbol) => {
      const state = this.#states.get(symbol);
      return state === undefined ? 0 : now - (stream === 'quote' ? state.quoteSeenAt : state.markSeenAt);
    });
    return Math.max(0, ...ages);
  }

  close(): void {
    for (const cancel of this.#cancelFlush.values()) cancel();
    this.#cancelFlush.clear();
  }

  #known(symbol: string | undefined): Known | undefined {
    const market = this.#context.markets.get(symbol ?? '');
    const state = this.#states.get(symbol ?? '');
    return market === undefined || state === undefined ? undefined : { market, state };
  }

  #takeQuote(texts: QuoteTexts, { market, state }: Known): boolean {
    const read = quoteInput(texts, market, this.markPriceOf(market.instrument.symbol));
    if ('problem' in read) {
      this.#context.tell(
        quarantined('prices', read.problem, JSON.stringify({ symbol: market.instrument.symbol, ...texts })),
      );
      return false;
    }
    const waitMs = state.toldAt + quoteEveryMs - this.#context.time.monotonic();
    const isWaiting = state.pending !== undefined;
    state.pending = read.value;
    if (waitMs <= 0) this.#flush(market.instrument.symbol, state);
    else if (!isWaiting) this.#flushIn(waitMs, market.instrument.symbol, state);
    return true;
  }

  #flushIn(ms: number, symbol: string, state: PriceState): void {
    this.#cancelFlush.set(
      symbol,
      this.#context.time.after(ms, () => this.#flush(symbol, state)),
    );
  }

  #flush(symbol: string, state: PriceState): void {
    this.#cancelFlush.get(symbol)?.();
    this.#cancelFlush.delete(symbol);
    const { pending } = state;
    state.pending = undefined;
    state.toldAt = this.#context.time.monotonic();
    if (pending !== undefined) this.#context.tell(pending);
  }

  #takeMark(texts: MarkTexts, { market, state }: Known): boolean {
    const read = markInput(texts, market);
    if ('problem' in read) {
      this.#context.tell(
        quarantined('prices', read.problem, JSON.stringify({ symbol: market.instrument.symbol, ...texts })),
      );
      return false;
    }
    state.markPrice = read.value.markPrice;
    state.markAt = this.#context.time.monotonic();
    this.#context.tell(read.value);
    return true;
  }

  /** A symbol that is not the desk's is no fault: some streams carry all of them. */
  #unreadable(what: string, payload: unknown, isReadable: boolean): void {
    if (isReadable) return;
    this.#context.tell(quarantined('prices', `a ${what} cannot be read`, JSON.stringify(payload)));
  }

  async #poll(symbols: readonly string[]): Promise<void> {
    this.#isPolling = true;
    this.#polledAt = this.#context.time.monotonic();
    try {
      for (const symbol of symbols.length > singlesMax ? [undefined] : symbols)
        await this.#ask(symbol, new Set(symbols));
    } catch (error) {
      this.#context.onNotice(`prices could not be asked for: ${error instanceof Error ? error.message : 'no reason'}`);
    } finally {
      this.#isPolling = false;
    }
  }

  async #ask(symbol: string | undefined, wanted: ReadonlySet<string>): Promise<void> {
    const one = <S extends z.ZodType>(schema: S) => z.union([schema.transform((row) => [row]), z.array(schema)]);
    const marks = await this.#context.rest.ask('premiumIndex', { symbol }, one(premiumIndexSchema));
    for (const row of marks) {
      const known = wanted.has(row.symbol) ? this.#known(row.symbol) : undefined;
      const { markPrice, indexPrice, lastFundingRate: fundingRate, nextFundingTime: nextFundingAt } = row;
      if (known !== undefined) this.#takeMark({ markPrice, indexPrice, fundingRate, nextFundingAt }, known);
    }
    const quotes = await this.#context.rest.ask('bookTicker', { symbol }, one(bookTickerRestSchema));
    for (const { symbol: name, bidPrice, askPrice } of quotes) {
      const known = wanted.has(name) ? this.#known(name) : undefined;
      if (known !== undefined) this.#takeQuote({ bidPrice, askPrice }, known);
    }
  }
}

interface Known {
  readonly market: Market;
  readonly state: PriceState;
}

function beginning(now: number): PriceState {
  return {
    quoteSeenAt: now,
    markSeenAt: now,
    quoteId: 0n,
    markEventAt: 0,
    markPrice: undefined,
    markAt: Number.NEGATIVE_INFINITY,
    toldAt: Number.NEGATIVE_INFINITY,
    pending: undefined,
  };
}
