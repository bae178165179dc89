import { assert } from '#base/assert.ts';

/** The head of a window, whose disorder sets the decay of its trajectory, is at most this many bits. */
export const HEAD_BITS_MAX = 20;

/**
 * How often neighbouring bits of a window persist (1-1) or flip, in the whole window and in its head. The remaining pairs
 * are 0-0 (FX desk specification a.2).
 */
export interface PairCounts {
  /** Bits in the window; there is one pair fewer. */
  length: number;
  persisting: number;
  flips: number;
  headPersisting: number;
  headFlips: number;
}

/** Counts of a window before any bit has come. */
export function createPairCounts(length: number): PairCounts {
  assert(Number.isSafeInteger(length) && length >= 2, 'a window to count has at least two bits');
  return { length, persisting: 0, flips: 0, headPersisting: 0, headFlips: 0 };
}

/** Counts the pairs of `bits[start]` to `bits[start + length - 1]` by walking them. */
export function countPairs(bits: Uint8Array, start: number, length: number): PairCounts {
  assert(start >= 0 && start + length <= bits.length, 'the window lies inside the bits');
  const counts = createPairCounts(length);
  for (let pair = 0; pair < length - 1; pair += 1) {
    const ones = (bits[start + pair] ?? 0) + (bits[start + pair + 1] ?? 0);
    addToWindow(counts, ones, 1);
    if (pair < HEAD_BITS_MAX - 1) addToHead(counts, ones, 1);
  }
  return counts;
}

/** Lets a pair with 0, 1 or 2 ones enter (`by` = 1) or leave (`by` = -1) the window. */
export function addToWindow(counts: PairCounts, ones: number, by: 1 | -1): void {
  if (ones === 2) counts.persisting += by;
  else if (ones === 1) counts.flips += by;
}

/** Lets a pair with 0, 1 or 2 ones enter (`by` = 1) or leave (`by` = -1) the head. */
export function addToHead(counts: PairCounts, ones: number, by: 1 | -1): void {
  if (ones === 2) counts.headPersisting += by;
  else if (ones === 1) counts.headFlips += by;
}
