import { assert } from '#base/assert.ts';
import { WINDOW_BITS_MAX } from './manifold-tables.ts';
import { preciseTurn } from './precise-turn.ts';

/** The measures the second kernel added (FX desk specification a.9). They never change the first five. */
export interface ManifoldExtras {
  coherenceTau1: number;
  coherenceTau4: number;
  coherenceTauSlope: number;
  domainWallRatio: number;
  domainWallSlope: number;
  spectralLowShare: number;
  /** 0 where the domain wall slope is flat, like the next two: a flat slope fails every lower bound on them. */
  reynoldsRatio: number;
  temporalHalfLife: number;
  spatialCorrelationLength: number;
}

const FLAT_SLOPE = 1e-6;
const SPECTRUM_BITS_MIN = 4;
const POWER_MIN = 1e-12;

/** Measures the extras of `bits[start]` to `bits[start + length - 1]`; some 10 microseconds for 128 bits. */
export function manifoldExtras(bits: Uint8Array, start: number, length: number, rupture: number): ManifoldExtras {
  assert(length >= 1 && length <= WINDOW_BITS_MAX, 'a window has 1 to 256 bits');
  assert(start >= 0 && start + length <= bits.length, 'the window lies inside the bits');
  const window = bits.subarray(start, start + length);
  const half = Math.floor(length / 2);
  const coherenceTau1 = lagAgreement(window, 1);
  const coherenceTau4 = lagAgreement(window, 4);
  const coherenceTauSlope = (coherenceTau4 - coherenceTau1) / 3;
  // Each half counts its own pairs; the pair across the middle belongs to neither.
  const slope = length < 3 ? 0 : wallRatio(window.subarray(half)) - wallRatio(window.subarray(0, half));
  return {
    coherenceTau1,
    coherenceTau4,
    coherenceTauSlope,
    domainWallRatio: wallRatio(window),
    domainWallSlope: slope,
    spectralLowShare: spectralLowShare(window),
    reynoldsRatio: overSlope(rupture, slope),
    temporalHalfLife: overSlope(Math.LN2, coherenceTauSlope),
    spatialCorrelationLength: overSlope(1, slope),
  };
}

/** Share of bits equal to the bit `lag` before; 1 where there is none. */
function lagAgreement(window: Uint8Array, lag: number): number {
  if (window.length <= lag) return 1;
  let agreeing = 0;
  for (let index = lag; index < window.length; index += 1) {
    if (window[index] === window[index - lag]) agreeing += 1;
  }
  return agreeing / (window.length - lag);
}

function wallRatio(window: Uint8Array): number {
  if (window.length < 2) return 0;
  let walls = 0;
  for (let index = 1; index < window.length; index += 1) {
    if (window[index] !== window[index - 1]) walls += 1;
  }
  return walls / (window.length - 1);
}

function overSlope(numerator: number, slope: number): number {
  const steepness = Math.abs(slope);
  return steepness > FLAT_SLOPE ? numerator / steepness : 0;
}

/** Share of the spectrum's power in its lowest quarter, the mean taken out. Sums run from the left. */
function spectralLowShare(window: Uint8Array): number {
  const length = window.length;
  if (length < SPECTRUM_BITS_MIN) return 0;
  const mean = sum(window) / length;
  const { cosines, sines } = spectrumTables(length);
  const frequencies = Math.floor(length / 2);
  const cut = Math.max(1, Math.floor(frequencies / 4));
  let low = 0;
  let total = 0;
  for (let frequency = 1; frequency <= frequencies; frequency += 1) {
    let real = 0;
    let imaginary = 0;
    for (let index = 0; index < length; index += 1) {
      const centred = (window[index] ?? 0) - mean;
      real += centred * (cosines[frequency * index] ?? 0);
      imaginary += centred * (sines[frequency * index] ?? 0);
    }
    const power = real * real + imaginary * imaginary;
    total += power;
    if (frequency <= cut) low += power;
  }
  return total <= POWER_MIN ? 0 : Math.max(0, Math.min(1, low / total));
}

function sum(window: Uint8Array): number {
  let ones = 0;
  for (const bit of window) ones += bit;
  return ones;
}

interface SpectrumTables {
  length: number;
  /** Indexed by frequency times index: the angle is one rounded product of that whole number and the step. */
  cosines: Float64Array;
  sines: Float64Array;
}

// One length at a time: a document has a single window length.
let tablesInUse: SpectrumTables = { length: 0, cosines: new Float64Array(0), sines: new Float64Array(0) };

function spectrumTables(length: number): SpectrumTables {
  if (tablesInUse.length !== length) tablesInUse = buildSpectrumTables(length);
  return tablesInUse;
}

function buildSpectrumTables(length: number): SpectrumTables {
  const frequencies = Math.floor(length / 2);
  const size = frequencies * (length - 1) + 1;
  const cosines = new Float64Array(size).fill(Number.NaN);
  const sines = new Float64Array(size).fill(Number.NaN);
  const step = (2 * Math.PI) / length;
  for (let frequency = 1; frequency <= frequencies; frequency += 1) {
    for (let index = 0; index < length; index += 1) {
      const product = frequency * index;
      if (!Number.isNaN(cosines[product])) continue;
      const turn = preciseTurn(step * product);
      cosines[product] = turn.cosine;
      sines[product] = turn.sine;
    }
  }
  return { length, cosines, sines };
}
