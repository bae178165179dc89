import { assert } from '#base/assert.ts';

declare const kind: unique symbol;

/** An amount in the account currency's decimals. */
export type Money = number & { readonly [kind]: 'money' };

/** The ways a division may round. Each kind of figure has its own: quantities toward zero, fees up, money half to even. */
export type Rounding = 'towardZero' | 'up' | 'halfEven' | 'halfAway';

const powersOfTen = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
];

/** Ten to the given number of decimals, 0 to 10. */
export function scaleOf(decimals: number): number {
  const scale = powersOfTen[decimals];
  assert(scale !== undefined, `decimals are 0 to 10, found '${decimals}'`);
  return scale;
}

export function money(value: number): Money {
  assert(Number.isSafeInteger(value), `an amount is a whole number of steps, found '${value}'`);
  return value as Money;
}

/** The decimal number a scaled integer stands for; exact to the nearest double, as a parser would give it. */
export function toDecimal(value: number, decimals: number): number {
  return value / scaleOf(decimals);
}

/** The scaled integer nearest to a decimal number; halves go away from zero. */
export function fromDecimal(value: number, decimals: number): number {
  assert(Number.isFinite(value), `a finite number is needed, found '${value}'`);
  const scaled = value * scaleOf(decimals);
  const result = value < 0 ? -Math.round(-scaled) : Math.round(scaled);
  assert(Number.isSafeInteger(result), `'${value}' does not fit ${decimals} decimals`);
  return result === 0 ? 0 : result;
}

/** The decimal text of a scaled integer with all its decimals: (110234, 5) gives '1.10234'. */
export function formatScaled(value: number, decimals: number): string {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const sign = value < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * `a × b ÷ c`, rounded once. Exact beyond 2^53 in between.
 * Stops when the result is not a safe integer or `c` is not positive.
 */
export function mulDivRound(a: number, b: number, c: number, rounding: Rounding): number {
  assert(c > 0, `a divisor is positive, found '${c}'`);
  const product = a * b;
  if (Math.abs(product) <= Number.MAX_SAFE_INTEGER) return divideRound(product, c, rounding);
  return divideRoundExact(BigInt(a) * BigInt(b), BigInt(c), rounding);
}

function divideRound(numerator: number, divisor: number, rounding: Rounding): number {
  const magnitude = Math.abs(numerator);
  const whole = Math.floor(magnitude / divisor);
  const rest = magnitude - whole * divisor;
  const rounded = rest === 0 ? whole : whole + carry(rest * 2 - divisor, whole % 2 === 1, rounding);
  return numerator < 0 && rounded !== 0 ? -rounded : rounded;
}

function divideRoundExact(numerator: bigint, divisor: bigint, rounding: Rounding): number {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const whole = magnitude / divisor;
  const rest = magnitude % divisor;
  const twice = rest * 2n - divisor;
  const compared = twice > 0n ? 1 : twice < 0n ? -1 : 0;
  const rounded = Number(whole) + (rest === 0n ? 0 : carry(compared, whole % 2n === 1n, rounding));
  assert(Number.isSafeInteger(rounded), 'the result of a scaled division is beyond 2^53');
  return numerator < 0n && rounded !== 0 ? -rounded : rounded;
}

/** One where the magnitude is rounded up, given how twice the remainder compares with the divisor. */
function carry(compared: number, isOdd: boolean, rounding: Rounding): 0 | 1 {
  switch (rounding) {
    case 'towardZero':
      return 0;
    case 'up':
      return 1;
    case 'halfAway':
      return compared >= 0 ? 1 : 0;
    case 'halfEven':
      return compared > 0 || (compared === 0 && isOdd) ? 1 : 0;
  }
}
