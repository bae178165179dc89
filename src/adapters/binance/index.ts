import { fileBanStore } from '#adapters/wire/file-ban-store.ts';
import { RateBudget } from '#adapters/wire/rate-budget.ts';
import { assert } from '#base/assert.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type {
  AccountHistory,
  CancelOutcome,
  HistoryBar,
  LiveReport,
  LiveVenuePort,
  OrderFinding,
  PreflightCheck,
  VenueInput,
  VenueListener,
} from '#engine/live-port.ts';
import type { Command } from '#engine/ports.ts';
import { type AccountBook, accountBook } from './account-book.ts';
import { AccountDesk } from './account-desk.ts';
import { readHistory } from './account-history.ts';
import { readReport } from './account-report.ts';
import { type BinanceOptions, type Origins, originsOf } from './binance-options.ts';
import { cancelAllOrders, closePosition, renewCountdowns } from './close-out.ts';
import { rateWindows } from './endpoints.ts';
import { Impairments } from './impairments.ts';
import { MarketBars } from './market-bars.ts';
import type { MarketContext } from './market-context.ts';
import { MarketPrices } from './market-prices.ts';
import { MarketStream } from './market-stream.ts';
import { MarketTable } from './market-table.ts';
import { runPreflight } from './preflight.ts';
import { prepareAccount } from './prepare-account.ts';
import { BinanceRest } from './rest.ts';
import { TellingGate } from './telling-gate.ts';
import { TroubleWatch } from './trouble-watch.ts';

const leverageUsual = 5;

/** An account at Binance USD-M futures. Nothing is asked before the first call, and no secret is in anything it tells. */
export function openBinance(options: BinanceOptions): LiveVenuePort {
  return new BinanceVenue(options);
}

/** Time after which settings that have to wait are tried again. */
const prepareAgainMs = 60_000;

class BinanceVenue implements LiveVenuePort {
  readonly venue = 'BINANCE';
  readonly traits = { hasNativeBrackets: false, hasDeadManSwitch: true, isAlwaysOpen: true };
  readonly #options: BinanceOptions;
  readonly #origins: Origins;
  readonly #gate: TellingGate;
  readonly #rest: BinanceRest;
  readonly #table: MarketTable;
  readonly #book: AccountBook;
  readonly #context: MarketContext;
  readonly #bars: MarketBars;
  readonly #desk: AccountDesk;
  readonly #trouble: TroubleWatch;
  #prices: MarketPrices | undefined;
  #market: MarketStream | undefined;
  #symbols: readonly string[] = [];
  #isClosed = false;
  /** Symbols that the venue was told to cancel by itself. */
  #armed: ReadonlySet<string> = new Set();

  constructor(options: BinanceOptions) {
    const { network, time, apiKey, apiSecret, ownIdPrefix = 'tw-', leverage = leverageUsual } = options;
    this.#options = options;
    this.#origins = originsOf(options);
    this.#gate = new TellingGate(time);
    const tell = (input: VenueInput): void => this.#gate.tell(input);
    const onNotice = (text: string): void => this.#gate.notice(text);
    const impairments = new Impairments(tell);
    const budget = budgetOf(options);
    const onMeasure: TroubleWatch['onMeasure'] = (measure, verdict) => this.#trouble.onMeasure(measure, verdict);
    const rest = new BinanceRest({
      network,
      time,
      origins: this.#origins,
      apiKey,
      apiSecret,
      budget,
      onNotice,
      onMeasure,
    });
    const table = new MarketTable({ rest, leverage, impairments, tell, onNotice });
    this.#rest = rest;
    this.#table = table;
    this.#book = accountBook({ ...options.desk, ownIdPrefix, markets: table.markets });
    this.#context = { time, rest, markets: table.markets, impairments, tell, onNotice };
    this.#bars = new MarketBars(this.#context);
    this.#trouble = new TroubleWatch({ time, rest, budget, table, impairments, onNotice });
    const markPriceOf = (symbol: string): number | undefined => this.#prices?.markPriceOf(symbol);
    const restoreSettings = (symbol: string): Promise<void> => this.#restoreSettings(symbol);
    const shared = { time, network, rest, table, impairments, tell, onNotice, markPriceOf, restoreSettings };
    this.#desk = new AccountDesk({ ...shared, book: this.#book, streamOrigin: this.#origins.stream });
  }

  async preflight(): Promise<readonly PreflightCheck[]> {
    await this.#known();
    const { network, time, environment, leverage = leverageUsual } = this.#options;
    return runPreflight({ ...this.#desk.reader, network, time, environment, leverage, origins: this.#origins });
  }

  async instruments(symbols: readonly string[]): Promise<readonly Instrument[]> {
    await this.#known();
    const { accountCurrency } = this.#options.desk;
    return symbols.map((symbol) => {
      const market = this.#table.markets.get(symbol);
      // Profit in another currency than the account's would be counted as if it were the account's.
      if (market?.instrument.quoteCurrency === accountCurrency) return market.instrument;
      throw new VenueError(
        'refused',
        'UNKNOWN_INSTRUMENT',
        `a listed perpetual in '${accountCurrency}' is expected, found '${symbol}'`,
      );
    });
  }

  async prepare(instruments: readonly Instrument[]): Promise<void> {
    await this.#known();
    await this.#prepareStill(instruments);
  }

  async #restoreSettings(symbol: string): Promise<void> {
    const market = this.#table.markets.get(symbol);
    if (market !== undefined && this.#symbols.includes(symbol)) await this.#prepareStill([market.instrument]);
  }

  /** What has to wait is tried again: until it is right, nothing is added there. */
  async #prepareStill(instruments: readonly Instrument[]): Promise<void> {
    const { time, leverage = leverageUsual, marginType = 'ISOLATED' } = this.#options;
    const { impairments, onNotice } = this.#context;
    const waiting = await prepareAccount(instruments, { rest: this.#rest, table: this.#table, leverage, marginType });
    for (const { instrument, reason } of waiting)
      impairments.impair({ part: 'settings', instrument: instrument.id, reason });
    const left = waiting.map(({ instrument }) => instrument);
    for (const instrument of instruments)
      if (!left.includes(instrument)) impairments.restore('settings', instrument.id);
    if (left.length === 0 || this.#isClosed) return;
    time.after(prepareAgainMs, () => {
      if (this.#isClosed) return;
      this.#prepareStill(left).catch((error: unknown) =>
        onNotice(error instanceof Error ? error.message : 'no reason'),
      );
    });
  }

  async bars(instrument: Instrument, fromAt: number, untilAt: number): Promise<readonly HistoryBar[]> {
    await this.#known();
    return this.#bars.history(instrument, fromAt, untilAt);
  }

  open(instruments: readonly Instrument[], listener: VenueListener): void {
    assert(this.#market === undefined, 'the streams are opened once');
    const { network, time, depth = false } = this.#options;
    const symbols = instruments.map(({ symbol }) => symbol);
    const prices = new MarketPrices(this.#context, symbols);
    const parts = { context: this.#context, network, origin: this.#origins.stream, symbols, prices, bars: this.#bars };
    const market = new MarketStream({ ...parts, hasDepth: depth });
    this.#symbols = symbols;
    this.#prices = prices;
    this.#market = market;
    // Nothing is told from inside this call.
    time.after(0, () => {
      if (this.#market === undefined) return;
      this.#gate.open(listener);
      this.#table.follow(instruments);
      this.#trouble.open();
      this.#bars.open(symbols);
      market.open();
      this.#desk.open(symbols);
    });
  }

  send(command: Command): void {
    this.#desk.sender.send(command);
  }

  findOrder(clientOrderId: string, instrument: InstrumentId): Promise<OrderFinding> {
    return this.#desk.findOrder(clientOrderId, instrument);
  }

  async report(): Promise<LiveReport> {
    await this.#known();
    return readReport(this.#desk.reader);
  }

  async catchUp(cursor: string): Promise<AccountHistory> {
    await this.#known();
    const symbols = new Set([...this.#symbols, ...this.#book.positions.keys(), ...this.#workingSymbols()]);
    return readHistory(cursor, this.#desk.reader, symbols);
  }

  async cancelAll(keep: ReadonlySet<string>): Promise<CancelOutcome> {
    // Without filters no order can be read, but the symbols of the desk can be swept all the same.
    await this.#known().catch((error: unknown) =>
      this.#gate.notice(error instanceof Error ? error.message : 'no reason'),
    );
    return cancelAllOrders(keep, { ...this.#desk.reader, symbols: this.#symbols });
  }

  async closePosition(instrument: InstrumentId): Promise<void> {
    await this.#known();
    await closePosition(instrument, { ...this.#desk.reader, symbols: this.#symbols });
  }

  async renewDeadMan(ms: number): Promise<void> {
    const working = this.#workingSymbols();
    await renewCountdowns(ms === 0 ? this.#armed : working, ms, this.#desk.reader);
    this.#armed = ms === 0 ? new Set() : new Set([...this.#armed, ...working]);
  }

  async close(): Promise<void> {
    const market = this.#market;
    this.#isClosed = true;
    this.#market = undefined;
    this.#gate.close();
    this.#trouble.close();
    this.#desk.close();
    market?.close();
    await Promise.resolve();
  }

  async #known(): Promise<void> {
    if (this.#rest.offsetMs === undefined) await this.#rest.syncClock();
    if (this.#table.markets.size === 0) await this.#table.refresh();
  }

  #workingSymbols(): ReadonlySet<string> {
    const working = [...this.#book.orders.values()].filter(
      ({ isWorking, family }) => isWorking && family === 'ordinary',
    );
    return new Set(working.map(({ symbol }) => symbol));
  }
}

function budgetOf({ time, banFile }: BinanceOptions): RateBudget {
  return new RateBudget({
    time,
    windows: rateWindows,
    ...(banFile === undefined ? {} : { bans: fileBanStore(banFile) }),
  });
}
