import type { BarColumns } from '#domain/bar.ts';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import { randomBars } from './random-bars.ts';

/** Tuesday morning in Tokyo; sessions of both pairs open and close within the bars below. */
export const livelyAt = Date.UTC(2026, 0, 12, 22, 5);

/** Guards that let everything pass, so that a random walk is traded at all. */
const openGuards = {
  GUARD_PROFILE: 'seed',
  AUTO_MIN_COHERENCE: '0',
  GUARD_MIN_STABILITY: '0',
  AUTO_MAX_RUPTURE: '1',
  AUTO_MAX_ENTROPY: '1',
};

/** An evaluator that is content with one day of any result. */
const openEvaluator = {
  windowDays: 1,
  minimumTrades: 0,
  calmarMinimum: -100,
  pnlMinimum: -1e9,
  requiredConsecutive: 1,
  backtestIntervalSeconds: 300,
  missLimit: 1_000,
};

/** The desk's first policies, opened so far that every slot has work on a random walk. */
export function livelyPolicies(): PolicyDocument[] {
  return policyDocuments(configurationFrom(openGuards), 'fx').map(({ key, document }) => ({
    key,
    document: key === 'rolling-evaluator/fx' ? { ...document, ...openEvaluator } : document,
  }));
}

export function livelySeries(seed: number, bars = 3_000): BarColumns[] {
  const walk = { startAt: livelyAt, bars, seed, missing: 0.01 };
  return [
    randomBars({ ...walk, symbol: 'EUR_USD', from: 110_000, step: 12 }),
    randomBars({ ...walk, symbol: 'USD_JPY', from: 150_000, step: 14 }),
  ];
}
