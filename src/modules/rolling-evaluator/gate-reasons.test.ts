import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatesDocument } from '#domain/events.ts';
import {
  createEvaluatorDesk,
  type EvaluatorDesk,
  type EvaluatorDeskOptions,
} from '../../../tests/support/evaluator-desk.ts';
import { rollingEvaluator } from './rolling-evaluator.ts';

const quick = { windowDays: 1, backtestIntervalSeconds: 60 };

function deskOf(parameters: Record<string, unknown>, options: EvaluatorDeskOptions = {}): EvaluatorDesk {
  const policies = { ...options.policies, 'rolling-evaluator': { ...quick, ...parameters } };
  return createEvaluatorDesk([rollingEvaluator], { ...options, policies });
}

function gatesAfter(desk: EvaluatorDesk, minutes: number): GatesDocument {
  desk.minutes(minutes);
  const document = desk.all('gates.published').at(-1)?.document;
  assert.ok(document !== undefined);
  return document;
}

function reasonsAfter(desk: EvaluatorDesk, minutes: number): readonly string[] {
  return gatesAfter(desk, minutes).reasons['EUR_USD'] ?? ['no-document'];
}

test('a history shorter than the strict span keeps the gate closed and the counters still', () => {
  const desk = deskOf({ windowDays: 2 });
  assert.deepEqual(reasonsAfter(desk, 30), ['history-short']);
  assert.equal(desk.all('evaluation.completed').length, 0);
});

test('the gate waits for passes in a row, then opens', () => {
  const desk = deskOf({ backtestIntervalSeconds: 900 });
  assert.deepEqual(reasonsAfter(desk, 1), ['awaiting-passes']);
  assert.deepEqual(reasonsAfter(desk, 13), ['awaiting-passes']);
  assert.deepEqual(reasonsAfter(desk, 1), []);
});

test('a strategy that earns nothing misses its floors and ends in the cooldown', () => {
  const desk = deskOf({ backtestIntervalSeconds: 900 }, { steps: { EUR_USD: 0 } });
  assert.deepEqual(reasonsAfter(desk, 1), ['trades-below-floor', 'calmar-below-floor']);
  // Results at 12:00:30, 12:15, 12:30 and 12:45.
  assert.deepEqual(reasonsAfter(desk, 43), ['trades-below-floor', 'calmar-below-floor']);
  const gates = gatesAfter(desk, 1);
  assert.deepEqual(gates.reasons['EUR_USD'], ['cooldown']);
  assert.equal(gates.cooldowns['EUR_USD'], 1);
  assert.deepEqual(reasonsAfter(desk, 119), ['cooldown']);
  assert.deepEqual(reasonsAfter(desk, 1), ['trades-below-floor', 'calmar-below-floor']);
});

test('a closed session and a near close come before every other reason', () => {
  const desk = deskOf({}, { steps: { EUR_USD: 3, USD_JPY: 0 } });
  // At noon UTC neither Tokyo nor New York is open in January; New York's eight o'clock is 13:00.
  assert.equal(gatesAfter(desk, 2).reasons['USD_JPY']?.[0], 'session-closed');
  desk.minutes(2);
  const gates = gatesAfter(desk, 590);
  // New York closes at 22:00; five minutes before is near.
  assert.equal(gates.sessions['EUR_USD']?.minutesToClose, 6);
  assert.equal(gates.reasons['EUR_USD']?.includes('near-close'), false);
  assert.equal(gatesAfter(desk, 1).reasons['EUR_USD']?.[0], 'near-close');
  assert.equal(gatesAfter(desk, 5).reasons['EUR_USD']?.[0], 'session-closed');
});

test('an old window closes the gate, and no result is made of it', () => {
  const desk = deskOf({});
  assert.deepEqual(reasonsAfter(desk, 4), []);
  const before = desk.all('evaluation.completed').length;
  for (let minute = 0; minute < 20; minute += 1) desk.desk.tick(60_000);
  assert.deepEqual(desk.all('gates.published').at(-1)?.document.reasons['EUR_USD'], ['window-stale']);
  // One result was due for the last bar; without a new bar there is none.
  assert.ok(desk.all('evaluation.completed').length <= before + 1);
});

test('the pattern gate and the cap on hazard close the gate only where they are asked for', () => {
  const both = deskOf({ patternGateEnabled: true, patternMinimumOccurrences: 1000, maximumHazard: 0 });
  assert.deepEqual(reasonsAfter(both, 4), ['pattern-rare', 'hazard-above-max']);
  const neither = deskOf({ patternMinimumOccurrences: 1000 });
  assert.deepEqual(reasonsAfter(neither, 4), []);
  const within = deskOf({ patternGateEnabled: true, patternMinimumOccurrences: 1, maximumHazard: 1 });
  assert.deepEqual(reasonsAfter(within, 4), []);
});

test('echo asks for repetition and calm alone, without history, buffers or cooldowns', () => {
  const desk = deskOf({ mode: 'echo', windowDays: 30, echoMinimumRepetitions: 1, echoHazardMaximum: 1 });
  const gates = gatesAfter(desk, 1);
  assert.deepEqual(gates.reasons['EUR_USD'], []);
  assert.equal(gates.bufs['EUR_USD'], 0);
  assert.equal(gates.cooldowns['EUR_USD'], 0);
  const rare = deskOf({ mode: 'echo', echoMinimumRepetitions: 1000, echoHazardMaximum: 0 });
  assert.deepEqual(reasonsAfter(rare, 1), ['echo-rare', 'echo-hazard-above-max']);
});

test('both asks for the backtest and for repetition', () => {
  const rare = deskOf({ mode: 'both', echoMinimumRepetitions: 1000 });
  assert.deepEqual(reasonsAfter(rare, 4), ['echo-rare']);
  const waiting = deskOf({
    mode: 'both',
    echoMinimumRepetitions: 1,
    echoHazardMaximum: 1,
    backtestIntervalSeconds: 900,
  });
  assert.deepEqual(reasonsAfter(waiting, 4), ['awaiting-passes']);
});

test('an instrument without a bar has no gate to open', () => {
  const desk = deskOf({}, { historyDays: 0 });
  desk.desk.tick();
  assert.equal(desk.all('gates.published').at(-1)?.document.reasons['EUR_USD']?.[0], 'no-bars');
});
