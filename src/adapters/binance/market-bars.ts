import type { Instrument } from '#domain/instrument.ts';
import type { HistoryBar } from '#engine/live-port.ts';
import { type BarKeeper, barKeeper, fillGap, noteHistory, takeBar } from './bar-keeper.ts';
import type { Market } from './filters.ts';
import type { MarketContext } from './market-context.ts';
import { historyBar, minuteMs } from './market-mapper.ts';
import { quarantined } from './quarantine.ts';
import { klineRowSchema, klineRowsSchema, klineSchema } from './schema.ts';

/** A stream of bars that carried nothing for so long is not to be trusted, and bars are asked for instead. */
export const barsStaleMs = 75_000;
/** The venue gives so many bars at once. */
export const barsPageMax = 1_500;
const pollEveryMs = 20_000;
/** The message that closes a minute may come this much before the minute is over by our idea of the venue's clock. */
const earlyMs = 2_000;

interface BarState {
  readonly keeper: BarKeeper;
  seenAt: number;
  polledAt: number;
  isAsking: boolean;
}

/** Closed bars of one minute: of the past when asked, and as they close, each told once and in order. */
export class MarketBars {
  readonly #context: MarketContext;
  readonly #keepers = new Map<string, BarKeeper>();
  #states: ReadonlyMap<string, BarState> = new Map();

  constructor(context: MarketContext) {
    this.#context = context;
  }

  /** Begins to watch the streams of these symbols. */
  open(symbols: readonly string[]): void {
    const now = this.#context.time.monotonic();
    const state = (symbol: string): BarState => ({
      keeper: this.#keeper(symbol),
      seenAt: now,
      polledAt: now,
      isAsking: false,
    });
    this.#states = new Map(symbols.map((symbol) => [symbol, state(symbol)]));
  }

  /** Bars that open from an instant up to another; rejects with a `VenueError`. Before anything streams they count as told. */
  async history({ symbol }: Instrument, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]> {
    const bars = await this.#ask(symbol, fromAt, untilAt);
    if (!this.#states.has(symbol)) noteHistory(this.#keeper(symbol), bars);
    return bars;
  }

  onKline(payload: unknown): void {
    const parsed = klineSchema.safeParse(payload);
    if (!parsed.success) {
      this.#context.tell(quarantined('bars', 'a bar cannot be read', JSON.stringify(payload)));
      return;
    }
    const { s, k } = parsed.data;
    const market = this.#context.markets.get(s);
    const state = this.#states.get(s);
    if (market === undefined || state === undefined || k.i !== '1m') return;
    state.seenAt = this.#context.time.monotonic();
    if (!k.x) return;
    const texts = { openAt: k.t, open: k.o, high: k.h, low: k.l, close: k.c, volume: k.v };
    const read = historyBar(texts, market, this.#context.rest.venueNow() + earlyMs);
    if ('problem' in read) this.#context.tell(quarantined('bars', read.problem, JSON.stringify(k)));
    else this.#take(read.value, market, state);
  }

  /** Says which streams of bars are silent, and asks for those. Called once a second. */
  watch(): void {
    const now = this.#context.time.monotonic();
    for (const [symbol, state] of this.#states) {
      const { instrument } = this.#context.markets.get(symbol) ?? {};
      if (instrument === undefined) continue;
      const isSilent = now - state.seenAt >= barsStaleMs;
      if (!isSilent && state.keeper.waiting.size === 0) {
        this.#context.impairments.restore('bars', instrument.id);
        continue;
      }
      const reason = `no bars over the stream for '${barsStaleMs}' ms`;
      if (isSilent) this.#context.impairments.impair({ part: 'bars', instrument: instrument.id, reason });
      if (now - state.polledAt >= pollEveryMs) this.#fill(symbol, state);
    }
  }

  ageMs(symbols: readonly string[]): number {
    const now = this.#context.time.monotonic();
    return Math.max(0, ...symbols.map((symbol) => now - (this.#states.get(symbol)?.seenAt ?? now)));
  }

  #keeper(symbol: string): BarKeeper {
    const keeper = this.#keepers.get(symbol) ?? barKeeper();
    this.#keepers.set(symbol, keeper);
    return keeper;
  }

  #take(bar: HistoryBar, { instrument }: Market, state: BarState): void {
    const verdict = takeBar(state.keeper, bar);
    switch (verdict.type) {
      case 'told':
        this.#tell(verdict.bars);
        return;
      case 'repeated':
        return;
      case 'revised':
        this.#context.tell(quarantined('bars', 'REVISED_BAR', JSON.stringify(bar)));
        return;
      case 'gap':
        this.#fill(instrument.symbol, state);
    }
  }

  #tell(bars: readonly HistoryBar[]): void {
    for (const bar of bars) this.#context.tell({ type: 'bar.closed', ...bar });
  }

  /** Asks for what is missing up to now; while that is under way, and where it fails, bars beyond the gap wait. */
  #fill(symbol: string, state: BarState): void {
    if (state.isAsking) return;
    const { rest, onNotice, impairments, markets } = this.#context;
    const untilAt = Math.floor(rest.venueNow() / minuteMs) * minuteMs;
    const fromAt = state.keeper.lastOpenAt === undefined ? untilAt - minuteMs : state.keeper.lastOpenAt + minuteMs;
    state.polledAt = this.#context.time.monotonic();
    if (fromAt >= untilAt) return;
    state.isAsking = true;
    const instrument = markets.get(symbol)?.instrument.id ?? null;
    this.#ask(symbol, fromAt, untilAt)
      .then((bars) => this.#tell(fillGap(state.keeper, bars)))
      .catch((error: unknown) => {
        const reason = `a gap in the bars could not be filled: ${error instanceof Error ? error.message : 'no reason'}`;
        onNotice(reason);
        impairments.impair({ part: 'bars', instrument, reason });
      })
      .finally(() => {
        state.isAsking = false;
      });
  }

  async #ask(symbol: string, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]> {
    const bars: HistoryBar[] = [];
    const pageMs = barsPageMax * minuteMs;
    for (let startTime = Math.ceil(fromAt / minuteMs) * minuteMs; startTime < untilAt; startTime += pageMs) {
      const endTime = Math.min(startTime + pageMs, untilAt) - 1;
      const limit = Math.ceil((endTime - startTime) / minuteMs);
      const rows = await this.#context.rest.ask(
        'klines',
        { symbol, interval: '1m', startTime, endTime, limit },
        klineRowsSchema,
      );
      this.#read(rows, { symbol, startTime, endTime }, bars);
    }
    return bars;
  }

  #read(
    rows: readonly unknown[],
    page: { symbol: string; startTime: number; endTime: number },
    bars: HistoryBar[],
  ): void {
    const market = this.#context.markets.get(page.symbol);
    if (market === undefined) return;
    const venueNow = this.#context.rest.venueNow();
    for (const row of rows) {
      const parsed = klineRowSchema.safeParse(row);
      const openAt = parsed.data?.[0] ?? 0;
      // The bar that is still open is always in the list, and is no fault.
      if (parsed.success && openAt <= venueNow && openAt + minuteMs > venueNow) continue;
      const problem = parsed.success ? this.#problem(openAt, page, bars) : 'a row cannot be read';
      const read =
        parsed.success && problem === undefined ? historyBar(textsOf(parsed.data), market, venueNow) : undefined;
      if (read !== undefined && 'value' in read) bars.push(read.value);
      else this.#context.tell(quarantined('bars', problem ?? read?.problem ?? '', JSON.stringify(row)));
    }
  }

  #problem(
    openAt: number,
    { startTime, endTime }: { startTime: number; endTime: number },
    bars: readonly HistoryBar[],
  ): string | undefined {
    if (openAt < startTime || openAt > endTime) return 'a row outside of what was asked for';
    return openAt <= (bars.at(-1)?.openAt ?? 0) ? 'a row twice or out of order' : undefined;
  }
}

function textsOf(
  row: readonly [number, string, string, string, string, string, ...unknown[]],
): Parameters<typeof historyBar>[0] {
  const [openAt, open, high, low, close, volume] = row;
  return { openAt, open, high, low, close, volume };
}
