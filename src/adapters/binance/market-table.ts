import { z } from 'zod';
import type { Instrument } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { VenueInput } from '#engine/live-port.ts';
import { type Market, readMarket } from './filters.ts';
import type { Impairments } from './impairments.ts';
import type { BinanceRest } from './rest.ts';
import { type ExchangeSymbol, exchangeInfoSchema, exchangeSymbolSchema, symbolConfigSchema } from './schema.ts';

export interface MarketTableOptions {
  readonly rest: BinanceRest;
  /** What an instrument's leverage is taken for until the account has told. */
  readonly leverage: number;
  readonly impairments: Impairments;
  readonly tell: (input: VenueInput) => void;
  readonly onNotice: (text: string) => void;
}

/** Every perpetual of the venue with its filters and the leverage that is really set, kept up to date. */
export class MarketTable {
  readonly #options: MarketTableOptions;
  readonly #markets = new Map<string, Market>();
  readonly #leverages = new Map<string, number>();
  /** The desk's symbols: only their changes are told. */
  #followed: ReadonlySet<string> = new Set();
  #refreshing: Promise<void> | undefined;

  constructor(options: MarketTableOptions) {
    this.#options = options;
  }

  /** By the venue's symbol. The map lives and changes. */
  get markets(): ReadonlyMap<string, Market> {
    return this.#markets;
  }

  /** Tells from here on what changes about these, and at once what is not as in the copies that were handed out. */
  follow(instruments: readonly Instrument[]): void {
    this.#followed = new Set(instruments.map(({ symbol }) => symbol));
    for (const instrument of instruments) {
      const market = this.#markets.get(instrument.symbol);
      if (market === undefined) continue;
      if (JSON.stringify(market.instrument) !== JSON.stringify(instrument))
        this.#tell(market, 'not as it was listed before');
      this.#judgeStatus(market);
    }
  }

  /** Reads all filters anew; several that ask at once share one answer. Rejects with a `VenueError`. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Reads what leverage and margin type the account really has for a symbol. Rejects with a `VenueError`. */
  async readConfig(symbol: string): Promise<z.output<typeof symbolConfigSchema>> {
    const one = z.union([z.array(symbolConfigSchema), symbolConfigSchema.transform((row) => [row])]);
    const rows = await this.#options.rest.ask('symbolConfig', { symbol }, one);
    const row = rows.find((candidate) => candidate.symbol === symbol);
    if (row === undefined || row.leverage < 1) {
      throw new VenueError('unreachable', 'UNREADABLE', `the leverage of '${symbol}' is not told`);
    }
    this.#setLeverage(symbol, row.leverage);
    return row;
  }

  async #read(): Promise<void> {
    const { symbols } = await this.#options.rest.ask('exchangeInfo', {}, exchangeInfoSchema);
    const listed = new Set<string>();
    for (const row of symbols) {
      const symbol = exchangeSymbolSchema.safeParse(row);
      if (!symbol.success) continue;
      listed.add(symbol.data.symbol);
      this.#take(symbol.data);
    }
    for (const symbol of this.#followed) if (!listed.has(symbol)) this.#halt(symbol, 'it is not listed any more');
  }

  #take(symbol: ExchangeSymbol): void {
    const before = this.#markets.get(symbol.symbol);
    const leverage = this.#leverages.get(symbol.symbol) ?? this.#options.leverage;
    const market = readMarket(symbol, leverage, before?.instrument);
    if ('problem' in market) {
      if (before !== undefined) this.#halt(symbol.symbol, market.problem);
      return;
    }
    this.#markets.set(symbol.symbol, market);
    if (before === undefined || !this.#followed.has(symbol.symbol)) return;
    const isSameInstrument = JSON.stringify(before.instrument) === JSON.stringify(market.instrument);
    if (isSameInstrument && before.isTrading === market.isTrading) return;
    this.#tell(market, isSameInstrument ? `the status is '${market.status}'` : 'the filters of the venue changed');
    this.#judgeStatus(market);
  }

  #halt(symbol: string, reason: string): void {
    const market = this.#markets.get(symbol);
    if (market?.isTrading !== true) return;
    const halted = { ...market, isTrading: false, status: 'UNREADABLE' };
    this.#markets.set(symbol, halted);
    this.#options.onNotice(`'${symbol}' cannot be traded: ${reason}`);
    if (!this.#followed.has(symbol)) return;
    this.#tell(halted, reason);
    this.#judgeStatus(halted);
  }

  #judgeStatus({ instrument, isTrading, status }: Market): void {
    const { impairments } = this.#options;
    if (isTrading) impairments.restore('market', instrument.id);
    else
      impairments.impair({
        part: 'market',
        instrument: instrument.id,
        reason: `the status is '${status.slice(0, 40)}'`,
      });
  }

  #tell({ instrument, isTrading }: Market, reason: string): void {
    this.#options.tell({ type: 'instrument.changed', instrument, isTrading, reason: reason.slice(0, 200) });
  }

  #setLeverage(symbol: string, leverage: number): void {
    this.#leverages.set(symbol, leverage);
    const market = this.#markets.get(symbol);
    if (market === undefined || market.instrument.marginRate === 1 / leverage) return;
    const changed = { ...market, instrument: { ...market.instrument, marginRate: 1 / leverage } };
    this.#markets.set(symbol, changed);
    if (this.#followed.has(symbol)) this.#tell(changed, `the leverage is '${leverage}'`);
  }
}
