import { assert } from '#base/assert.ts';
import type { Bar } from '#domain/bar.ts';
import type { InstrumentId } from '#domain/instrument.ts';

/** How many closed bars of one instrument are kept; beyond it the oldest are forgotten. */
const HISTORY_BARS_MAX = 150_000;
/** The oldest are forgotten many at a time, so that a full history does not move with every bar. */
const trimStep = 10_000;

/** Closed bars of one minute by instrument, each open time once and in ascending order. */
export class BarHistory {
  readonly #bars = new Map<InstrumentId, Bar[]>();
  readonly #barsMax: number;

  constructor(barsMax = HISTORY_BARS_MAX) {
    assert(barsMax > 0, `at least one bar is kept, found '${barsMax}'`);
    this.#barsMax = barsMax;
  }

  /** Keeps a bar; one that does not open after all others of its instrument is left out. */
  add(bar: Bar): void {
    const bars = this.#bars.get(bar.instrument) ?? [];
    if (bars.length === 0) this.#bars.set(bar.instrument, bars);
    if (bar.openAt <= (bars.at(-1)?.openAt ?? -Infinity)) return;
    bars.push(bar);
    const step = Math.min(trimStep, this.#barsMax);
    if (bars.length >= this.#barsMax + step) bars.splice(0, bars.length - this.#barsMax);
  }

  /** Bars that open from one instant on and before another. */
  between(instrument: InstrumentId, fromAt: number, untilAt: number): readonly Bar[] {
    const bars = this.#bars.get(instrument) ?? [];
    return bars.slice(firstFrom(bars, fromAt), firstFrom(bars, untilAt));
  }
}

/** The first index whose bar opens at or after an instant. */
function firstFrom(bars: readonly Bar[], at: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle]?.openAt ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
