import { assert } from '#base/assert.ts';
import type { Candle } from './candle.ts';

/** What the next candle's bits compare themselves with. */
export interface BitBasis {
  /** High less low, as one binary64 subtraction. Integer ticks would change ties and so bits. */
  range: number;
  close: number;
  volume: number;
}

/** The active up-bit of a candle, 0 or 1 (FX desk specification a.1). Equality counts as grown. */
export function upBit(previous: BitBasis, candle: Candle): number {
  return candle.close >= previous.close && hasGrown(previous, candle) ? 1 : 0;
}

/** The mirror of the up-bit: 1 when the close is not higher and range or volume has not shrunk. */
export function downBit(previous: BitBasis, candle: Candle): number {
  return candle.close <= previous.close && hasGrown(previous, candle) ? 1 : 0;
}

/** Sets the basis for the candle that follows. */
export function setBasis(basis: BitBasis, candle: Candle): void {
  basis.range = candle.high - candle.low;
  basis.close = candle.close;
  basis.volume = candle.volume;
}

/** Up-bits and down-bits of a series; bit k compares candle k with candle k + 1. */
export interface CandleBits {
  ups: Uint8Array;
  downs: Uint8Array;
}

/** Encodes a whole series at once: one bit fewer than there are candles. */
export function encodeBits(candles: readonly Candle[]): CandleBits {
  const count = Math.max(0, candles.length - 1);
  const bits: CandleBits = { ups: new Uint8Array(count), downs: new Uint8Array(count) };
  const basis: BitBasis = { range: 0, close: 0, volume: 0 };
  for (const [index, candle] of candles.entries()) {
    assertFinite(candle);
    if (index > 0) {
      bits.ups[index - 1] = upBit(basis, candle);
      bits.downs[index - 1] = downBit(basis, candle);
    }
    setBasis(basis, candle);
  }
  return bits;
}

/** A comparison with a number that is not finite would hide a feed's mistake in a plain 0. */
export function assertFinite(candle: Candle): void {
  assert(Number.isSafeInteger(candle.openAt), 'a candle opens at whole milliseconds');
  const holds = Number.isFinite(candle.high - candle.low) && Number.isFinite(candle.close + candle.volume);
  assert(holds, 'the prices and the volume of a candle are finite');
}

function hasGrown(previous: BitBasis, candle: Candle): boolean {
  return candle.high - candle.low >= previous.range || candle.volume >= previous.volume;
}
