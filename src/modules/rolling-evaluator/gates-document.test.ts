import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatesSchema } from '#domain/events.ts';
import { gatesProblem } from '#domain/gates-validity.ts';
import { createEvaluatorDesk } from '../../../tests/support/evaluator-desk.ts';
import { rollingEvaluator } from './rolling-evaluator.ts';

const policies = { 'rolling-evaluator': { windowDays: 1 } };
const steps = { EUR_USD: 3, NZD_USD: 2, USD_JPY: 0 };

test('each document is as its schema says and valid when it is published', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies, steps });
  desk.minutes(20);
  const published = desk.all('gates.published');
  assert.equal(published.length, 21);
  for (const [index, { at, document }] of published.entries()) {
    assert.ok(gatesSchema.safeParse(document).success);
    assert.equal(gatesProblem(document, { at, maxAgeMs: 180_000, symbols: Object.keys(steps) }), undefined);
    assert.equal(document.seq, index + 1);
    assert.equal(document.ts, at);
  }
});

test('everything is told by symbol, in the order of the instruments', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies, steps });
  desk.minutes(20);
  const document = desk.all('gates.published').at(-1)?.document;
  assert.ok(document !== undefined);
  const { gates, cooldowns, bufs, reasons, sessions, repetition, hazard } = document;
  for (const part of [gates, cooldowns, bufs, reasons, sessions, repetition, hazard]) {
    assert.deepEqual(Object.keys(part), ['EUR_USD', 'NZD_USD', 'USD_JPY']);
  }
  assert.deepEqual(bufs, { EUR_USD: 0.1, NZD_USD: 0.12, USD_JPY: 0.1 });
  const manifold = desk.desk.engine.state.manifolds['EURUSD.OANDA'];
  assert.equal(hazard['EUR_USD'], manifold?.rupture);
  assert.deepEqual(repetition['EUR_USD'], { count: manifold?.repetitionCount, firstSeenAt: manifold?.firstSeenAt });
});

test('a gate is open where there is no reason against it', () => {
  const desk = createEvaluatorDesk([rollingEvaluator], { policies, steps });
  desk.minutes(40);
  for (const { document } of desk.all('gates.published')) {
    for (const symbol of Object.keys(steps))
      assert.equal(document.gates[symbol] === 1, document.reasons[symbol]?.length === 0);
  }
});
