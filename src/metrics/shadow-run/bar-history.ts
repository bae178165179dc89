import { assert } from '#base/assert.ts';
import type { WindowMetrics } from '#metrics/manifold-track.ts';
import { copyRing } from './copy-ring.ts';

const LENGTH_AT_START = 1024;
const INT32_MAX = 2_147_483_647;
/** A window for decisions is read on every fourth minute; where bars are missing, the oldest windows go before their bars. */
const BARS_PER_WINDOW = 4;

/** Windows of a market as columns, numbered like its bars. */
export interface WindowHistory {
  first: number;
  end: number;
  endAt: Float64Array;
  coherence: Float64Array;
  stability: Float64Array;
  entropy: Float64Array;
  rupture: Float64Array;
  patternCoherence: Float64Array;
}

/**
 * Closed bars of one market and the windows read on them: plain data, as compact columns. Bar number `n` stands at `n` modulo the
 * length of the columns, which double until `capacity` is reached; from then on the oldest bar goes for each that comes.
 * Prices are ticks, `spread` is the one recorded with the bar, 0 where none was.
 */
export interface BarHistory {
  capacity: number;
  /** Number of the oldest bar held. */
  first: number;
  /** Number the next bar will get, which is also how many there have been. */
  end: number;
  openAt: Float64Array;
  open: Int32Array;
  high: Int32Array;
  low: Int32Array;
  close: Int32Array;
  spread: Int32Array;
  windows: WindowHistory;
}

/** The figures of a closed bar that are remembered. */
export interface RememberedBar {
  readonly openAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly spread: number;
}

/** A history that holds nothing yet and never more than `capacity` bars. */
export function createBarHistory(capacity: number): BarHistory {
  assert(Number.isSafeInteger(capacity) && capacity >= 2, 'a history holds at least two bars');
  const length = Math.min(capacity, LENGTH_AT_START);
  const windowLength = windowCapacity(length);
  return {
    capacity,
    first: 0,
    end: 0,
    openAt: new Float64Array(length),
    open: new Int32Array(length),
    high: new Int32Array(length),
    low: new Int32Array(length),
    close: new Int32Array(length),
    spread: new Int32Array(length),
    windows: {
      first: 0,
      end: 0,
      endAt: new Float64Array(windowLength),
      coherence: new Float64Array(windowLength),
      stability: new Float64Array(windowLength),
      entropy: new Float64Array(windowLength),
      rupture: new Float64Array(windowLength),
      patternCoherence: new Float64Array(windowLength),
    },
  };
}

/** Opening of the newest bar, or minus infinity while there is none. */
export function newestOpenAt(history: BarHistory): number {
  if (history.end === history.first) return Number.NEGATIVE_INFINITY;
  return history.openAt[(history.end - 1) % history.openAt.length] ?? Number.NEGATIVE_INFINITY;
}

/** Adds a closed bar that is newer than all others. A price beyond 2^31 − 1 ticks does not fit and stops. */
export function rememberBar(history: BarHistory, bar: RememberedBar): void {
  assert(bar.openAt > newestOpenAt(history), 'remembered bars come in the order of their opening');
  assert(bar.high <= INT32_MAX && bar.low >= 0, 'the prices of a remembered bar are 0 to 2^31 - 1 ticks');
  if (history.end - history.first >= history.openAt.length) growBars(history);
  while (history.end - history.first >= history.capacity) history.first += 1;
  const slot = history.end % history.openAt.length;
  history.openAt[slot] = bar.openAt;
  history.open[slot] = bar.open;
  history.high[slot] = bar.high;
  history.low[slot] = bar.low;
  history.close[slot] = bar.close;
  history.spread[slot] = bar.spread;
  history.end += 1;
}

/** Adds the window that was read on the newest bar. */
export function rememberWindow(history: BarHistory, window: Readonly<WindowMetrics>): void {
  assert(window.windowEndAt === newestOpenAt(history), 'a remembered window ends with the newest bar');
  const { windows } = history;
  if (windows.end - windows.first >= windows.endAt.length) growWindows(history);
  while (windows.end - windows.first >= windowCapacity(history.capacity)) windows.first += 1;
  const slot = windows.end % windows.endAt.length;
  windows.endAt[slot] = window.windowEndAt;
  windows.coherence[slot] = window.coherence;
  windows.stability[slot] = window.stability;
  windows.entropy[slot] = window.entropy;
  windows.rupture[slot] = window.rupture;
  windows.patternCoherence[slot] = window.patternCoherence;
  windows.end += 1;
}

/** Windows that so many bars may have. */
function windowCapacity(bars: number): number {
  return Math.ceil(bars / BARS_PER_WINDOW) + 1;
}

/** Doubles the columns up to the capacity; full columns of that length only lose their oldest bar. */
function growBars(history: BarHistory): void {
  const { first, end } = history;
  const length = Math.min(history.capacity, history.openAt.length * 2);
  if (length <= history.openAt.length) {
    history.first += 1;
    return;
  }
  const openAt = new Float64Array(length);
  copyRing(history.openAt, openAt, first, end);
  history.openAt = openAt;
  for (const name of ['open', 'high', 'low', 'close', 'spread'] as const) {
    const column = new Int32Array(length);
    copyRing(history[name], column, first, end);
    history[name] = column;
  }
}

function growWindows(history: BarHistory): void {
  const { windows } = history;
  const { first, end } = windows;
  const length = Math.min(windowCapacity(history.capacity), windows.endAt.length * 2);
  if (length <= windows.endAt.length) {
    windows.first += 1;
    return;
  }
  for (const name of ['endAt', 'coherence', 'stability', 'entropy', 'rupture', 'patternCoherence'] as const) {
    const column = new Float64Array(length);
    copyRing(windows[name], column, first, end);
    windows[name] = column;
  }
}
