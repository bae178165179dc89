import fc from 'fast-check';
import type { Candle } from '#metrics/candle.ts';

const MINUTE_MS = 60_000;
const FIRST_OPEN_AT = 1704067200000;

interface Step {
  move: number;
  above: number;
  below: number;
  volume: number;
}

/** Random minute candles of few ticks and small volumes, so that ties are common; about a third of the series has no volume. */
export function candleSeries(minLength: number, maxLength: number): fc.Arbitrary<Candle[]> {
  const step: fc.Arbitrary<Step> = fc.record({
    move: fc.integer({ min: -3, max: 3 }),
    above: fc.integer({ min: 0, max: 2 }),
    below: fc.integer({ min: 0, max: 2 }),
    volume: fc.integer({ min: 0, max: 4 }),
  });
  const steps = fc.array(step, { minLength, maxLength, size: 'max' });
  return fc
    .tuple(steps, fc.constantFrom(0, 1, 1.5), fc.constantFrom(-1, 0, 0, 1))
    .map(([list, volumeScale, drift]) => toCandles(list, volumeScale, drift));
}

/** Bits in runs, so that long stretches of either kind and quick changes both come up. */
export function bitWindow(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  const run = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 40 }), fc.boolean());
  return fc
    .tuple(fc.integer({ min: minLength, max: maxLength }), fc.array(run, { minLength: 1, maxLength: 60, size: 'max' }))
    .map(([length, runs]) => fillBits(length, runs));
}

function fillBits(length: number, runs: readonly (readonly [number, number, boolean])[]): Uint8Array {
  const bits = new Uint8Array(length);
  let index = 0;
  // The runs repeat until the window is full; each is at least one bit long.
  for (let turn = 0; index < length; turn += 1) {
    const [bit, span, alternates] = runs[turn % runs.length] ?? [0, 1, false];
    for (let step = 0; step < span && index < length; step += 1) {
      bits[index] = alternates && step % 2 === 1 ? 1 - bit : bit;
      index += 1;
    }
  }
  return bits;
}

function toCandles(steps: readonly Step[], volumeScale: number, drift: number): Candle[] {
  let ticks = 110_000;
  return steps.map((step, index) => {
    const open = ticks;
    ticks += step.move + drift;
    return {
      openAt: FIRST_OPEN_AT + MINUTE_MS * index,
      open: open / 100_000,
      high: (Math.max(open, ticks) + step.above) / 100_000,
      low: (Math.min(open, ticks) - step.below) / 100_000,
      close: ticks / 100_000,
      volume: step.volume * volumeScale,
    };
  });
}
