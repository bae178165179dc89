import type { AccountPlight } from './account-plight.ts';
import { instantText } from './wire-text.ts';

export interface CandleBody {
  readonly complete: boolean;
  readonly volume: number;
  readonly time: string;
  readonly [side: string]: unknown;
}

const dayMs = 86_400_000;

/** Candles as a script wants the next answers to have them. */
export function spoiltCandles(
  candles: readonly CandleBody[],
  plight: AccountPlight,
  lengthMs: number,
): readonly CandleBody[] {
  const [spoiling] = plight.candles;
  if (spoiling === undefined || candles.length < 2) return candles;
  spoiling.left -= 1;
  if (spoiling.left === 0) plight.candles.shift();
  const last = candles.length - 1;
  const middle = Math.floor(last / 2);
  switch (spoiling.mode) {
    case 'duplicate':
      return candles.flatMap((candle, index) => (index === middle ? [candle, candle] : [candle]));
    case 'missing':
      return candles.filter((_, index) => index !== middle);
    case 'unordered':
      return candles.toReversed();
    case 'overlapping':
      return candles.map((candle, index) => (index === middle ? moved(candle, Math.floor(lengthMs / 2)) : candle));
    case 'future':
      return candles.map((candle, index) => (index === last ? { ...moved(candle, dayMs), complete: true } : candle));
    case 'nanoseconds':
      return candles.map((candle) => ({ ...candle, time: `${Date.parse(candle.time)}000000` }));
    case 'revised':
      return candles.map((candle, index) => (index === middle ? revised(candle) : candle));
    case 'unclosed':
      return candles.map((candle) => ({ ...candle, complete: false }));
    case 'empty':
      return [];
  }
}

function moved(candle: CandleBody, ms: number): CandleBody {
  return { ...candle, time: instantText(Date.parse(candle.time) + ms) };
}

/** Another high on every side: the last digit is counted up. */
function revised(candle: CandleBody): CandleBody {
  const sides = ['bid', 'mid', 'ask'].flatMap((name) => {
    const side = candle[name] as { readonly h: string } | undefined;
    if (side === undefined) return [];
    const decimals = side.h.split('.')[1]?.length ?? 0;
    return [[name, { ...side, h: (Number(side.h) + 2 / 10 ** decimals).toFixed(decimals) }]];
  });
  return { ...candle, ...Object.fromEntries(sides) };
}
