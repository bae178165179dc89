import fc from 'fast-check';
import type { Bar } from '#domain/bar.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import type { Costs } from '#domain/costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { StrategyPolicy } from '#domain/policies.ts';
import type { GuardHistory } from '#metrics/guard-levels.ts';
import { createWindowMetrics, type WindowMetrics } from '#metrics/manifold-track.ts';
import { createRollingRank, pushValue } from '#metrics/rolling-rank.ts';
import type { MarketInputs } from '#metrics/shadow-run/market-moment.ts';
import { createRunSet, type RunSet, retuneRuns, stepRuns } from '#metrics/shadow-run/run-set.ts';
import { type ShadowSettings, shadowSettings } from '#metrics/shadow-run/shadow-settings.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Monday 2026-01-12 00:00 UTC. */
export const shadowStartAt = Date.UTC(2026, 0, 12);

/** A pair with plain hours: it opens at 06:00 and closes at 20:00 UTC every day, with a break from 12:00 to 12:05. */
export const shadowInstrument = fxInstrument('EUR_USD');

export const shadowCalendar: CalendarDocument = {
  version: 'plain',
  fromAt: shadowStartAt - 100 * dayMs,
  untilAt: shadowStartAt + 100 * dayMs,
  sessions: {
    tokyo: [],
    london: daily(6 * hourMs, 14 * hourMs),
    newYork: daily(11 * hourMs, 20 * hourMs),
    sydney: [],
  },
  breaks: daily(12 * hourMs, 12 * hourMs + 5 * minuteMs),
  weeks: [shadowStartAt - 100 * dayMs, shadowStartAt + 100 * dayMs],
};

function daily(fromMs: number, untilMs: number): number[] {
  const days = Array.from({ length: 199 }, (_, index) => shadowStartAt + (index - 100) * dayMs);
  return days.flatMap((day) => [day + fromMs, day + untilMs]);
}

/** A strategy whose guards let everything pass. */
export const shadowStrategy: StrategyPolicy = {
  guardProfile: 'seed',
  minimumCoherence: 0,
  minimumStability: 0,
  maximumRupture: 1,
  maximumEntropy: 1,
  coherencePercentile: 0.7,
  entropyPercentile: 0.4,
  rupturePercentile: 0.8,
  signaturePrecision: 2,
  signatureLookbackMinutes: 60,
  directionMode: 'combined',
  directionLookback: 3,
  directionThresholdBps: 2,
  deltaCoherenceMode: 'off',
  deltaCoherenceMinimum: -0.02,
  entryCooldownSeconds: 60,
  exitCooldownSeconds: 60,
  exitSlopeEnabled: false,
  exitSlopeBps: null,
  exitPnlEnabled: false,
  exitPnlTakeProfit: 0.5,
  exitPnlStopLoss: -1.25,
  exitPnlUnit: 'price_pct',
  bracketEnabled: true,
  bracketMode: 'fixed',
  bracketIntervalMinutes: 5,
  bracketLength: 14,
  bracketMultiple: 1.8,
  bracketRewardRisk: 1.5,
  stopLossPips: 15,
  sessionTradingEnabled: true,
  sessionExitMinutes: 5,
  gapHoldBars: 0,
};

export const shadowCosts: Costs = {
  instruments: {},
  otherwise: { spreadPips: [1], slippagePips: 0.2, commissionPerMillion: 0 },
  financingRates: {},
  financingMarkup: 0,
  latencyMs: 0,
  closeOutFraction: 0.5,
};

/** A bar, and the window that was read on it, if one was. */
export interface ShadowMinute {
  readonly bar: Bar;
  readonly window: WindowMetrics | undefined;
}

/** A market that shadow runs are driven through, with the guards' history that the desk would have. */
export interface ShadowScene {
  readonly set: RunSet;
  readonly ranks: GuardHistory;
  window: WindowMetrics;
  readonly inputs: () => MarketInputs;
}

/** A scene with one run for each strategy given. */
export function createShadowScene(
  strategies: readonly StrategyPolicy[],
  options: { readonly days?: number; readonly rankCapacity?: number; readonly changes?: Partial<MarketInputs> } = {},
): ShadowScene {
  const capacity = options.rankCapacity ?? 1800;
  const ranks: GuardHistory = {
    coherence: createRollingRank(capacity),
    entropy: createRollingRank(capacity),
    rupture: createRollingRank(capacity),
  };
  const scene: ShadowScene = {
    set: createRunSet(options.days ?? 30, minuteMs),
    ranks,
    window: createWindowMetrics(),
    inputs: () => ({
      instrument: shadowInstrument,
      priceBasis: 'bid',
      barIntervalMs: minuteMs,
      costs: shadowCosts,
      calendar: shadowCalendar,
      ranks,
      window: scene.window,
      ...options.changes,
    }),
  };
  retuneScene(scene, strategies);
  return scene;
}

export function retuneScene(scene: ShadowScene, strategies: readonly StrategyPolicy[]): void {
  const settings: ShadowSettings[] = strategies.map((strategy) => shadowSettings(strategy));
  retuneRuns(scene.set, settings, scene.inputs());
}

/** Closes minutes as the engine would: the window is read and ranked before the runs see the bar. */
export function playMinutes(scene: ShadowScene, minutes: readonly ShadowMinute[]): void {
  for (const { bar, window } of minutes) {
    if (window !== undefined) {
      scene.window = window;
      pushValue(scene.ranks.coherence, window.coherence);
      pushValue(scene.ranks.entropy, window.entropy);
      pushValue(scene.ranks.rupture, window.rupture);
    }
    stepRuns(scene.set, bar, scene.inputs());
  }
}

/** A bar of the scene's pair that opens so many minutes after its start. Prices in ticks. */
export function minuteBar(minute: number, prices: { open: number; high?: number; low?: number; close: number }): Bar {
  const { open, close } = prices;
  return {
    instrument: shadowInstrument.id,
    openAt: shadowStartAt + minute * minuteMs,
    open,
    high: prices.high ?? Math.max(open, close),
    low: prices.low ?? Math.min(open, close),
    close,
    volume: 1,
    spread: 0,
  };
}

/** A window that ends with a bar. */
export function windowAt(bar: Bar, measures: Partial<WindowMetrics> = {}): WindowMetrics {
  return {
    ...createWindowMetrics(),
    coherence: 0.5,
    stability: 0.9,
    entropy: 0.5,
    rupture: 0.1,
    patternCoherence: 0.5,
    windowEndAt: bar.openAt,
    endPrice: bar.close / 100_000,
    ...measures,
  };
}

interface DrawnMinute {
  readonly gap: number;
  readonly steps: readonly [number, number, number, number];
  readonly spread: number;
  readonly measures: readonly [number, number, number, number] | undefined;
}

const step = fc.integer({ min: -40, max: 40 });
const measure = fc.integer({ min: 0, max: 1000 }).map((value) => value / 1000);
const drawnMinute: fc.Arbitrary<DrawnMinute> = fc.record({
  gap: fc.oneof({ weight: 30, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 90 }) }),
  steps: fc.tuple(step, step, fc.nat(25), fc.nat(25)),
  spread: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 25 }) }),
  measures: fc.option(fc.tuple(measure, measure, measure, measure), { nil: undefined, freq: 3 }),
});

/** Walks of a market with gaps, recorded and missing spreads, and windows now and then; they begin at 05:00 UTC. */
export function shadowMinutes(count: { readonly min: number; readonly max: number }): fc.Arbitrary<ShadowMinute[]> {
  return fc.array(drawnMinute, { minLength: count.min, maxLength: count.max }).map(walk);
}

function walk(drawn: readonly DrawnMinute[]): ShadowMinute[] {
  let minute = 5 * 60 - 1;
  let price = 110_000;
  return drawn.map(({ gap, steps, spread, measures }) => {
    minute += gap;
    const open = price + Math.trunc(steps[0] / 4);
    const close = open + steps[1];
    price = close;
    const high = Math.max(open, close) + steps[2];
    const low = Math.min(open, close) - steps[3];
    const bar = { ...minuteBar(minute, { open, high, low, close }), spread };
    if (measures === undefined) return { bar, window: undefined };
    const [coherence, entropy, rupture, patternCoherence] = measures;
    return { bar, window: windowAt(bar, { coherence, entropy, rupture, stability: 1 - rupture, patternCoherence }) };
  });
}
