// Time of the evaluator's shadow runs a bar and parameter set, while flat and on a market that trades, of a back-fill and of a strict
// evaluation, with their ratios to a bare loop over the same bars, measured in one run.
// Run: node bench/evaluator.bench.ts

import type { Bar } from '#domain/bar.ts';
import type { StrategyPolicy } from '#domain/policies.ts';
import { createWindowMetrics } from '#metrics/manifold-track.ts';
import { createRollingRank, pushValue } from '#metrics/rolling-rank.ts';
import { marketInputs } from '#metrics/shadow-run/market-inputs.ts';
import { createRunSet, type RunSet, retuneRuns, stepRuns } from '#metrics/shadow-run/run-set.ts';
import { shadowSettings } from '#metrics/shadow-run/shadow-settings.ts';
import { sliceSummary } from '#metrics/shadow-run/slice-summary.ts';
import { createStrictWindow, strictSummary } from '#metrics/shadow-run/strict-window.ts';
import {
  minuteBar,
  shadowCalendar,
  shadowCosts,
  shadowInstrument,
  shadowStrategy,
} from '../tests/support/shadow-market.ts';

const DAYS = 30;
const BARS = DAYS * 1440;
const REPETITIONS = 9;
const SETS = 8;
const STEPS = 10_000;
const SEED = 20_240_102;
const GOAL_NANOSECONDS = 300;

const minuteMs = 60_000;
const windowEvery = 4;
const ranks = {
  coherence: createRollingRank(1800),
  entropy: createRollingRank(1800),
  rupture: createRollingRank(1800),
};
const window = createWindowMetrics();
const market = { instrument: shadowInstrument, priceBasis: 'bid', manifold: { history: ranks, window } } as const;
const context = { costs: shadowCosts, desk: { barIntervalMs: minuteMs }, view: { calendar: shadowCalendar } };

const bars = walk(12);
const calibrated: StrategyPolicy = {
  ...shadowStrategy,
  guardProfile: 'calibrated',
  directionLookback: 12,
  bracketMode: 'atr',
};
const quiet: StrategyPolicy = { ...calibrated, directionThresholdBps: 100 };

const passes = {
  windows: windowsPass,
  alone: (): RunSet => play([]),
  flat: (): RunSet => play(sets(quiet)),
  trading: (): RunSet => play(sets(calibrated)),
  backfill: (): number => backfill(sample),
  bare: barePass,
};
const sample = passes.trading();
const trips = sample.runs.reduce((sum, run) => sum + run.trips.end, 0);
// Every pass warms the code before any is measured: they share most of it.
for (const pass of Object.values(passes)) for (let count = 0; count < 3; count += 1) pass();
const medians = Object.fromEntries(Object.entries(passes).map(([name, pass]) => [name, median(measure(pass, BARS))]));
const figure = (name: keyof typeof passes): number => medians[name] ?? Number.NaN;
const flatRun = (figure('flat') - figure('alone')) / SETS;

console.log(`Node ${process.version}, ${BARS} bars from seed ${SEED}, ${REPETITIONS} repetitions, medians`);
report('the history alone', figure('alone') - figure('windows'));
report('a run that stays flat', flatRun);
report(
  `a run that trades (${(trips / SETS / DAYS).toFixed(1)} round trips a day)`,
  (figure('trading') - figure('alone')) / SETS,
);
report('the back-fill of a run', figure('backfill'));
report('bare loop (one multiply-add a bar)', figure('bare'));
console.log(`flat run / bare loop  ${(flatRun / figure('bare')).toFixed(1)}`);
console.log(`goal ${GOAL_NANOSECONDS} ns a bar and set while flat: ${flatRun <= GOAL_NANOSECONDS ? 'met' : 'missed'}`);
const [slide, fold] = [median(measure(slidePass, STEPS)), median(measure(foldPass, STEPS))];
console.log(`a strict evaluation takes ${slide.toFixed(0)} ns by two stacks, ${fold.toFixed(0)} ns trip by trip`);

/** So many different sets that do the same amount of work. */
function sets(strategy: StrategyPolicy): StrategyPolicy[] {
  return Array.from({ length: SETS }, (_, index) => ({ ...strategy, entryCooldownSeconds: 60 + index }));
}

/** Bars as a module takes them in: inputs are put together for each. */
function play(strategies: readonly StrategyPolicy[]): RunSet {
  const set = createRunSet(DAYS, minuteMs);
  retuneRuns(
    set,
    strategies.map((strategy) => shadowSettings(strategy)),
    marketInputs(market, context),
  );
  for (let index = 0; index < bars.length; index += 1) {
    const bar = bars[index];
    if (bar === undefined) break;
    if (index % windowEvery === 0) readWindow(bar);
    stepRuns(set, bar, marketInputs(market, context));
  }
  return set;
}

/** Stands for the engine's kernel, and costs the same whatever runs there are. */
function readWindow(bar: Bar): void {
  window.windowEndAt = bar.openAt;
  window.coherence = (bar.close % 97) / 97;
  window.patternCoherence = window.coherence;
  window.entropy = (bar.close % 89) / 89;
  window.rupture = (bar.high % 83) / 83;
  window.stability = 1 - window.rupture;
  pushValue(ranks.coherence, window.coherence);
  pushValue(ranks.entropy, window.entropy);
  pushValue(ranks.rupture, window.rupture);
}

/** What the engine pays for the windows anyway. */
function windowsPass(): number {
  for (let index = 0; index < bars.length; index += windowEvery) {
    const bar = bars[index];
    if (bar !== undefined) readWindow(bar);
  }
  return ranks.coherence.count;
}

function backfill(set: RunSet): number {
  const copy: RunSet = { ...set, runs: [] };
  retuneRuns(copy, [shadowSettings(calibrated)], marketInputs(market, context));
  return copy.runs[0]?.trips.end ?? Number.NaN;
}

function slidePass(): number {
  const run = sample.runs[0];
  if (run === undefined) return Number.NaN;
  const strict = createStrictWindow(DAYS);
  let sum = 0;
  const endAt = bars.at(-1)?.openAt ?? 0;
  for (let step = 0; step < STEPS; step += 1) sum += strictSummary(strict, run, endAt + step * minuteMs).maxDrawdown;
  return sum;
}

function foldPass(): number {
  const run = sample.runs[0];
  if (run === undefined) return Number.NaN;
  let sum = 0;
  const endAt = bars.at(-1)?.openAt ?? 0;
  for (let step = 0; step < STEPS; step += 1) sum += sliceSummary(run, DAYS, endAt + step * minuteMs).maxDrawdown;
  return sum;
}

function barePass(): number {
  let sum = 0;
  for (const bar of bars) sum += bar.close * 1.000001;
  return sum;
}

/** Nanoseconds a bar (or a piece) of each repetition, after one that only warms. */
function measure(pass: () => unknown, pieces: number): number[] {
  pass();
  return Array.from({ length: REPETITIONS }, () => {
    const startedAt = performance.now();
    if (Number.isNaN(pass())) throw new Error('a measured pass gave no figure');
    return ((performance.now() - startedAt) * 1e6) / pieces;
  });
}

function report(name: string, nanoseconds: number): void {
  console.log(`${name.padEnd(44)} ${nanoseconds.toFixed(0).padStart(6)} ns a bar`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A walk of steps up to so many ticks a minute. */
function walk(step: number): Bar[] {
  let state = SEED >>> 0;
  const draw = (): number => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  let close = 110_000;
  return Array.from({ length: BARS }, (_, minute) => {
    const open = close;
    close = open + Math.round((draw() - 0.5) * 2 * step);
    const high = Math.max(open, close) + Math.round(draw() * 5);
    const low = Math.min(open, close) - Math.round(draw() * 5);
    return minuteBar(minute, { open, high, low, close });
  });
}
