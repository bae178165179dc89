import type { Redis } from 'ioredis';
import { commandFailure } from './connect.ts';
import { StoreError } from './store-error.ts';

/** One instrument's minutes from the first day to the last, both whole, UTC. */
export interface CandleSelector {
  readonly instrument: string;
  /** 00:00 UTC of the first day, ms. */
  readonly fromAt: number;
  /** 00:00 UTC of the day after the last; its candle belongs to the range too. */
  readonly untilAt: number;
}

/** What a member must hold to be placed in time and chosen among several of the same minute. */
export interface TimedCandle {
  readonly openAt: number;
  readonly volume: number;
}

export interface CandleRange<C extends TimedCandle> {
  /** Ascending in time. */
  readonly candles: readonly C[];
  readonly membersRead: number;
  /** Members left out, by the reason the reader gave. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface ReadRangeOptions<C extends TimedCandle> {
  /** A candle, or the word for what is wrong with the member. */
  readMember(member: unknown): C | string;
  /** Keeps every member of a minute, as the original reader did. */
  readonly keepsDuplicates: boolean;
  onProgress?(days: number, total: number): void;
}

const dayMs = 86_400_000;
/** Ten years, beyond which a selector is taken for a slip. */
const daysMax = 3_660;
/** A day has 1440 minutes; a store that keeps unfinished candles may hold some for each of them. */
const membersADayMax = 100_000;

/**
 * Reads `valkey:{instrument}:{YYYY-MM-DD}:{YYYY-MM-DD}` (FX desk specification b.1); the word for what was expected where the text is none.
 */
export function parseCandleSelector(text: string): CandleSelector | string {
  const match = /^valkey:([A-Za-z0-9_.-]+):(\d{4}-\d{2}-\d{2}):(\d{4}-\d{2}-\d{2})$/.exec(text);
  const expected = `expected 'valkey:EUR_USD:2025-01-01:2025-01-31', found '${text}'`;
  if (match === null) return expected;
  const [, instrument = '', first = '', last = ''] = match;
  const fromAt = dayAt(first);
  const lastAt = dayAt(last);
  if (Number.isNaN(fromAt) || Number.isNaN(lastAt)) return `${expected}, which names no day of the calendar`;
  if (lastAt < fromAt) return `${expected}, whose last day is before the first`;
  if ((lastAt - fromAt) / dayMs >= daysMax) return `${expected}, which is more than ${daysMax} days`;
  return { instrument, fromAt, untilAt: lastAt + dayMs };
}

/**
 * The candles of a range, out of the sorted set `md:candles:{instrument}:M1` by score, both ends included: one candle more than
 * the days have. A bad member is left out and counted. Of several members of one minute the one with most volume is kept, since a candle
 * polled before its end holds less. Throws a `StoreError` of code `failed` or `tooMany`.
 */
export async function readCandleRange<C extends TimedCandle>(
  client: Redis,
  selector: CandleSelector,
  options: ReadRangeOptions<C>,
): Promise<CandleRange<C>> {
  const key = `md:candles:${selector.instrument}:M1`;
  const days = (selector.untilAt - selector.fromAt) / dayMs;
  const candles: C[] = [];
  const skipped: Record<string, number> = {};
  let membersRead = 0;
  for (let day = 0; day <= days; day += 1) {
    const fromAt = selector.fromAt + day * dayMs;
    const members = await membersOf(client, key, fromAt, day === days ? String(fromAt) : `(${fromAt + dayMs}`);
    membersRead += members.length;
    for (const member of members) {
      const candle = options.readMember(parsed(member));
      if (typeof candle === 'string') skipped[candle] = (skipped[candle] ?? 0) + 1;
      else candles.push(candle);
    }
    options.onProgress?.(day, days);
  }
  // Sorting is stable, so that what is kept of one minute stays in the order of the store.
  candles.sort((left, right) => left.openAt - right.openAt);
  return { candles: options.keepsDuplicates ? candles : withoutDuplicates(candles, skipped), membersRead, skipped };
}

async function membersOf(client: Redis, key: string, min: number, max: string): Promise<string[]> {
  const members = await client
    .zrangebyscore(key, min, max, 'LIMIT', 0, membersADayMax + 1)
    .catch((error: unknown) => Promise.reject(commandFailure(`reading '${key}'`, error)));
  if (members.length <= membersADayMax) return members;
  throw new StoreError(
    'tooMany',
    `'${key}' holds more than the ${membersADayMax} members of one day that are read at most`,
  );
}

function parsed(member: string): unknown {
  try {
    return JSON.parse(member);
  } catch {
    // The reader counts what is no candle; a text that is no JSON is one such.
    return undefined;
  }
}

function withoutDuplicates<C extends TimedCandle>(candles: readonly C[], skipped: Record<string, number>): C[] {
  const kept: C[] = [];
  for (const candle of candles) {
    const last = kept.at(-1);
    if (last === undefined || last.openAt !== candle.openAt) {
      kept.push(candle);
      continue;
    }
    skipped['duplicate'] = (skipped['duplicate'] ?? 0) + 1;
    if (candle.volume >= last.volume) kept[kept.length - 1] = candle;
  }
  return kept;
}

/** 00:00 UTC of a day, NaN where the calendar has no such day. */
function dayAt(text: string): number {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at : Number.NaN;
}
