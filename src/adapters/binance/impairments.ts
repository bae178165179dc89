import type { InstrumentId } from '#domain/instrument.ts';
import type { VenueInput } from '#engine/live-port.ts';

export interface Impairment {
  readonly part: string;
  /** Null for all instruments. */
  readonly instrument: InstrumentId | null;
  readonly reason: string;
}

/** Which parts of the venue cannot be trusted now. Only changes are told. */
export class Impairments {
  readonly #tell: (input: VenueInput) => void;
  readonly #standing = new Map<string, Impairment>();

  constructor(tell: (input: VenueInput) => void) {
    this.#tell = tell;
  }

  impair({ part, instrument, reason }: Impairment): void {
    const key = keyOf(part, instrument);
    if (this.#standing.has(key)) return;
    this.#standing.set(key, { part, instrument, reason });
    this.#tell({ type: 'venue.impaired', part, instrument, reason });
  }

  restore(part: string, instrument: InstrumentId | null): void {
    if (!this.#standing.delete(keyOf(part, instrument))) return;
    this.#tell({ type: 'venue.restored', part, instrument });
  }

  isImpaired(part: string, instrument: InstrumentId | null): boolean {
    return this.#standing.has(keyOf(part, instrument));
  }
}

function keyOf(part: string, instrument: InstrumentId | null): string {
  return `${part} ${instrument ?? ''}`;
}
