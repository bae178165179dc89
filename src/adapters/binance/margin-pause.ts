import type { InstrumentId } from '#domain/instrument.ts';
import type { TimePort } from '#engine/ports.ts';
import type { Impairments } from './impairments.ts';

/** The first pause after a refusal for want of margin; each further one in a row is twice as long, up to the longest. */
export const pauseMsFirst = 120_000;
export const pauseMsMax = 3_600_000;
/** More doublings than these are past the longest pause anyway. */
const doublingsMax = 5;

export interface MarginPauseOptions {
  readonly time: TimePort;
  readonly impairments: Impairments;
}

/** Where the venue finds too little margin for an entry, asking again at once only gives the same answer: entries there wait, ever longer. */
export class MarginPause {
  readonly #options: MarginPauseOptions;
  readonly #refusals = new Map<InstrumentId, number>();
  readonly #timers = new Map<InstrumentId, () => void>();

  constructor(options: MarginPauseOptions) {
    this.#options = options;
  }

  /** An entry was refused for want of margin. */
  refused(instrument: InstrumentId): void {
    const { time, impairments } = this.#options;
    const refusals = this.#refusals.get(instrument) ?? 0;
    this.#refusals.set(instrument, refusals + 1);
    const ms = Math.min(pauseMsMax, pauseMsFirst * 2 ** Math.min(refusals, doublingsMax));
    const reason = `the venue finds too little margin; entries wait for '${ms}' ms`;
    impairments.impair({ part: 'margin', instrument, reason });
    this.#timers.get(instrument)?.();
    this.#timers.set(
      instrument,
      time.after(ms, () => {
        this.#timers.delete(instrument);
        impairments.restore('margin', instrument);
      }),
    );
  }

  /** An entry was taken: the next refusal is a first one. */
  taken(instrument: InstrumentId): void {
    this.#refusals.delete(instrument);
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
