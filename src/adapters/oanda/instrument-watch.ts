import type { Instrument } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { OandaContext } from './oanda-context.ts';

/** Margin and sizes change at the venue without a word; an hour is how old what is known of them may be (reliability, F72). */
export const instrumentRefreshMs = 3_600_000;

/** Reads the list of instruments again every hour and tells what changed of those that are traded. */
export class InstrumentWatch {
  readonly #context: OandaContext;
  readonly #toldById: Map<string, { readonly text: string; readonly instrument: Instrument }>;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(context: OandaContext, instruments: readonly Instrument[]) {
    this.#context = context;
    this.#toldById = new Map(
      instruments.map((instrument) => [instrument.id, { text: textOf(instrument, true), instrument }]),
    );
  }

  open(): void {
    if (!this.#isClosed) this.#cancelTimer = this.#context.time.after(instrumentRefreshMs, () => void this.#look());
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  async #look(): Promise<void> {
    try {
      await this.#context.catalogue.refresh();
      if (!this.#isClosed) this.#compare();
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#context.notice(`the instruments are as they were last known: ${error.message}`);
    }
    this.open();
  }

  #compare(): void {
    const { catalogue, tell } = this.#context;
    for (const [id, told] of this.#toldById) {
      const isTrading = catalogue.isListed(id);
      const instrument = isTrading ? (catalogue.byId(id) ?? told.instrument) : told.instrument;
      const text = textOf(instrument, isTrading);
      if (text === told.text) continue;
      this.#toldById.set(id, { text, instrument });
      const reason = isTrading ? 'the venue lists it otherwise' : 'the venue does not list it as it was counted';
      tell({ type: 'instrument.changed', instrument, isTrading, reason });
    }
  }
}

function textOf(instrument: Instrument, isTrading: boolean): string {
  return JSON.stringify([instrument, isTrading]);
}
