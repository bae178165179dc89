import { assert } from '#base/assert.ts';

/** Cosine and sine of one angle. */
export interface Turn {
  cosine: number;
  sine: number;
}

// Fixed point with 160 bits after the point, in whole numbers that cannot round on the way.
const SCALE_BITS = 160n;
const ONE = 1n << SCALE_BITS;
const ONE_AS_DOUBLE = Number(ONE);
// Pi with the same 160 bits, from its published hexadecimal expansion (3.243F6A88 85A308D3 ...).
const PI = 0x3243f6a8885a308d313198a2e03707344a4093822n;
const HALF_PI = PI >> 1n;
const ANGLE_SCALE_BITS = 64n;
const ANGLE_SCALE = Number(1n << ANGLE_SCALE_BITS);
const ANGLE_MIN = 1 / 1024;
const ANGLE_MAX = 1024;
// The 40th power of pi / 4 over 40! lies below the last bit kept.
const TERMS = 40n;

/**
 * Cosine and sine, each rounded once to the nearest double, for 0 or an angle between 1/1024 and 1024 radians. The engine's own
 * functions may be off in the last bit, and not alike from version to version; a spectrum that must equal the reference to
 * the bit cannot use them. Slow: meant for tables.
 */
export function preciseTurn(angle: number): Turn {
  if (angle === 0) return { cosine: 1, sine: 0 };
  assert(angle >= ANGLE_MIN && angle <= ANGLE_MAX, 'the angle is 0 or lies between 1/1024 and 1024 radians');
  const fixed = BigInt(angle * ANGLE_SCALE) << (SCALE_BITS - ANGLE_SCALE_BITS);
  const quarters = (fixed + (HALF_PI >> 1n)) / HALF_PI;
  const { cosine, sine } = seriesTurn(fixed - (quarters * PI) / 2n);
  const quadrant = quarters % 4n;
  if (quadrant === 0n) return rounded(cosine, sine);
  if (quadrant === 1n) return rounded(-sine, cosine);
  if (quadrant === 2n) return rounded(-cosine, -sine);
  return rounded(sine, -cosine);
}

/** Both Taylor series at once: term n is the one before it times rest / n. */
function seriesTurn(rest: bigint): { cosine: bigint; sine: bigint } {
  let term = ONE;
  let cosine = ONE;
  let sine = 0n;
  for (let power = 1n; power <= TERMS; power += 1n) {
    term = (term * rest) / (power * ONE);
    const sign = power % 4n < 2n ? 1n : -1n;
    if (power % 2n === 0n) cosine += sign * term;
    else sine += sign * term;
  }
  return { cosine, sine };
}

function rounded(cosine: bigint, sine: bigint): Turn {
  return { cosine: Number(cosine) / ONE_AS_DOUBLE, sine: Number(sine) / ONE_AS_DOUBLE };
}
