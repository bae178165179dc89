import { assert } from '#base/assert.ts';
import type { Candle } from './candle.ts';
import { assertFinite, type BitBasis, downBit, setBasis, upBit } from './candle-bits.ts';
import { type KernelMetrics, measureBits } from './manifold-kernel.ts';
import { addToHead, addToWindow, createPairCounts, HEAD_BITS_MAX, type PairCounts } from './pair-counts.ts';

/** Bits in a window that decisions read; it spans 129 candles. */
export const TRACK_WINDOW_BITS = 128;

const SLOT_MASK = TRACK_WINDOW_BITS - 1;
const WINDOW_PAIRS = TRACK_WINDOW_BITS - 1;
const HEAD_PAIRS = HEAD_BITS_MAX - 1;

/**
 * The manifold of one instrument, candle by candle: plain data. The last 128 bits stand in each ring of 256 twice, 128 slots
 * apart, so that every window lies in one piece.
 */
export interface ManifoldTrack {
  /** Bits so far, of which the rings hold the last 128. */
  bits: number;
  candles: number;
  ups: Uint8Array;
  downs: Uint8Array;
  counts: PairCounts;
  /** Pairs 1-1 among the down-bits of the window. */
  downPersisting: number;
  basis: BitBasis;
  /** Opening of the newest candle, milliseconds UTC. */
  lastOpenAt: number;
}

/**
 * One window, stamped at its end. Decisions read these fields only: the reference stamps a window with the time and price of
 * its second candle, 127 bars before the data it rests on ends (FX desk specification 0.2, fact 1).
 */
export interface WindowMetrics extends KernelMetrics {
  /** Share of pairs 1-1 among the down-bits: rupture mirrored. */
  downRunRatio: number;
  /** Opening of the window's newest candle, milliseconds UTC. The window is known once that candle has closed. */
  windowEndAt: number;
  /** Close of the window's newest candle. */
  endPrice: number;
}

/** A track that has seen no candle. */
export function createManifoldTrack(): ManifoldTrack {
  return {
    bits: 0,
    candles: 0,
    ups: new Uint8Array(2 * TRACK_WINDOW_BITS),
    downs: new Uint8Array(2 * TRACK_WINDOW_BITS),
    counts: createPairCounts(TRACK_WINDOW_BITS),
    downPersisting: 0,
    basis: { range: 0, close: 0, volume: 0 },
    lastOpenAt: 0,
  };
}

/** A place for the measures of one window, to be filled again and again. */
export function createWindowMetrics(): WindowMetrics {
  return {
    coherence: 0,
    stability: 0,
    entropy: 0,
    rupture: 0,
    patternCoherence: 0,
    downRunRatio: 0,
    windowEndAt: 0,
    endPrice: 0,
  };
}

/** Adds a closed candle, in constant time. Candles come in the order of their opening; a gap is no matter, a step back stops. */
export function pushCandle(track: ManifoldTrack, candle: Candle): void {
  assertFinite(candle);
  if (track.candles > 0) {
    assert(candle.openAt > track.lastOpenAt, 'candles come in the order of their opening');
    pushBits(track, upBit(track.basis, candle), downBit(track.basis, candle));
  }
  setBasis(track.basis, candle);
  track.lastOpenAt = candle.openAt;
  track.candles += 1;
}

/** Bits the track has seen: one fewer than candles. */
export function bitCount(track: ManifoldTrack): number {
  return track.bits;
}

/** Fills `into` with the newest window of 128 bits. Returns false, and leaves `into` alone, while there are fewer bits. */
export function measureWindow(track: ManifoldTrack, into: WindowMetrics): boolean {
  if (track.bits < TRACK_WINDOW_BITS) return false;
  measureBits(track.ups, track.bits & SLOT_MASK, track.counts, into);
  into.downRunRatio = Math.fround(track.downPersisting / WINDOW_PAIRS);
  into.windowEndAt = track.lastOpenAt;
  into.endPrice = track.basis.close;
  return true;
}

function pushBits(track: ManifoldTrack, up: number, down: number): void {
  const { ups, downs, counts } = track;
  const index = track.bits;
  // The oldest pair leaves before the new bit takes the oldest bit's place.
  if (index >= TRACK_WINDOW_BITS) {
    const leaving = onesAt(ups, index);
    addToWindow(counts, leaving, -1);
    addToHead(counts, leaving, -1);
    if (onesAt(downs, index) === 2) track.downPersisting -= 1;
  }
  store(ups, index, up);
  store(downs, index, down);
  track.bits += 1;
  if (index === 0) return;
  const entering = onesAt(ups, index - 1);
  addToWindow(counts, entering, 1);
  if (onesAt(downs, index - 1) === 2) track.downPersisting += 1;
  if (index <= HEAD_PAIRS) addToHead(counts, entering, 1);
  else if (index >= TRACK_WINDOW_BITS) addToHead(counts, onesAt(ups, index - TRACK_WINDOW_BITS + HEAD_PAIRS), 1);
}

function store(ring: Uint8Array, index: number, bit: number): void {
  const slot = index & SLOT_MASK;
  ring[slot] = bit;
  ring[slot + TRACK_WINDOW_BITS] = bit;
}

/** Ones in the pair whose first bit has this index. */
function onesAt(ring: Uint8Array, index: number): number {
  const slot = index & SLOT_MASK;
  return (ring[slot] ?? 0) + (ring[slot + 1] ?? 0);
}
