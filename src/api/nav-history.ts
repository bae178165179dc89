const hourMs = 3_600_000;
const spanMs = 7 * 24 * hourMs;
/** One sample an hour over the span, both ends included, and one more: samples do not lie at the same minute of each hour. */
export const navSamplesMax = 7 * 24 + 2;

interface NavSample {
  readonly at: number;
  readonly equity: number;
}

/**
 * Equity by the hour over the last seven days of event time. Hours without a sample, as on weekends, are bridged by the sample
 * before them.
 */
export class NavHistory {
  #samples: NavSample[] = [];
  #newestHour = -1;

  /** Whether the hour of an instant has no sample yet. */
  isDue(at: number): boolean {
    return Math.floor(at / hourMs) > this.#newestHour;
  }

  note(at: number, equity: number): void {
    if (!this.isDue(at)) return;
    this.#newestHour = Math.floor(at / hourMs);
    this.#samples.push({ at, equity });
    // The last sample that is a whole span old is what the newest is measured against; those before it are of no more use.
    const oldest = this.#samples.findLastIndex((sample) => at - sample.at >= spanMs);
    this.#samples = this.#samples.slice(Math.max(0, oldest)).slice(-navSamplesMax);
  }

  /** Samples that are kept, at most the bound. */
  get size(): number {
    return this.#samples.length;
  }

  /** The newest equity less the one of seven days before; undefined until seven days have been seen. */
  change(): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < spanMs) return undefined;
    return last.equity - first.equity;
  }
}
