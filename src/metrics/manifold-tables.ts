import { assert } from '#base/assert.ts';
import { HEAD_BITS_MAX } from './pair-counts.ts';

/** No window is longer than this; tables are kept for lengths up to it. */
export const WINDOW_BITS_MAX = 256;

/** Everything of the kernel that depends on a window's length alone. Read-only once built. */
export interface WindowTables {
  /** Pairs in the window. */
  pairs: number;
  /** `ratios[k]` = k / pairs in binary32. */
  ratios: Float64Array;
  /** `terms[k]` = p · log2 p in binary32 for p = k / pairs; 0 for k = 0. */
  terms: Float64Array;
  /** One turn of the sine over the window. */
  sines: Float64Array;
  /** `echoes[i]` = exp(-0.1 i). */
  echoes: Float64Array;
  /** Root of the sum of squared echoes, summed from the left. */
  echoNorm: number;
}

const tablesByLength: (WindowTables | undefined)[] = new Array<WindowTables | undefined>(WINDOW_BITS_MAX + 1).fill(
  undefined,
);
const HEAD_PAIRS_MAX = HEAD_BITS_MAX - 1;
const decays: (Float64Array | undefined)[] = new Array<Float64Array | undefined>(HEAD_BITS_MAX * HEAD_BITS_MAX).fill(
  undefined,
);
const HEAD_TERMS = entropyTerms(HEAD_PAIRS_MAX);

/** The tables of a window length, built on first use. A memo of pure functions: it never changes a result. */
export function windowTables(length: number): WindowTables {
  return tablesByLength[length] ?? keepTables(length);
}

/**
 * The decay exp(-lambda · j) of a trajectory, j = 0 to 255, from the pair counts of the window's head (FX desk
 * specification a.4). A head of 20 bits takes 210 shapes at most, so those tables are kept; shorter heads are rare and are not.
 */
export function decayTable(headPairs: number, persisting: number, flips: number): Float64Array {
  if (headPairs !== HEAD_PAIRS_MAX) return buildDecay(entropyTerms(headPairs), persisting, flips);
  return decays[persisting * HEAD_BITS_MAX + flips] ?? keepDecay(persisting, flips);
}

/** Shannon entropy of the three pair kinds in bits, each step rounded to binary32. */
export function pairEntropy(terms: Float64Array, persisting: number, flips: number): number {
  const quiet = terms.length - 1 - persisting - flips;
  const sum = Math.fround(Math.fround((terms[quiet] ?? 0) + (terms[flips] ?? 0)) + (terms[persisting] ?? 0));
  return -sum;
}

function keepTables(length: number): WindowTables {
  assert(Number.isSafeInteger(length) && length >= 2 && length <= WINDOW_BITS_MAX, 'a window has 2 to 256 bits');
  const tables = buildTables(length);
  tablesByLength[length] = tables;
  return tables;
}

function buildTables(length: number): WindowTables {
  const pairs = length - 1;
  const ratios = Float64Array.from({ length }, (_, count) => Math.fround(count / pairs));
  const sines = Float64Array.from({ length }, (_, index) => Math.sin((2 * Math.PI * index) / length));
  const echoes = Float64Array.from({ length }, (_, index) => Math.exp(-0.1 * index));
  let squares = 0;
  for (const echo of echoes) squares += echo * echo;
  return { pairs, ratios, terms: entropyTerms(pairs), sines, echoes, echoNorm: Math.sqrt(squares) };
}

function entropyTerms(pairs: number): Float64Array {
  return Float64Array.from({ length: pairs + 1 }, (_, count) => {
    const share = Math.fround(count / pairs);
    return share > 0 ? Math.fround(share * Math.fround(Math.log2(share))) : 0;
  });
}

function keepDecay(persisting: number, flips: number): Float64Array {
  assert(persisting >= 0 && flips >= 0 && persisting + flips <= HEAD_PAIRS_MAX, 'the head counts fit the head');
  const decay = buildDecay(HEAD_TERMS, persisting, flips);
  decays[persisting * HEAD_BITS_MAX + flips] = decay;
  return decay;
}

function buildDecay(terms: Float64Array, persisting: number, flips: number): Float64Array {
  const disorder = Math.max(0.05, Math.min(1, pairEntropy(terms, persisting, flips) / 1.585));
  const order = 1 - disorder;
  const rate = Math.max(0.01, Math.min(1, 0.3 * disorder + 0.2 * (1 - order)));
  return Float64Array.from({ length: WINDOW_BITS_MAX }, (_, index) => Math.exp(-rate * index));
}
