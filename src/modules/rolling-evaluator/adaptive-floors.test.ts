import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvaluationSummary } from '#domain/events.ts';
import { adaptiveFloors, bufferOf, shortfalls } from './adaptive-floors.ts';
import { addSample, createFloorHistory, type FloorHistory } from './floor-history.ts';

const published = {
  minimumTrades: 12,
  calmarMinimum: 0.18,
  pnlMinimum: 0.002,
  historyMinimum: 20,
  floorMode: 'repaired',
} as const;

function summaryOf(trades: number, calmar: number, pnlTotal: number): EvaluationSummary {
  return { trades, winRate: 0.5, pnlTotal, maxDrawdown: 0.01, calmar };
}

/** Results 1 to `count` in each measure, scaled. */
function pastOf(count: number, scale: { trades: number; calmar: number; pnl: number }): FloorHistory {
  const history = createFloorHistory();
  for (let index = 1; index <= count; index += 1) {
    addSample(history, summaryOf(index * scale.trades, index * scale.calmar, index * scale.pnl), index);
  }
  return history;
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}

test('the published decision passes: 18, 0.22 and 0.008 over 12, 0.18 and 0.002 with a buffer of 0.10', () => {
  for (const floorMode of ['repaired', 'literal'] as const) {
    const { passAt, failBelow, floors } = adaptiveFloors({ ...published, floorMode }, undefined, 0.1);
    assert.deepEqual(floors, { minimumTrades: 12, calmarMinimum: 0.18, pnlMinimum: 0.002 });
    near(passAt.minimumTrades, 13.2);
    near(passAt.calmarMinimum, 0.198);
    near(passAt.pnlMinimum, 0.0022);
    near(failBelow.minimumTrades, 10.8);
    near(failBelow.calmarMinimum, 0.162);
    near(failBelow.pnlMinimum, 0.0018);
    assert.deepEqual(shortfalls(summaryOf(18, 0.22, 0.008), passAt), []);
    assert.deepEqual(shortfalls(summaryOf(13, 0.197, 0.0021), passAt), [
      'trades-below-floor',
      'calmar-below-floor',
      'pnl-below-floor',
    ]);
  }
});

test('fewer than twenty different results leave the floors of the desk', () => {
  const { floors } = adaptiveFloors(published, pastOf(19, { trades: 5, calmar: 1, pnl: 1 }), 0.1);
  assert.deepEqual(floors, { minimumTrades: 12, calmarMinimum: 0.18, pnlMinimum: 0.002 });
  const same = createFloorHistory();
  for (let index = 0; index < 100; index += 1) addSample(same, summaryOf(50, 5, 1), index);
  assert.deepEqual(adaptiveFloors(published, same, 0.1).floors, floors);
});

test('read literally, the buffer widens the percentiles of the past too', () => {
  // Of 1 to 21: median 11, quartiles 6 and 16, 40th percentile 9.
  const past = pastOf(21, { trades: 2, calmar: 0.1, pnl: 0.001 });
  const { floors, passAt, failBelow } = adaptiveFloors({ ...published, floorMode: 'literal' }, past, 0.1);
  near(floors.minimumTrades, 22);
  near(floors.calmarMinimum, 1.1 + 0.1 * 1);
  near(floors.pnlMinimum, 0.009);
  near(passAt.minimumTrades, 24.2);
  near(passAt.calmarMinimum, 1.32);
  near(failBelow.calmarMinimum, 1.08);
  near(failBelow.pnlMinimum, 0.0081);
});

test('repaired, percentiles count as they are and the median of trades up to one and a half times the desk', () => {
  const past = pastOf(21, { trades: 2, calmar: 0.1, pnl: 0.001 });
  const { floors, passAt, failBelow } = adaptiveFloors(published, past, 0.1);
  near(floors.minimumTrades, 18);
  for (const bounds of [passAt, failBelow]) {
    near(bounds.minimumTrades, 18);
    near(bounds.calmarMinimum, 1.2);
    near(bounds.pnlMinimum, 0.009);
  }
});

test('an instrument that only equals its own median passes when repaired, never when read literally', () => {
  const past = pastOf(21, { trades: 2, calmar: 0, pnl: 0.001 });
  const median = summaryOf(22, 0.5, 0.011);
  assert.deepEqual(shortfalls(median, adaptiveFloors(published, past, 0.1).passAt), []);
  const literal = adaptiveFloors({ ...published, floorMode: 'literal' }, past, 0.1);
  assert.deepEqual(shortfalls(median, literal.passAt), ['trades-below-floor']);
});

test('a past that was poor never lowers the floors of the desk', () => {
  const past = pastOf(30, { trades: 0.1, calmar: -1, pnl: -1 });
  for (const floorMode of ['repaired', 'literal'] as const) {
    assert.deepEqual(adaptiveFloors({ ...published, floorMode }, past, 0).floors, {
      minimumTrades: 12,
      calmarMinimum: 0.18,
      pnlMinimum: 0.002,
    });
  }
});

test('a buffer widens a floor below zero upward and downward, and a floor of zero not at all', () => {
  const { passAt, failBelow } = adaptiveFloors({ ...published, calmarMinimum: -0.5, pnlMinimum: 0 }, undefined, 0.1);
  near(passAt.calmarMinimum, -0.45);
  near(failBelow.calmarMinimum, -0.55);
  assert.equal(passAt.pnlMinimum, 0);
  assert.equal(failBelow.pnlMinimum, 0);
});

test('a bound is reached at its very value, and nothing that is no number reaches it', () => {
  const bounds = { minimumTrades: 1, calmarMinimum: 1, pnlMinimum: 1 };
  assert.deepEqual(shortfalls(summaryOf(1, 1, 1), bounds), []);
  assert.equal(shortfalls(summaryOf(1, Number.NaN, 1), bounds).length, 1);
});

test('an instrument has its own buffer, within 0 and 0.3', () => {
  const parameters = { hysteresisDefault: 0.1, hysteresisByInstrument: { USD_CHF: 0.15, NZD_USD: 0.5 } };
  assert.equal(bufferOf(parameters, 'EUR_USD'), 0.1);
  assert.equal(bufferOf(parameters, 'USD_CHF'), 0.15);
  assert.equal(bufferOf(parameters, 'NZD_USD'), 0.3);
  assert.equal(bufferOf(parameters, 'toString'), 0.1);
});
