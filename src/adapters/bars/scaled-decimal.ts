import { scaleOf } from '#domain/scale.ts';

/** The places numbers are scaled to, and how many of them had to be rounded; the caller resets the count. */
export interface Scaling {
  readonly decimals: number;
  rounded: number;
}

const numeral = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const textLimit = 64;

/**
 * A decimal number in a text of bytes as a whole number of the scaling's places: `1.10234` with five is 110234.
 * NaN where the text is no number or its value does not fit 2^53. Digits beyond the declared places are rounded half away from
 * zero and counted, unless they are all zero.
 */
export function parseScaled(bytes: Uint8Array, start: number, end: number, scaling: Scaling): number {
  let value = 0;
  let dot = -1;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === -2 && dot < 0) dot = at;
    else return parseScaledText(fieldText(bytes, start, end), scaling);
  }
  const places = dot < 0 ? 0 : end - dot - 1;
  if (places > scaling.decimals || end - start > 16 || value === 0)
    return parseScaledText(fieldText(bytes, start, end), scaling);
  const scaled = value * scaleOf(scaling.decimals - places);
  return scaled <= Number.MAX_SAFE_INTEGER ? scaled : Number.NaN;
}

/** The same for any spelling of a decimal number, a sign and an exponent included. */
export function parseScaledText(text: string, scaling: Scaling): number {
  const parts = numeral.exec(text.trim());
  if (parts === null || text.length > textLimit) return Number.NaN;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  if (digits === '') return Number.NaN;
  const shift = scaling.decimals + Number(exponent) - fraction.length;
  if (/^0+$/.test(digits)) return 0;
  if (shift > textLimit) return Number.NaN;
  const magnitude = shift >= 0 ? BigInt(digits + '0'.repeat(shift)) : cutDigits(digits, -shift, scaling);
  if (magnitude > BigInt(Number.MAX_SAFE_INTEGER)) return Number.NaN;
  const scaled = Number(magnitude);
  return sign === '-' && scaled !== 0 ? -scaled : scaled;
}

/**
 * A decimal number in a text of bytes as the nearest double, as a parser gives it; NaN where the text is no finite number.
 */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let dot = -1;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === -2 && dot < 0 && at > start) dot = at;
    else return parseNumeral(fieldText(bytes, start, end));
  }
  const places = dot < 0 ? 0 : end - dot - 1;
  if (end - start > 16 || end === start || places > 10) return parseNumeral(fieldText(bytes, start, end));
  return value / scaleOf(places);
}

/** The nearest double to a text that is a decimal number from its first sign to its last; NaN for any other text. */
export function parseNumeral(text: string): number {
  const trimmed = text.trim();
  if (trimmed.length > textLimit || !/\d/.test(trimmed) || !numeral.test(trimmed)) return Number.NaN;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** The characters of a field; a field longer than any number gives a text that no number has. */
function fieldText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > textLimit) return 'too long';
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** The number without its last digits, rounded half away from zero by the first of them. */
function cutDigits(digits: string, places: number, scaling: Scaling): bigint {
  const padded = digits.padStart(places + 1, '0');
  const kept = BigInt(padded.slice(0, -places));
  const rest = padded.slice(-places);
  if (/^0*$/.test(rest)) return kept;
  scaling.rounded += 1;
  return rest.charCodeAt(0) >= 0x35 ? kept + 1n : kept;
}
