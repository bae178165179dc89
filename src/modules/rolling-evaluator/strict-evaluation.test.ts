import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sliceSummary } from '#metrics/shadow-run/slice-summary.ts';
import { createEvaluatorDesk, type EvaluatorDesk, evaluatorState } from '../../../tests/support/evaluator-desk.ts';
import { rollingEvaluator } from './rolling-evaluator.ts';

const policies = { 'rolling-evaluator': { windowDays: 1 } };

function only(desk: EvaluatorDesk): ReturnType<typeof evaluatorState>['byInstrument'][string] {
  const evaluation = evaluatorState(desk).byInstrument['EURUSD.OANDA'];
  assert.ok(evaluation !== undefined);
  return evaluation;
}

test('a result is the strict slice of the shadow run, under its parameter key', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies });
  desk.minutes(1);
  const [event] = desk.all('evaluation.completed');
  const run = only(desk).set.runs[0];
  assert.ok(event !== undefined && run !== undefined);
  assert.equal(event.parameterKey, 'c0.0:l12:t2.0:ec60:xc60');
  assert.equal(event.days, 1);
  assert.ok(event.summary.trades >= 8);
  const slow = sliceSummary(run, 1, event.at);
  assert.equal(event.summary.trades, slow.trades);
  assert.equal(event.summary.pnlTotal, slow.pnlTotal);
  assert.ok(Math.abs(event.summary.maxDrawdown - slow.maxDrawdown) < 1e-12);
  assert.deepEqual(event.floors, { minimumTrades: 8, calmarMinimum: 0.1, pnlMinimum: 0 });
  assert.equal(event.isEligible, false);
});

test('a result comes every quarter of an hour, however often gates are published', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies });
  desk.minutes(60);
  const minutes = desk.all('evaluation.completed').map(({ at }) => new Date(at).toISOString().slice(11, 19));
  assert.deepEqual(minutes, ['12:00:30', '12:15:00', '12:30:00', '12:45:00', '13:00:00']);
  assert.equal(desk.all('gates.published').length, 61);
});

test('without a new bar there is no new result and no counter moves', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies });
  desk.minutes(1);
  const before = structuredClone(only(desk).counters);
  const results = desk.all('evaluation.completed').length;
  // The one bar that came after the first result makes one more.
  for (let minute = 0; minute < 120; minute += 1) desk.desk.tick(60_000);
  assert.equal(desk.all('evaluation.completed').length, results);
  assert.deepEqual(only(desk).counters, before);
});

test('repaired, a result is not part of the past it is measured by; read literally, it is', () => {
  for (const [floorMode, expected] of [
    ['repaired', 8],
    ['literal', 12],
  ] as const) {
    const parameters = { windowDays: 1, floorMode, historyMinimum: 1 };
    const desk = createEvaluatorDesk([rollingEvaluator], { policies: { 'rolling-evaluator': parameters } });
    desk.minutes(1);
    assert.equal(desk.all('evaluation.completed')[0]?.floors.minimumTrades, expected);
  }
});
