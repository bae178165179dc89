import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '#domain/events.ts';
import { alwaysLong, createEvaluatorDesk, type EvaluatorDesk } from '../../../tests/support/evaluator-desk.ts';
import { rollingEvaluator } from './rolling-evaluator.ts';

const quick = { windowDays: 1 };

/** What the gate says of each instrument at the next decision. */
function codesAfter(desk: EvaluatorDesk, minutes: number): string[] {
  let codes: string[] = [];
  desk.desk.engine.trace = ({ module, entries }) => {
    if (module === 'rolling-evaluator') codes = entries.map(({ subject, code }) => `${subject} ${code}`);
  };
  desk.minutes(minutes);
  return codes;
}

test('a signal is dropped with the first reason of its closed gate, and passes once the gate is open', () => {
  const desk = createEvaluatorDesk([rollingEvaluator, alwaysLong], { policies: { 'rolling-evaluator': quick } });
  assert.deepEqual(codesAfter(desk, 1), ['EURUSD.OANDA awaiting-passes']);
  assert.deepEqual(codesAfter(desk, 15), ['EURUSD.OANDA pass']);
});

test('only instruments with a closed gate lose their signals', () => {
  const steps = { EUR_USD: 3, GBP_USD: 0 };
  const desk = createEvaluatorDesk([rollingEvaluator, alwaysLong], { policies: { 'rolling-evaluator': quick }, steps });
  assert.deepEqual(codesAfter(desk, 16), ['EURUSD.OANDA pass', 'GBPUSD.OANDA trades-below-floor']);
  const entries = desk.all('order.submitted').map(({ order }) => order.instrument);
  assert.ok(entries.includes('EURUSD.OANDA'));
  assert.ok(!entries.includes('GBPUSD.OANDA'));
});

test('gates that have grown old stop every signal', () => {
  const parameters = { ...quick, intervalSeconds: 3600, blobMaxAgeSeconds: 180 };
  const desk = createEvaluatorDesk([rollingEvaluator, alwaysLong], { policies: { 'rolling-evaluator': parameters } });
  assert.deepEqual(codesAfter(desk, 16), ['EURUSD.OANDA gates-stale']);
});

test('gates that say nothing of a listed instrument stop every signal', () => {
  const parameters = { ...quick, intervalSeconds: 3600, blobMaxAgeSeconds: 7200 };
  const desk = createEvaluatorDesk([rollingEvaluator, alwaysLong], { policies: { 'rolling-evaluator': parameters } });
  desk.minutes(16);
  const published = desk.all('gates.published').at(-1);
  assert.ok(published !== undefined);
  const { at } = desk.desk;
  desk.desk.send({ ...published, at, document: { ...published.document, ts: at, gates: {} } });
  assert.deepEqual(codesAfter(desk, 1), ['EURUSD.OANDA gates-invalid']);
});

test('nothing is evaluated or published before the history has been taken in', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies: { 'rolling-evaluator': quick } });
  desk.desk.engine.state.isWarm = false;
  desk.minutes(5);
  assert.deepEqual(desk.all('gates.published'), []);
  assert.deepEqual(desk.all('evaluation.completed'), []);
});

test('too few eligible instruments raise an alert after ten minutes', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies: { 'rolling-evaluator': quick } });
  desk.minutes(9);
  assert.equal(desk.all('alert.raised').length, 0);
  desk.minutes(2);
  assert.deepEqual(
    desk.all('alert.raised').map(({ name }) => name),
    ['eligible-below-minimum'],
  );
  assert.ok(desk.desk.engine.state.alerts['eligible-below-minimum'] !== undefined);
});

function factsOf(events: readonly Event[]): Event[] {
  return events.filter(({ type }) => type === 'evaluation.completed' || type === 'gates.published');
}

test('bars yet to come change nothing that has been published', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -6, max: 6 }), (minutes, otherStep) => {
      const policies = { 'rolling-evaluator': quick };
      const first = createEvaluatorDesk([rollingEvaluator], { policies });
      const second = createEvaluatorDesk([rollingEvaluator], { policies });
      const before = factsOf(first.minutes(minutes));
      assert.deepEqual(factsOf(second.minutes(minutes)), before);
      first.minutes(20);
      for (let minute = 0; minute < 20; minute += 1) {
        second.desk.tick(60_000);
        second.desk.bar('EUR_USD', 110_000 + otherStep * minute * 10);
      }
      assert.deepEqual(factsOf(first.desk.events).slice(0, before.length), before);
      assert.deepEqual(factsOf(second.desk.events).slice(0, before.length), before);
    }),
    { numRuns: 8 },
  );
});
