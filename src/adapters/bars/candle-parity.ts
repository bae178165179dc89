import { emptyReport } from './import-report.ts';
import { parseIsoText } from './iso-time.ts';
import type { ParsedCandle, ParsedCandles } from './parsed-candle.ts';
import { parseNumeral } from './scaled-decimal.ts';

/**
 * Candles as the original file reader took them (FX desk specification b.1): a text with any syntax error gives none; nested prices, the
 * `complete` flag and impossible prices are not looked at; nothing is sorted and no duplicate dropped. Never refuses.
 * One difference stays: `1.0` and `1` are the same number here, where the original told them apart in `timestamp`.
 */
export function parseCandlesLikeOriginal(text: string, source: string): ParsedCandles {
  const report = emptyReport(source);
  const candles: ParsedCandle[] = [];
  for (const entry of entriesOf(text)) {
    report.rowsRead += 1;
    const candle = candleOf(entry);
    if (candle === undefined) report.skipped.malformed += 1;
    else candles.push(candle);
  }
  report.rowsKept = candles.length;
  return { candles, report };
}

function entriesOf(text: string): readonly unknown[] {
  const value = parseOrNothing(text);
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return [];
  return Array.isArray(value.candles) ? value.candles : [value];
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The original answered a text it could not read with no candles, which callers of this mode ask for.
    return undefined;
  }
}

function candleOf(entry: unknown): ParsedCandle | undefined {
  if (!isRecord(entry)) return undefined;
  const openAt = timeOf(entry);
  const open = priceOf(entry, 'o', 'open');
  const high = priceOf(entry, 'h', 'high');
  const low = priceOf(entry, 'l', 'low');
  const close = priceOf(entry, 'c', 'close');
  if (openAt === undefined || ![open, high, low, close].every(Number.isFinite)) return undefined;
  const volume = priceOf(entry, 'v', 'volume');
  return { openAt, open, high, low, close, volume: Number.isFinite(volume) ? volume : 0 };
}

function timeOf(entry: Readonly<Record<string, unknown>>): number | undefined {
  if (Object.hasOwn(entry, 't')) return typeof entry.t === 'number' ? Math.trunc(entry.t) : undefined;
  if (Object.hasOwn(entry, 'timestamp')) {
    const { timestamp } = entry;
    if (typeof timestamp === 'number') return Number.isInteger(timestamp) && timestamp >= 0 ? timestamp : 0;
    return textTime(timestamp);
  }
  return textTime(entry.time);
}

function textTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const instant = /^\d{1,18}$/.test(value) ? Number(value) : parseIsoText(value);
  return Number.isNaN(instant) ? undefined : instant;
}

/** The short key decides where it is there at all, even with a bad value. */
function priceOf(entry: Readonly<Record<string, unknown>>, short: string, long: string): number {
  const value = entry[Object.hasOwn(entry, short) ? short : long];
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseNumeral(value) : Number.NaN;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
