import { assert } from '#base/assert.ts';

/** How a text with more decimals than fit is rounded; `up` is away from zero. */
export type DecimalRounding = 'halfEven' | 'towardZero' | 'up';

const plain = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * The scaled integer a plain decimal text stands for, exactly: ('1.10234', 5) gives 110234. Undefined for anything but digits with an
 * optional sign and point, for digits other than zero beyond the decimals, and beyond 2^53.
 */
export function parseDecimalText(text: string, decimals: number): number | undefined {
  const parts = partsOf(text, decimals);
  if (parts === undefined || /[1-9]/.test(parts.rest)) return undefined;
  return signed(Number(parts.digits), parts.isNegative);
}

/** As the exact reading, but rounded once to the decimals. */
export function parseDecimalRounded(text: string, decimals: number, rounding: DecimalRounding): number | undefined {
  const parts = partsOf(text, decimals);
  if (parts === undefined) return undefined;
  const whole = Number(parts.digits);
  return signed(whole + carry(parts.rest, whole % 2 === 1, rounding), parts.isNegative);
}

interface DecimalParts {
  readonly isNegative: boolean;
  /** The digits that fit, without a point. */
  readonly digits: string;
  /** The digits beyond. */
  readonly rest: string;
}

function partsOf(text: string, decimals: number): DecimalParts | undefined {
  assert(Number.isInteger(decimals) && decimals >= 0 && decimals <= 18, `decimals are 0 to 18, found '${decimals}'`);
  const match = plain.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  return {
    isNegative: sign === '-',
    digits: whole + fraction.slice(0, decimals).padEnd(decimals, '0'),
    rest: fraction.slice(decimals),
  };
}

function carry(rest: string, isOdd: boolean, rounding: DecimalRounding): 0 | 1 {
  if (rounding === 'towardZero' || !/[1-9]/.test(rest)) return 0;
  if (rounding === 'up') return 1;
  const first = Number(rest[0]);
  if (first !== 5) return first > 5 ? 1 : 0;
  return isOdd || /[1-9]/.test(rest.slice(1)) ? 1 : 0;
}

function signed(magnitude: number, isNegative: boolean): number | undefined {
  if (!Number.isSafeInteger(magnitude)) return undefined;
  return isNegative && magnitude !== 0 ? -magnitude : magnitude;
}
