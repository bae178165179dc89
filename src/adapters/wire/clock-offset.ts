const samplesMax = 9;
const roundTripMsMax = 2_000;
const staleMs = 600_000;

/** One question for the venue's time. Ours are milliseconds UTC by our clock. */
export interface ClockSample {
  readonly sentAt: number;
  readonly serverAt: number;
  readonly receivedAt: number;
}

interface Estimate {
  readonly offsetMs: number;
  readonly halfRoundTripMs: number;
}

/**
 * By how much a venue's clock is ahead of ours: the median of the last nine samples, each taken in the middle of its round trip. Samples
 * with round trips over two seconds, or that ended before they began, say too little and are left out. A step of either clock is followed
 * once five samples have seen it, or at once after a reset.
 */
export class ClockOffset {
  #estimates: Estimate[] = [];
  #lastAt: number | undefined;

  sample({ sentAt, serverAt, receivedAt }: ClockSample): void {
    const halfRoundTripMs = (receivedAt - sentAt) / 2;
    if (!(halfRoundTripMs >= 0 && halfRoundTripMs * 2 <= roundTripMsMax) || !Number.isFinite(serverAt)) return;
    const estimate = { offsetMs: serverAt - (sentAt + halfRoundTripMs), halfRoundTripMs };
    this.#estimates = [...this.#estimates, estimate].slice(-samplesMax);
    this.#lastAt = receivedAt;
  }

  /** The venue's time less ours, in milliseconds; undefined before the first usable sample. */
  get offsetMs(): number | undefined {
    return this.#median()?.offsetMs;
  }

  /** By how much the offset may be wrong: half the round trip of the sample it is from. Infinite before the first usable sample. */
  get uncertaintyMs(): number {
    return this.#median()?.halfRoundTripMs ?? Number.POSITIVE_INFINITY;
  }

  /** Whether there is no usable sample of the ten minutes before an instant of our clock; so it is when our clock stepped back. */
  isStale(now: number): boolean {
    return this.#lastAt === undefined || now - this.#lastAt > staleMs || now < this.#lastAt;
  }

  /** Forgets everything, as after a step of our clock or a venue's word that our time is wrong. */
  reset(): void {
    this.#estimates = [];
    this.#lastAt = undefined;
  }

  /** Of an even number the later one, so that the offset is always one that was seen. */
  #median(): Estimate | undefined {
    const sorted = this.#estimates.toSorted((left, right) => left.offsetMs - right.offsetMs);
    return sorted[Math.floor(sorted.length / 2)];
  }
}
