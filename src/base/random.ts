import { normalQuantile } from '#base/normal-quantile.ts';

/** A seeded stream of chance as plain data: the four words of the xoshiro128** generator (Blackman and Vigna, prng.di.unimi.it). */
export interface Random {
  readonly words: Uint32Array;
}

/** Told of every draw while it is set; it sees values and never changes them. */
export type DrawRecorder = (reason: string, value: number) => void;

/**
 * Starts a stream. The same seed and name give the same stream on every machine; streams of one seed with different names are
 * independent, so a part that draws more never shifts what another part draws.
 */
export function createRandom(seed: number, stream = ''): Random {
  const text = `${seed}/${stream}`;
  const first = textHash(text, 0x811c9dc5);
  const second = textHash(text, 0x9747b28c);
  const words = Uint32Array.of(mix(first), mix(second), mix(first + golden), mix(second + golden));
  // The all-zero state is the one from which the generator never leaves.
  if (words.every((word) => word === 0)) words[0] = 1;
  return { words };
}

/** The next 32 bits as an unsigned integer. */
export function drawWord(random: Random, reason: string): number {
  const value = nextWord(random.words);
  recorder?.(reason, value);
  return value;
}

/** A fraction in [0, 1) with 53 random bits. */
export function draw(random: Random, reason: string): number {
  const high = nextWord(random.words) >>> 5;
  const low = nextWord(random.words) >>> 6;
  const value = (high * 67_108_864 + low) / 9_007_199_254_740_992;
  recorder?.(reason, value);
  return value;
}

/** A draw of the standard normal distribution; takes exactly one fraction from the stream, so that streams stay in step. */
export function normal(random: Random, reason: string): number {
  return normalQuantile(Math.max(draw(random, reason), smallestFraction));
}

/** Sets or, with null, removes the hook that is told of every draw: for the search after a draw too many, nothing else. */
export function recordDraws(listener: DrawRecorder | null): void {
  recorder = listener;
}

let recorder: DrawRecorder | null = null;

const golden = 0x9e3779b9;
/** Half of the smallest step between fractions stands for zero, whose quantile would be infinite. */
const smallestFraction = 1 / 18_014_398_509_481_984;

function nextWord(words: Uint32Array): number {
  const w0 = words[0] ?? 0;
  const w1 = words[1] ?? 0;
  const w2 = words[2] ?? 0;
  const w3 = words[3] ?? 0;
  const result = Math.imul(rotate(Math.imul(w1, 5), 7), 9) >>> 0;
  const third = w2 ^ w0;
  const fourth = w3 ^ w1;
  words[1] = w1 ^ third;
  words[0] = w0 ^ fourth;
  words[2] = third ^ (w1 << 9);
  words[3] = rotate(fourth, 11);
  return result;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** FNV-1a of a text's character codes. */
function textHash(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The finalizer of MurmurHash3, which spreads one changed bit over all 32. */
function mix(value: number): number {
  let word = (value + golden) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
