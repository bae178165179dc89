import { assert } from '#base/assert.ts';

const WINDOW_BITS = 128;
const WINDOW_BITS_MIN = 8;
const CAP_BITS = 512;
const STEPS_A_WINDOW = 32;

/** Where the windows of a document lie: window n covers bits `firstEnd - length + n * step` up to but without `firstEnd + n * step`. */
export interface WindowPlan {
  /** Bits in a window. */
  length: number;
  /** Bits from one window to the next. */
  step: number;
  firstEnd: number;
  /** Number of windows; 0 where there are too few bits. */
  count: number;
}

/**
 * Plans the windows over `bits` bits as the reference does (FX desk specification a.5). The reference looks at the last 512
 * bits only, so at 129 windows at most; histories are measured `uncapped`.
 */
export function planWindows(bits: number, uncapped: boolean): WindowPlan {
  assert(Number.isSafeInteger(bits) && bits >= 0, 'the number of bits is a whole number');
  const length = windowLength(bits);
  const step = Math.max(1, Math.floor(length / STEPS_A_WINDOW));
  if (length < WINDOW_BITS_MIN) return { length, step, firstEnd: length, count: 0 };
  const firstEnd = !uncapped && bits - length > CAP_BITS ? bits - CAP_BITS : length;
  return { length, step, firstEnd, count: Math.floor((bits - firstEnd) / step) + 1 };
}

function windowLength(bits: number): number {
  if (bits > WINDOW_BITS) return WINDOW_BITS;
  if (bits > 24) return bits - Math.min(8, Math.floor(bits / 4));
  if (bits > 12) return 12;
  if (bits > 8) return 9;
  return bits;
}
