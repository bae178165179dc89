import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { TimePort } from '#engine/ports.ts';
import { mapInstrument } from './mapper.ts';
import { readAnswer } from './read-answer.ts';
import type { OandaRest } from './rest.ts';
import { instrumentsAnswerSchema, venueInstrumentSchema } from './schema.ts';

/** A list that was read this recently is not asked for again because of a symbol that is not on it. */
const freshMs = 60_000;

/** The instruments that the account may trade, all of them, since other hands may trade any. */
export class InstrumentCatalogue {
  readonly #rest: Pick<OandaRest, 'instruments'>;
  readonly #time: TimePort;
  readonly #bySymbol = new Map<string, Instrument>();
  readonly #byId = new Map<InstrumentId, Instrument>();
  #listed: ReadonlySet<InstrumentId> = new Set();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(rest: Pick<OandaRest, 'instruments'>, time: TimePort) {
    this.#rest = rest;
    this.#time = time;
  }

  bySymbol(symbol: string): Instrument | undefined {
    return this.#bySymbol.get(symbol);
  }

  byId(id: InstrumentId): Instrument | undefined {
    return this.#byId.get(id);
  }

  /** Any of the symbols, for questions that need one. */
  get firstSymbol(): string | undefined {
    return this.#bySymbol.keys().next().value;
  }

  get size(): number {
    return this.#bySymbol.size;
  }

  /** Reads the list where that was never done; rejects with a `VenueError` where it cannot be read. */
  async ready(): Promise<void> {
    if (this.size === 0) await this.refresh();
  }

  /** Reads the list again where a symbol is not on it and it may have changed. */
  async look(symbol: string): Promise<Instrument | undefined> {
    const isOld = this.#time.monotonic() - this.#readAt >= freshMs;
    if (this.#bySymbol.get(symbol) === undefined && isOld) await this.refresh();
    return this.#bySymbol.get(symbol);
  }

  /** Reads the list anew. What is no longer on it is kept, since positions in it may be left. */
  async refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Whether an instrument was on the list when it was read last, counted as it was first. */
  isListed(id: InstrumentId): boolean {
    return this.#listed.has(id);
  }

  async #read(): Promise<void> {
    const { instruments } = readAnswer(await this.#rest.instruments(), instrumentsAnswerSchema, 'instruments');
    const mapped = instruments.flatMap((entry) => {
      const parsed = venueInstrumentSchema.safeParse(entry);
      const instrument = parsed.success ? mapInstrument(parsed.data) : undefined;
      return instrument === undefined ? [] : [instrument];
    });
    if (mapped.length === 0)
      throw new VenueError('unreachable', 'MALFORMED', 'the account lists no instrument that can be read');
    this.#listed = new Set(mapped.filter((instrument) => this.#note(instrument)).map(({ id }) => id));
    this.#readAt = this.#time.monotonic();
  }

  /** Decimals never change under orders and positions that were counted in them: the first ones stay, and false says so. */
  #note(instrument: Instrument): boolean {
    const known = this.#bySymbol.get(instrument.symbol);
    const isCountedAlike =
      known === undefined ||
      (known.priceDecimals === instrument.priceDecimals && known.quantityDecimals === instrument.quantityDecimals);
    if (!isCountedAlike) return false;
    this.#bySymbol.set(instrument.symbol, instrument);
    this.#byId.set(instrument.id, instrument);
    return true;
  }
}
