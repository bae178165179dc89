import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { fixtureAt } from '../../../tests/support/desk-fixture.ts';
import {
  createEvaluatorDesk,
  type EvaluatorDesk,
  type EvaluatorDeskOptions,
  legsPrice,
  legsStrategy,
} from '../../../tests/support/evaluator-desk.ts';
import { parameterSelection } from './parameter-selection.ts';

const minuteMs = 60_000;
const dayMinutes = 1440;
const short = { selectionDays: 2, holdOutDays: 1, intervalDays: 1, minimumTrades: 4 };

/** A desk whose strategy looks back too far for legs of an hour, beside a candidate that does not. */
function deskOf(parameters: Record<string, unknown> = {}, options: EvaluatorDeskOptions = {}): EvaluatorDesk {
  return createEvaluatorDesk([parameterSelection], {
    historyDays: 3,
    ...options,
    policies: {
      strategy: { ...legsStrategy, directionLookback: 55, directionThresholdBps: 4 },
      'parameter-selection': {
        ...short,
        candidates: [{ directionLookback: 12, directionThresholdBps: 2 }],
        ...parameters,
      },
    },
  });
}

function changes(desk: EvaluatorDesk): EventByType['policy.changed'][] {
  return desk.all('policy.changed').filter(({ actor }) => actor === 'supervision');
}

test('a candidate that was better and held becomes the policy of its instrument', () => {
  const desk = deskOf();
  desk.minutes(2);
  const [change, ...others] = changes(desk);
  assert.deepEqual(others, []);
  assert.equal(change?.key, 'strategy/fx/EUR_USD');
  assert.deepEqual(change.document, { directionLookback: 12, directionThresholdBps: 2 });
  assert.match(change.reason, /^'c0\.0:l12:t2\.0:ec60:xc60' was best over 2 days and held over the 1 after them$/);
  assert.equal(desk.desk.engine.contexts.get('parameter-selection')?.strategy('EURUSD.OANDA').directionLookback, 12);
});

test('a choice is proposed once, and the next comes after its interval', () => {
  const desk = deskOf();
  let codes: string[] = [];
  desk.desk.engine.trace = ({ entries }) => {
    codes = entries.map(({ code }) => code);
  };
  desk.minutes(dayMinutes - 2);
  assert.equal(changes(desk).length, 1);
  assert.deepEqual(codes, ['chosen']);
  desk.minutes(4);
  assert.equal(changes(desk).length, 1);
  assert.deepEqual(codes, ['current-best']);
});

test('each instrument is chosen for by itself', () => {
  const desk = deskOf({}, { steps: { EUR_USD: 3, GBP_USD: 0 } });
  desk.minutes(2);
  assert.deepEqual(
    changes(desk).map(({ key }) => key),
    ['strategy/fx/EUR_USD'],
  );
});

test('a market that turned on the held-out day changes nothing', () => {
  const turnedAt = Math.floor(fixtureAt / minuteMs) - dayMinutes;
  const desk = deskOf({}, { priceAt: (minute) => legsPrice(Math.min(minute, turnedAt), 3) });
  let codes: string[] = [];
  desk.desk.engine.trace = ({ entries }) => {
    codes = entries.map(({ code }) => code);
  };
  desk.minutes(2);
  assert.deepEqual(codes, ['hold-out-unprofitable']);
  assert.deepEqual(changes(desk), []);
});

test('without the history of both spans nothing is chosen, and it is as soon as it is there', () => {
  const desk = deskOf({ selectionDays: 3 }, { historyDays: 3.9 });
  desk.minutes(dayMinutes * 0.1 - 2);
  assert.deepEqual(changes(desk), []);
  desk.minutes(4);
  assert.equal(changes(desk).length, 1);
});

test('a selection that is off proposes nothing and keeps nothing', () => {
  const desk = deskOf({ isEnabled: false });
  desk.minutes(2);
  assert.deepEqual(changes(desk), []);
  assert.deepEqual(desk.desk.engine.state.modules['parameter-selection'], { byInstrument: {} });
});

test('one that only observes never changes a policy', () => {
  const desk = deskOf({}, { modes: { 'parameter-selection': 'OBSERVATION' } });
  desk.minutes(30);
  assert.deepEqual(changes(desk), []);
  assert.equal(desk.all('module.decided').filter(({ module }) => module === 'parameter-selection').length, 1);
});

test('a strategy that someone else changes ends the wait of a choice', () => {
  const desk = deskOf({}, { modes: { 'parameter-selection': 'OBSERVATION' } });
  desk.minutes(2);
  const { at } = desk.desk;
  const change = { version: 1, schemaVersion: 1, actor: 'operator', reason: 'by hand' };
  const document = { directionLookback: 20 };
  desk.desk.send({ type: 'policy.changed', at, key: 'strategy/fx/EUR_USD', document, ...change });
  let outcomes: string[] = [];
  desk.desk.engine.trace = ({ outcome }) => {
    outcomes = [outcome];
  };
  desk.minutes(1);
  assert.deepEqual(outcomes, ['kept']);
});
