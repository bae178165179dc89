import { parseCandlesLikeOriginal } from './candle-parity.ts';
import { earliestEpochMs } from './csv-reader.ts';
import { ImportError } from './import-error.ts';
import { emptyReport, type ImportReport, type SkipReason } from './import-report.ts';
import { parseIsoText } from './iso-time.ts';
import type { ParsedCandle, ParsedCandles } from './parsed-candle.ts';
import { parseNumeral } from './scaled-decimal.ts';

/** The largest JSON text that is read: about three million candles. */
export const candleJsonBytesMax = 256 * 1024 * 1024;

export interface CandleJsonOptions {
  /** Reads as the original file reader did, quirks included (FX desk specification b.1): only a text beyond the cap is refused. */
  readonly parity: boolean;
}

/**
 * Candles of a JSON text: an array, an object with an array `candles`, one candle, or one candle a line. Every spelling of
 * FX desk specification b.1 is read, nested prices included. Of several spellings the first that is present decides, and a bad value is never
 * papered over by the next. Without parity: candles still forming, bad prices and bad times are skipped and counted, the rest is
 * sorted and of equal times the last is kept; a text that is no JSON is an `ImportError`.
 */
export function parseCandleJson(bytes: Uint8Array, source: string, options: CandleJsonOptions): ParsedCandles {
  if (bytes.length > candleJsonBytesMax)
    throw new ImportError(
      'tooLarge',
      `'${source}' holds more than the ${candleJsonBytesMax} bytes of JSON that are read at most`,
    );
  // A byte order mark is kept in parity, where it is a syntax error as it was for the original.
  const text = new TextDecoder('utf-8', { ignoreBOM: options.parity }).decode(bytes);
  if (options.parity) return parseCandlesLikeOriginal(text, source);
  const report = emptyReport(source);
  const candles: ParsedCandle[] = [];
  for (const entry of candleEntries(text, source)) {
    report.rowsRead += 1;
    const candle = readCandle(entry);
    if (typeof candle === 'string') report.skipped[candle] += 1;
    else candles.push(candle);
  }
  return { candles: inOrder(candles, report), report };
}

/** One candle of any known shape, or the reason why it is none. */
export function readCandle(entry: unknown): ParsedCandle | SkipReason {
  if (!isRecord(entry)) return 'malformed';
  if (entry.complete === false) return 'incomplete';
  const openAt = candleTime(firstPresent(entry, ['t', 'timestamp', 'time']));
  if (Number.isNaN(openAt)) return 'malformed';
  if (openAt < 0) return 'timeNotMilliseconds';
  const prices = candlePrices(entry);
  const volume = candleVolume(entry, prices.level);
  const { open, high, low, close } = prices;
  if ([open, high, low, close, volume].some(Number.isNaN)) return 'malformed';
  if (open <= 0 || high <= 0 || low <= 0 || close <= 0) return 'nonPositivePrice';
  if (high < low || open > high || open < low || close > high || close < low) return 'ohlcViolation';
  if (volume < 0) return 'negativeVolume';
  return { openAt, open, high, low, close, volume };
}

function candleEntries(text: string, source: string): readonly unknown[] {
  const trimmed = text.trim();
  if (trimmed === '') throw new ImportError('empty', `'${source}' is empty; candles are expected`);
  const whole = parseJson(trimmed);
  if (whole.error !== undefined) return lineEntries(trimmed, source, whole.error);
  if (Array.isArray(whole.value)) return whole.value;
  if (!isRecord(whole.value))
    throw new ImportError(
      'syntax',
      `'${source}': an array or object of candles is expected, found '${trimmed.slice(0, 40)}'`,
    );
  return Array.isArray(whole.value.candles) ? whole.value.candles : [whole.value];
}

/** One candle a line. The first line must be an object by itself, so that a broken document is not taken for lines. */
function lineEntries(text: string, source: string, error: string): readonly unknown[] {
  const entries: unknown[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const parsed = parseJson(line);
    if (entries.length === 0 && !isRecord(parsed.value))
      throw new ImportError('syntax', `'${source}' is not JSON: ${error}`);
    entries.push(parsed.value);
  }
  return entries;
}

function parseJson(text: string): { readonly value?: unknown; readonly error?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: error instanceof Error ? error.message.slice(0, 160) : 'unknown error' };
  }
}

/** A time in ms UTC: NaN where the value is none, -1 where it is too small for milliseconds. */
function candleTime(value: unknown): number {
  const text = typeof value === 'string' ? value.trim() : '';
  const isEpoch = typeof value === 'number' || /^\d{1,16}$/.test(text);
  if (!isEpoch) return parseIsoText(text);
  const epochMs = Math.trunc(typeof value === 'number' ? value : Number(text));
  if (!Number.isSafeInteger(epochMs) || epochMs < 0) return Number.NaN;
  return epochMs < earliestEpochMs ? -1 : epochMs;
}

interface Prices {
  readonly level: Readonly<Record<string, unknown>>;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** The four prices of one level, the candle itself before its mid, bid and ask; never a mixture of two. */
function candlePrices(entry: Readonly<Record<string, unknown>>): Prices {
  const levels = [entry, entry.mid, entry.bid, entry.ask].filter(isRecord);
  const keys = [
    ['o', 'open'],
    ['h', 'high'],
    ['l', 'low'],
    ['c', 'close'],
  ];
  const level =
    levels.find((candidate) => keys.every((names) => firstPresent(candidate, names) !== undefined)) ?? entry;
  const [open = Number.NaN, high = Number.NaN, low = Number.NaN, close = Number.NaN] = keys.map((names) =>
    figure(firstPresent(level, names)),
  );
  return { level, open, high, low, close };
}

/** The volume beside the prices or in the candle; 0 where there is none, NaN where it is no number. */
function candleVolume(entry: Readonly<Record<string, unknown>>, level: Readonly<Record<string, unknown>>): number {
  const names = ['v', 'volume', 'vol'];
  const value = firstPresent(entry, names) ?? firstPresent(level, names);
  return value === undefined ? 0 : figure(value);
}

function figure(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseNumeral(value) : Number.NaN;
}

function firstPresent(record: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  for (const name of names) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function inOrder(candles: ParsedCandle[], report: ImportReport): ParsedCandle[] {
  let latestAt = Number.NEGATIVE_INFINITY;
  for (const { openAt } of candles) {
    if (openAt < latestAt) report.unordered += 1;
    else latestAt = openAt;
  }
  // Sorting is stable, so that of equal times the last stays last.
  const sorted = report.unordered === 0 ? candles : candles.toSorted((a, b) => a.openAt - b.openAt);
  const kept = sorted.filter((candle, place) => sorted[place + 1]?.openAt !== candle.openAt);
  report.skipped.duplicate = sorted.length - kept.length;
  report.rowsKept = kept.length;
  return kept;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
