import { type RecordedEvent, recordedEvents } from '../read-run.ts';

interface Reading {
  readonly entries: Generator<RecordedEvent, void, undefined>;
}

/** Readings kept open, so that followers who read on do not decode a segment from its beginning each time. */
const readingsMax = 8;

/** Entries of a journal folder in pieces. A reader that goes on where its last piece ended is served by the same reading. */
export class OlderEntries {
  readonly #folder: string;
  /** By the sequence number that comes next, the one longest unused first. */
  readonly #readings = new Map<number, Reading>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** At most so many entries from a sequence on, up to a last one; fewer where the journal ends. */
  take(fromSequence: number, max: number, lastSequence: number): RecordedEvent[] {
    const reading = this.#readings.get(fromSequence) ?? { entries: recordedEvents(this.#folder, fromSequence) };
    this.#readings.delete(fromSequence);
    const taken: RecordedEvent[] = [];
    const until = Math.min(lastSequence, fromSequence + max - 1);
    for (let sequence = fromSequence; sequence <= until; sequence += 1) {
      const { value } = reading.entries.next();
      if (value === undefined) return taken;
      taken.push(value);
    }
    this.#keep(until + 1, reading);
    return taken;
  }

  #keep(nextSequence: number, reading: Reading): void {
    this.#readings.set(nextSequence, reading);
    if (this.#readings.size <= readingsMax) return;
    for (const oldest of this.#readings.keys()) {
      this.#readings.delete(oldest);
      return;
    }
  }
}
