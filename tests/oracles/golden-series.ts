import type { Candle } from '#metrics/candle.ts';

const START_AT = 1704067200000;
const MINUTE_MS = 60_000;
const DRIFTS = [4, 0, -4, 0];

/** The golden series of FX desk specification l.1: 2000 one-minute candles from one linear congruential generator. */
export function goldenSeries(count = 2000): Candle[] {
  let state = 42;
  const draw = (): number => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state >>> 16;
  };
  let close = 110000;
  return Array.from({ length: count }, (_, index) => {
    const [u1, u2, u3, u4] = [draw(), draw(), draw(), draw()];
    const open = close;
    close = open + (u1 % 21) - 10 + (DRIFTS[Math.floor(index / 250) % 4] ?? 0);
    return {
      openAt: START_AT + MINUTE_MS * index,
      open: open / 100000,
      high: (Math.max(open, close) + (u2 % 8)) / 100000,
      low: (Math.min(open, close) - (u3 % 8)) / 100000,
      close: close / 100000,
      volume: 1 + (u4 % 500),
    };
  });
}
