// Decimal point positions between which a double is written without an exponent.
const PLAIN_POINT_MIN = -3;
const PLAIN_POINT_MAX = 15;

/**
 * A double as the reference's JSON writes it: the shortest digits that read back as the same number, always with a point or an exponent
 * (`1.0`, `5.9e-05`, `1e+20`). What is not finite becomes `null`, since JSON has no word for it.
 */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (value < 0 || Object.is(value, -0)) return `-${unsignedText(-value)}`;
  return unsignedText(value);
}

function unsignedText(value: number): string {
  if (value === 0) return '0.0';
  // Without an argument this gives exactly as many digits as are needed.
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const point = Number(exponent) + 1;
  if (point > PLAIN_POINT_MAX || point < PLAIN_POINT_MIN) return exponentText(mantissa, point - 1);
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${digits.padEnd(point, '0')}.0`;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function exponentText(mantissa: string, exponent: number): string {
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
