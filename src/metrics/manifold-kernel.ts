import { assert } from '#base/assert.ts';
import { decayTable, pairEntropy, WINDOW_BITS_MAX, windowTables } from './manifold-tables.ts';
import { HEAD_BITS_MAX, type PairCounts } from './pair-counts.ts';

/** What the kernel says of one window of bits. Plain floats between 0 and 1. */
export interface KernelMetrics {
  /** C of FX desk specification a.4. Mostly the doing of the window's first bit. */
  coherence: number;
  /** 1 - rupture, always. */
  stability: number;
  entropy: number;
  /** Share of pairs 1-1: persisting active up-bars, not breaks. */
  rupture: number;
  /** C0 of FX desk specification a.3: coherence before the trajectory is blended in. */
  patternCoherence: number;
}

// Binary32 constants widened to binary64 (FX desk specification 0.4).
const F005 = 0.05000000074505806;
const F001 = 0.009999999776482582;
const F01 = 0.10000000149011612;
const F03 = 0.30000001192092896;
const F06 = 0.6000000238418579;
const F07 = 0.699999988079071;
const F099 = 0.9900000095367432;
const F1585 = 1.5850000381469727;

/** Windows up to this many bits have no trajectory. */
const PATTERN_ONLY_BITS = 10;

// The path of the window at hand. Written before it is read, so nothing of one window reaches the next.
const path = new Float64Array(WINDOW_BITS_MAX);

/**
 * Measures the window `bits[start]` to `bits[start + counts.length - 1]`, whose pairs are already counted, into `into`
 * (FX desk specification a.3 and a.4, to the bit). Allocates nothing once the tables are warm. Every sum runs from the left, one addition
 * at a time, because any other order rounds differently.
 */
export function measureBits(bits: Uint8Array, start: number, counts: PairCounts, into: KernelMetrics): void {
  const length = counts.length;
  assert(start >= 0 && start + length <= bits.length, 'the window lies inside the bits');
  const tables = windowTables(length);
  const rupture = tables.ratios[counts.persisting] ?? 0;
  const entropy = Math.max(F005, Math.min(1, pairEntropy(tables.terms, counts.persisting, counts.flips) / F1585));
  const pattern = patternCoherence(entropy, rupture, tables.ratios[counts.flips] ?? 0);
  into.rupture = rupture;
  into.stability = 1 - rupture;
  into.entropy = entropy;
  into.patternCoherence = pattern;
  into.coherence = pattern;
  if (length > PATTERN_ONLY_BITS) blendTrajectory(bits, start, counts, into);
}

function patternCoherence(entropy: number, rupture: number, flips: number): number {
  const order = Math.fround(1 - entropy);
  const calm = Math.fround(1 - rupture);
  const steady = Math.fround(1 - flips);
  const orderAndCalm = Math.fround(Math.fround(order * F06) + Math.fround(calm * F03));
  return Math.max(F001, Math.min(F099, Math.fround(orderAndCalm + Math.fround(steady * F01))));
}

function blendTrajectory(bits: Uint8Array, start: number, counts: PairCounts, into: KernelMetrics): void {
  const length = counts.length;
  const tables = windowTables(length);
  const { echoes, sines } = tables;
  const decay = decayTable(Math.min(HEAD_BITS_MAX, length) - 1, counts.headPersisting, counts.headFlips);
  const first = bits[start] ?? 0;
  let last = 0;
  let pathSquares = first;
  let echoDot = first;
  path[0] = first;
  for (let index = 1; index < length; index += 1) {
    last += ((bits[start + index] ?? 0) - first) * (decay[index] ?? 0);
    path[index] = last;
    pathSquares += last * last;
    echoDot += last * (echoes[index] ?? 0);
  }
  const slope = (last - first) / tables.pairs;
  const amplitude = (last - first) / 2;
  const middle = (last + first) / 2;
  let lineDot = 0;
  let lineSquares = 0;
  let waveDot = 0;
  let waveSquares = 0;
  for (let index = 0; index < length; index += 1) {
    const point = path[index] ?? 0;
    const line = first + slope * index;
    const wave = middle + amplitude * (sines[index] ?? 0);
    lineDot += point * line;
    lineSquares += line * line;
    waveDot += point * wave;
    waveSquares += wave * wave;
  }
  const pathNorm = Math.sqrt(pathSquares);
  // A window that begins with 0 has no echo at all, so its likeness to one is 0.
  const echoLikeness = first === 0 ? 0 : likeness(echoDot, pathNorm, tables.echoNorm);
  const lineLikeness = likeness(lineDot, pathNorm, Math.sqrt(lineSquares));
  const waveLikeness = likeness(waveDot, pathNorm, Math.sqrt(waveSquares));
  const best = Math.fround(Math.min(1, Math.max(0, echoLikeness, lineLikeness, waveLikeness)));
  const blended = Math.fround(Math.fround(F03 * best) + Math.fround(F07 * Math.fround(into.patternCoherence)));
  into.coherence = Math.max(0, Math.min(1, damped(blended, last)));
}

/** Cosine of two vectors from their dot product and lengths; 0 where a length is 0. */
function likeness(dot: number, normA: number, normB: number): number {
  return normA === 0 || normB === 0 ? 0 : dot / (normA * normB);
}

function damped(blended: number, last: number): number {
  const distance = Math.abs(last);
  if (distance >= 2) return blended;
  const damping = Math.fround(1 / Math.fround(1 + Math.fround(F01 * Math.fround(distance))));
  // The product stays in binary64: rounding it again would leave the reference.
  return blended * damping;
}
