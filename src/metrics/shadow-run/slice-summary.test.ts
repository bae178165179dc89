import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oracleDrawdown, oracleTrips } from '../../../tests/oracles/shadow-oracle.ts';
import {
  createShadowScene,
  playMinutes,
  shadowMinutes,
  shadowStartAt,
  shadowStrategy,
} from '../../../tests/support/shadow-market.ts';
import { createShadowRun, type ShadowRun } from './shadow-run.ts';
import { shadowSettings } from './shadow-settings.ts';
import { calmarOf, sliceSummary, summaryBetween } from './slice-summary.ts';
import { addTrip } from './trip-ledger.ts';

const dayMs = 86_400_000;
const strategy = {
  ...shadowStrategy,
  directionThresholdBps: 1,
  entryCooldownSeconds: 0,
  exitCooldownSeconds: 0,
  stopLossPips: 3,
};

test('a slice is what the marks of its own round trips come to', () => {
  let trips = 0;
  fc.assert(
    fc.property(shadowMinutes({ min: 60, max: 200 }), fc.nat(), fc.nat(), (minutes, a, b) => {
      const scene = createShadowScene([strategy]);
      playMinutes(scene, minutes);
      const run = scene.set.runs[0];
      const span = (minutes.at(-1)?.bar.openAt ?? 0) - shadowStartAt;
      const [fromAt, untilAt] = [shadowStartAt + (a % span), shadowStartAt + (b % (2 * span))];
      assert.ok(run !== undefined);
      const { closed, open } = oracleTrips({ minutes, strategy, inputs: scene.inputs(), rankCapacity: 1800 });
      const inside = closed.filter(({ entryAt }) => entryAt >= fromAt && entryAt < untilAt);
      const levels: number[] = [];
      const isOpenInside = open !== undefined && open.entryAt >= fromAt && open.entryAt < untilAt;
      for (const trip of isOpenInside ? [...inside, open] : inside) {
        const base = inside
          .slice(0, inside.indexOf(trip) === -1 ? undefined : inside.indexOf(trip))
          .reduce((sum, { profit }) => sum + profit, 0);
        levels.push(...trip.levels.map((level) => base + level));
      }
      const summary = summaryBetween(run, { fromAt, untilAt });
      assert.equal(summary.trades, inside.length);
      assert.ok(Math.abs(summary.pnlTotal - inside.reduce((sum, { profit }) => sum + profit, 0)) < 1e-12);
      assert.ok(Math.abs(summary.maxDrawdown - oracleDrawdown(levels)) < 1e-12);
      assert.equal(
        summary.winRate,
        inside.length === 0 ? 0 : inside.filter(({ profit }) => profit > 0).length / inside.length,
      );
      trips += inside.length;
    }),
    { numRuns: 60 },
  );
  assert.ok(trips > 100, `${trips} round trips were in slices`);
});

function randomRun(gaps: readonly number[], profits: readonly number[]): ShadowRun {
  const run = createShadowRun(shadowSettings(shadowStrategy));
  let at = 0;
  for (const [index, gap] of gaps.entries()) {
    at += gap;
    // Halves of halves add up exactly.
    const sum = (profits[index] ?? 0) / 1024;
    addTrip(run.trips, at, at + 1, {
      sum,
      peak: Math.max(0, sum),
      trough: Math.min(0, sum),
      drawdown: Math.max(0, -sum),
    });
  }
  return run;
}

test('a longer span never has fewer round trips', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3 * dayMs }), { minLength: 1, maxLength: 120 }),
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 120, maxLength: 120 }),
      fc.nat(40 * dayMs),
      (gaps, profits, later) => {
        const run = randomRun(gaps, profits);
        const at = gaps.reduce((sum, gap) => sum + gap, 0) + later;
        const [short, middle, long] = [14, 30, 60].map((days) => sliceSummary(run, days, at));
        assert.ok(short !== undefined && middle !== undefined && long !== undefined);
        assert.ok(long.trades >= middle.trades && middle.trades >= short.trades);
        assert.ok(long.maxDrawdown >= middle.maxDrawdown && middle.maxDrawdown >= short.maxDrawdown);
      },
    ),
  );
});

test('a round trip belongs to a span by its entry, whenever it ended', () => {
  const run = createShadowRun(shadowSettings(shadowStrategy));
  const at = 100 * dayMs;
  addTrip(run.trips, at - 30 * dayMs - 1, at - 29 * dayMs, { sum: 0.5, peak: 0.5, trough: 0, drawdown: 0 });
  addTrip(run.trips, at - 30 * dayMs, at - 29 * dayMs, { sum: 0.25, peak: 0.25, trough: 0, drawdown: 0 });
  assert.deepEqual(sliceSummary(run, 30, at), { trades: 1, winRate: 1, pnlTotal: 0.25, maxDrawdown: 0, calmar: 100 });
});

test('calmar is profit over drawdown within a hundred, and 0 without round trips', () => {
  assert.equal(calmarOf(0.008, 0.04), 0.2);
  assert.equal(calmarOf(1, 0), 100);
  assert.equal(calmarOf(-1, 0), -100);
  const run = createShadowRun(shadowSettings(shadowStrategy));
  assert.deepEqual(sliceSummary(run, 30, dayMs), { trades: 0, winRate: 0, pnlTotal: 0, maxDrawdown: 0, calmar: 0 });
});
