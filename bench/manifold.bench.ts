// Time of the manifold kernel a window at stride 1, and its ratios to the slow oracle and to a bare loop, measured in one run.
// Run: node bench/manifold.bench.ts

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Candle } from '#metrics/candle.ts';
import {
  createManifoldTrack,
  createWindowMetrics,
  measureWindow,
  pushCandle,
  TRACK_WINDOW_BITS,
} from '#metrics/manifold-track.ts';
import { oracleBits, oracleMetrics } from '../tests/oracles/manifold-oracle.ts';

const CANDLES = 43_200;
const REPETITIONS = 15;
const ORACLE_STRIDE = 20;
const SEED = 20_240_101;
const GOAL_MICROSECONDS = 1;

const candles = randomCandles(CANDLES, SEED);
const windows = CANDLES - TRACK_WINDOW_BITS;

const kernel = timesPerWindow(REPETITIONS, windows, kernelPass);
// The least of several, since the compiler's own garbage falls into some passes.
const heapGrowth = Math.min(...Array.from({ length: 5 }, () => heapGrowthOf(kernelPass)));
const oracle = timesPerWindow(3, Math.ceil(windows / ORACLE_STRIDE), oraclePass);
const bare = timesPerWindow(REPETITIONS, windows, barePass);

console.log(
  `Node ${process.version}, ${CANDLES} candles from seed ${SEED}, ${windows} windows of ${TRACK_WINDOW_BITS} bits, ${REPETITIONS} repetitions`,
);
report('kernel (push and measure C, S, H, R)', kernel);
report(`oracle (every ${ORACLE_STRIDE}th window)`, oracle);
report('bare loop (128 doubles, one multiply-add each)', bare);
console.log(`kernel / oracle     ${(median(kernel) / median(oracle)).toFixed(4)} (medians)`);
console.log(`kernel / bare loop  ${(median(kernel) / median(bare)).toFixed(2)} (medians)`);
console.log(`heap growth of a warm pass  ${(heapGrowth / windows).toFixed(3)} bytes a window`);
console.log(
  `goal ${GOAL_MICROSECONDS} µs a window: ${median(kernel) <= GOAL_MICROSECONDS ? 'met' : 'missed'} by the median`,
);

function kernelPass(): number {
  const track = createManifoldTrack();
  const metrics = createWindowMetrics();
  // An indexed loop and a typed sum, so that the pass itself puts nothing on the heap.
  const sum = new Float64Array(1);
  for (let index = 0; index < candles.length; index += 1) {
    const candle = candles[index];
    if (candle === undefined) break;
    pushCandle(track, candle);
    if (measureWindow(track, metrics)) sum[0] = (sum[0] ?? 0) + metrics.coherence;
  }
  return sum[0] ?? Number.NaN;
}

function oraclePass(): number {
  const bits = oracleBits(candles);
  let sum = 0;
  for (let start = 0; start + TRACK_WINDOW_BITS <= bits.length; start += ORACLE_STRIDE) {
    sum += oracleMetrics(bits.slice(start, start + TRACK_WINDOW_BITS)).coherence;
  }
  return sum;
}

function barePass(): number {
  const values = Float64Array.from(candles, (candle) => candle.close);
  let total = 0;
  for (let start = 0; start < windows; start += 1) {
    let sum = 0;
    for (let index = 0; index < TRACK_WINDOW_BITS; index += 1) sum += (values[start + index] ?? 0) * 1.000001;
    total += sum;
  }
  return total;
}

/** Microseconds a window of each repetition, after one that only warms. */
function timesPerWindow(repetitions: number, count: number, pass: () => number): number[] {
  let sink = pass();
  const times = Array.from({ length: repetitions }, () => {
    const startedAt = performance.now();
    sink += pass();
    return ((performance.now() - startedAt) * 1000) / count;
  });
  if (!Number.isFinite(sink)) throw new Error(`a measured pass gave ${sink}`);
  return times;
}

/** Bytes a pass leaves on a heap that was just swept; a pass this short triggers no collection of its own. */
function heapGrowthOf(pass: () => number): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  const before = process.memoryUsage().heapUsed;
  pass();
  return process.memoryUsage().heapUsed - before;
}

function report(name: string, times: number[]): void {
  console.log(
    `${name.padEnd(48)} min ${Math.min(...times).toFixed(4)} µs, median ${median(times).toFixed(4)} µs a window`,
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function randomCandles(count: number, seed: number): Candle[] {
  let state = seed >>> 0;
  const draw = (): number => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  let close = 1.1;
  return Array.from({ length: count }, (_, index) => {
    const open = close;
    close = open * (1 + (draw() - 0.5) * 2e-4);
    const high = Math.max(open, close) * (1 + draw() * 5e-5);
    const low = Math.min(open, close) * (1 - draw() * 5e-5);
    return { openAt: index * 60_000, open, high, low, close, volume: Math.floor(draw() * 500) };
  });
}
