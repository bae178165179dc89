import type { InstrumentId } from '#domain/instrument.ts';
import type { VenueInput } from '#engine/live-port.ts';

/** The parts of a venue that can be in trouble by themselves. */
export type HealthPart = 'account' | 'prices' | 'market' | 'clock' | 'permission' | 'limits' | 'history';

/**
 * Which parts of the venue can be trusted, told on changes only. A part that is heard of for the first time and is well is told as restored,
 * because an earlier run of the desk may have ended while it was not.
 */
export class VenueHealth {
  readonly #tell: (input: VenueInput) => void;
  /** By part and instrument, so never more than there are of both. */
  readonly #isWell = new Map<string, boolean>();

  constructor(tell: (input: VenueInput) => void) {
    this.#tell = tell;
  }

  impair(part: HealthPart, instrument: InstrumentId | null, reason: string): void {
    if (this.#change(part, instrument, false)) this.#tell({ type: 'venue.impaired', part, instrument, reason });
  }

  restore(part: HealthPart, instrument: InstrumentId | null): void {
    if (this.#change(part, instrument, true)) this.#tell({ type: 'venue.restored', part, instrument });
  }

  isImpaired(part: HealthPart, instrument: InstrumentId | null): boolean {
    return this.#isWell.get(keyOf(part, instrument)) === false;
  }

  #change(part: HealthPart, instrument: InstrumentId | null, isWell: boolean): boolean {
    const key = keyOf(part, instrument);
    if (this.#isWell.get(key) === isWell) return false;
    this.#isWell.set(key, isWell);
    return true;
  }
}

function keyOf(part: HealthPart, instrument: InstrumentId | null): string {
  return `${part} ${instrument ?? '*'}`;
}
