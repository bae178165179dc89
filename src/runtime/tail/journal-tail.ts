import { assert } from '#base/assert.ts';
import type { Event } from '#domain/events.ts';
import type { RecordedEvent } from '../read-run.ts';
import { OlderEntries } from './older-entries.ts';
import type { TailHead, TailLimits, TailPiece, TailSource } from './tail-source.ts';

/** Newest entries held in memory; a follower further behind reads the journal's files. */
const heldMax = 65_536;

/** The tail of the journal that this process writes. */
export class JournalTail implements TailSource {
  readonly #runId: string;
  readonly #older: OlderEntries;
  readonly #heldMax: number;
  #held: RecordedEvent[] = [];
  #durableSequence: number;
  #waiting = new Set<() => void>();

  constructor(options: { folder: string; runId: string; durableSequence: number; heldMax?: number }) {
    this.#runId = options.runId;
    this.#older = new OlderEntries(options.folder);
    this.#durableSequence = options.durableSequence;
    this.#heldMax = options.heldMax ?? heldMax;
  }

  get durableSequence(): number {
    return this.#durableSequence;
  }

  /** Takes an entry in the moment it is appended. */
  append(sequence: number, event: Event): void {
    const last = this.#held.at(-1);
    assert(last === undefined || last.sequence + 1 === sequence, `the tail goes on with ${sequence} without a gap`);
    this.#held.push({ sequence, event });
    if (this.#held.length >= 2 * this.#heldMax) this.#held = this.#held.slice(-this.#heldMax);
  }

  /** Shows followers everything up to a sequence that has become durable. */
  advance(durableSequence: number): void {
    if (durableSequence <= this.#durableSequence) return;
    this.#durableSequence = durableSequence;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  async head(): Promise<TailHead> {
    return { runId: this.#runId, lastSequence: this.#durableSequence };
  }

  async read(fromSequence: number, { max, waitMs }: TailLimits): Promise<TailPiece> {
    if (fromSequence > this.#durableSequence && waitMs > 0) await this.#advanced(waitMs);
    return { entries: this.#entries(fromSequence, max), lastSequence: this.#durableSequence };
  }

  #entries(fromSequence: number, max: number): RecordedEvent[] {
    if (fromSequence > this.#durableSequence) return [];
    const first = this.#held[0]?.sequence ?? Infinity;
    if (fromSequence < first) return this.#older.take(fromSequence, max, Math.min(first - 1, this.#durableSequence));
    const from = fromSequence - first;
    const count = Math.min(max, this.#durableSequence - fromSequence + 1);
    return this.#held.slice(from, from + count);
  }

  #advanced(waitMs: number): Promise<void> {
    return new Promise((done) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        done();
      };
      const timer = setTimeout(wake, waitMs);
      this.#waiting.add(wake);
    });
  }
}
