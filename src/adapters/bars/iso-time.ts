const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysToEpoch = 719_162;

/**
 * The instant an ISO text names, in ms UTC; NaN where it names none. Date and clock are split by `T` or a blank, seconds are
 * required, a fraction is cut to milliseconds, and the zone is `Z`, `+HH:MM`, `+HHMM` or absent for UTC (FX desk specification b.1).
 * Years before 1970 are refused, since no market data is that old.
 */
export function parseIsoTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19 || end - start > 48) return Number.NaN;
  const dayMs = parseDay(bytes, start);
  const separator = bytes[start + 10];
  if (separator !== 0x54 && separator !== 0x20) return Number.NaN;
  const clockMs = parseClock(bytes, start + 11);
  const fractionEnd = bytes[start + 19] === 0x2e ? digitsEnd(bytes, start + 20, end) : start + 19;
  const zoneMs = parseZone(bytes, fractionEnd, end);
  return dayMs + clockMs + parseFraction(bytes, start + 19, fractionEnd) - zoneMs;
}

/** The same from a text; NaN where it names no instant. */
export function parseIsoText(text: string): number {
  const bytes = new TextEncoder().encode(text.slice(0, 64));
  return parseIsoTime(bytes, 0, bytes.length);
}

function parseDay(bytes: Uint8Array, at: number): number {
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d) return Number.NaN;
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (daysOfMonth[month - 1] ?? 0) + (isLeap && month === 2 ? 1 : 0)) return Number.NaN;
  const before = year - 1;
  const days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return (
    (days - daysToEpoch + (daysBeforeMonth[month - 1] ?? 0) + (isLeap && month > 2 ? 1 : 0) + day - 1) * 86_400_000
  );
}

function parseClock(bytes: Uint8Array, at: number): number {
  const hour = twoDigits(bytes, at);
  const minute = twoDigits(bytes, at + 3);
  const second = twoDigits(bytes, at + 6);
  if (bytes[at + 2] !== 0x3a || bytes[at + 5] !== 0x3a) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

function parseFraction(bytes: Uint8Array, dot: number, end: number): number {
  if (end === dot) return 0;
  if (end === dot + 1) return Number.NaN;
  let ms = 0;
  for (let digit = 1; digit <= 3; digit += 1) ms = ms * 10 + (dot + digit < end ? (bytes[dot + digit] ?? 0) - 0x30 : 0);
  return ms;
}

function parseZone(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  const sign = bytes[at];
  if (sign === 0x5a) return end === at + 1 ? 0 : Number.NaN;
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN;
  const colon = bytes[at + 3] === 0x3a ? 1 : 0;
  if (end !== at + 5 + colon) return Number.NaN;
  const hours = twoDigits(bytes, at + 1);
  const minutes = twoDigits(bytes, at + 3 + colon);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const offset = (hours * 60 + minutes) * 60_000;
  return sign === 0x2b ? offset : -offset;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at += 1;
  return at;
}
