import type { BarColumns } from '#domain/bar.ts';
import type { Instrument } from '#domain/instrument.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Monday 2026-01-05 00:00 UTC. */
const walkStartAt = Date.UTC(2026, 0, 5);

/** A seeded random walk as M1 bars of the trading week (weekends left out); the generator is that of the golden series. */
export function walkColumns(
  instrument: Instrument,
  bars: number,
  seed: number,
  startAt: number = walkStartAt,
): BarColumns {
  const columns = emptyColumns(instrument, bars);
  let state = seed >>> 0;
  const draw = (span: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % span;
  };
  let close = instrument.quoteCurrency === 'JPY' ? 110_000 : 110_000 + 1_000 * seed;
  let at = startAt;
  for (let index = 0; index < bars; index += 1) {
    const open = close;
    close = Math.max(1_000, open + draw(31) - 15);
    columns.openAt[index] = at;
    columns.open[index] = open;
    columns.high[index] = Math.max(open, close) + draw(8);
    columns.low[index] = Math.min(open, close) - draw(8);
    columns.close[index] = close;
    columns.volume[index] = 1 + draw(500);
    at = nextMinute(at);
  }
  return columns;
}

/** The minute after, with the weekend from Friday 21:00 to Monday 00:00 UTC left out. */
function nextMinute(at: number): number {
  const next = at + minuteMs;
  const date = new Date(next);
  if (date.getUTCDay() !== 5 || date.getUTCHours() < 21) return next;
  return Math.floor(next / dayMs) * dayMs + 3 * dayMs;
}

function emptyColumns(instrument: Instrument, length: number): BarColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {
    instrument: instrument.id,
    intervalMs: minuteMs,
    priceDecimals: instrument.priceDecimals,
    priceBasis: 'bid',
    hasVolume: true,
    length,
    openAt: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    spread: column(),
  };
}
