import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import {
  createEvaluatorDesk,
  type EvaluatorDesk,
  evaluatorState,
  legsStrategy,
} from '../../../tests/support/evaluator-desk.ts';
import { historyOf, type InstrumentEvaluation, runOf } from './evaluator-state.ts';
import { rollingEvaluator } from './rolling-evaluator.ts';

const policies = { 'rolling-evaluator': { windowDays: 1 } };

function only(desk: EvaluatorDesk): InstrumentEvaluation {
  const evaluation = evaluatorState(desk).byInstrument['EURUSD.OANDA'];
  assert.ok(evaluation !== undefined);
  return evaluation;
}

function changeStrategy(desk: EvaluatorDesk, document: Record<string, unknown>, version = 1): void {
  const { at } = desk.desk;
  const key = 'strategy/fx/EUR_USD';
  desk.desk.send({
    type: 'policy.changed',
    at,
    key,
    version,
    schemaVersion: 1,
    document,
    actor: 'test',
    reason: 'test',
  });
}

test('a strategy that changes begins a new run at once, back-filled over the bars that are remembered', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies });
  desk.minutes(20);
  const before = runOf(only(desk));
  const { strict, counters } = only(desk);
  changeStrategy(desk, { directionLookback: 24 });
  const after = runOf(only(desk));
  assert.ok(before !== undefined && after !== undefined);
  assert.notEqual(after, before);
  assert.equal(after.settings.directionLookback, 24);
  assert.equal(after.startedAt, before.startedAt);
  assert.ok(after.trips.end > 5);
  assert.notEqual(only(desk).strict, strict);
  // The flag stays with the instrument.
  assert.equal(only(desk).counters, counters);
  assert.equal(counters.isEligible, true);
  desk.minutes(15);
  assert.equal(desk.all('evaluation.completed').at(-1)?.parameterKey, 'c0.0:l24:t2.0:ec60:xc60');
});

test('a new run is the one a desk has that ran the strategy from the beginning', () => {
  const late = createEvaluatorDesk([rollingEvaluator], { policies });
  const along = createEvaluatorDesk([rollingEvaluator], {
    policies: { ...policies, strategy: { ...legsStrategy, directionLookback: 24 } },
  });
  late.minutes(5);
  along.minutes(5);
  changeStrategy(late, { directionLookback: 24 });
  late.minutes(90);
  along.minutes(90);
  assert.deepEqual(runOf(only(late)), runOf(only(along)));
});

test('a strategy that would do the same keeps the run', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies });
  const before = runOf(only(desk));
  changeStrategy(desk, { signaturePrecision: 4 });
  assert.equal(runOf(only(desk)), before);
});

test('a longer strict span asks for a longer history', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies });
  const { at } = desk.desk;
  const run = runOf(only(desk));
  const document = { ...rollingEvaluator.parameters.parse({}), windowDays: 3 };
  desk.desk.send({
    type: 'policy.changed',
    at,
    key: 'rolling-evaluator/fx',
    version: 2,
    schemaVersion: 1,
    document,
    actor: 'test',
    reason: 'test',
  });
  assert.equal(only(desk).strict.days, 3);
  assert.equal(only(desk).set.history.capacity, 10 * 1440);
  assert.equal(runOf(only(desk)), run);
  desk.minutes(2);
  assert.deepEqual(desk.all('gates.published').at(-1)?.document.reasons['EUR_USD'], ['history-short']);
});

test('results are remembered for the four parameter keys used last', () => {
  const evaluation = only(createEvaluatorDesk([rollingEvaluator], { policies }));
  const first = historyOf(evaluation, 'a');
  for (const key of ['b', 'c', 'd']) historyOf(evaluation, key);
  assert.equal(historyOf(evaluation, 'a'), first);
  historyOf(evaluation, 'e');
  assert.deepEqual(
    evaluation.histories.map(({ parameterKey }) => parameterKey),
    ['c', 'd', 'a', 'e'],
  );
});

test('a desk that goes on from a copy of its state publishes what the first one does', () => {
  const first = createEvaluatorDesk([rollingEvaluator], { policies });
  const second = createEvaluatorDesk([rollingEvaluator], { policies });
  first.minutes(30);
  second.minutes(30);
  const { modules } = second.desk.engine.state;
  modules['rolling-evaluator'] = deserialize(serialize(modules['rolling-evaluator']));
  assert.deepEqual(second.minutes(60), first.minutes(60));
});
