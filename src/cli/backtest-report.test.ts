import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { RunSummary } from '#runtime/run-report.ts';
import { printBacktest, tellWarnings } from './backtest-report.ts';
import { createOutput } from './output.ts';

const summary: RunSummary = {
  runId: 'a1',
  fromAt: Date.UTC(2026, 0, 5),
  untilAt: Date.UTC(2026, 0, 6),
  bars: 4320,
  decisions: 1440,
  orders: 12,
  fills: 20,
  denials: 1,
  roundTrips: 5,
  winRate: 0.4,
  startBalance: 100_000,
  endEquity: 99_500.5,
  pnl: -499.5,
  pnlFraction: -0.004995,
  maxDrawdown: 0.0123,
  calmar: -0.4,
  sharpe: Number.NaN,
  profitFactor: Number.POSITIVE_INFINITY,
  fees: 0,
  financing: -1.5,
  spreadCosts: 120,
  costShare: 0.25,
  exposure: 0.5,
  pessimisticFills: 2,
  decisionsHash: 'd'.repeat(64),
  dataHash: 'e'.repeat(64),
  guards: { EUR_USD: { windows: 200, seed: 1, calibrated: 50 }, AUD_USD: { windows: 0, seed: 0, calibrated: 0 } },
  slotsChanged: { universe: 0, gate: 7 },
  modules: [
    {
      module: 'freshness',
      slot: 'gate',
      calls: 1440,
      changed: 360,
      refused: 0,
      failed: 0,
      decided: 9,
      offered: 400,
      passed: 40,
    },
    {
      module: 'pair-list',
      slot: 'universe',
      calls: 1440,
      changed: 0,
      refused: 0,
      failed: 0,
      decided: 1,
      offered: 10_080,
      passed: 10_080,
    },
  ],
  warnings: ['only one pair has data'],
};

function printed(changes: Partial<RunSummary> = {}): { readonly result: string; readonly work: string } {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  const output = createOutput(streams);
  const run = { summary: { ...summary, ...changes }, barsPerSecond: 1_000_000, symbols: ['EUR_USD'] };
  printBacktest(run, output);
  tellWarnings(run, output);
  return { result: String(streams.result.read()), work: String(streams.work.read()) };
}

test('the report shows figures, gates, slots and modules', () => {
  const { result } = printed();
  for (const line of [
    /^2026-01-05 00:00 to 2026-01-06 00:00 UTC, EUR_USD$/m,
    /^bars per second +1,000,000$/m,
    /^profit and loss +-499\.50$/m,
    /^of start balance +-0\.50%$/m,
    /^maximum drawdown +1\.23%$/m,
    /^Sharpe +–$/m,
    /^profit factor +–$/m,
    /^EUR_USD +200 +0\.50% +25\.00%$/m,
    /^freshness +400 +40 +10\.00%$/m,
    /^gate +7$/m,
    /^supervision +0$/m,
    /^pair-list +universe +1,440 +0 +0 +0 +1$/m,
    /^decisions hash d{64}$/m,
  ]) {
    assert.match(result, line);
  }
  assert.ok(result.indexOf('AUD_USD') < result.indexOf('EUR_USD  '), 'pairs are in order of name');
  assert.doesNotMatch(result, /pair-list +1,440/);
});

test('warnings stand beside the result, and a run without a round trip is told loudly', () => {
  assert.equal(printed().work, 'warning: only one pair has data\n');
  assert.match(printed({ roundTrips: 0 }).work, /!{72}\nNO ROUND TRIP: .*\n!{72}\n$/);
});
