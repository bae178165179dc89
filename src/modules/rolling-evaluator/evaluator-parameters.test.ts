import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluatorParameters } from './evaluator-parameters.ts';

test('the defaults are those of the specification', () => {
  assert.deepEqual(evaluatorParameters.parse({}), {
    intervalSeconds: 60,
    backtestIntervalSeconds: 900,
    blobMaxAgeSeconds: 180,
    manifoldMaxAgeSeconds: 600,
    windowDays: 30,
    minimumTrades: 8,
    calmarMinimum: 0.1,
    pnlMinimum: 0,
    historyMinimum: 20,
    mode: 'strict',
    floorMode: 'repaired',
    hysteresisDefault: 0.1,
    hysteresisByInstrument: { USD_CHF: 0.15, NZD_USD: 0.12 },
    requiredConsecutive: 2,
    missLimit: 4,
    cooldownSeconds: 7200,
    patternGateEnabled: false,
    patternMinimumOccurrences: 2,
    maximumHazard: null,
    echoMinimumRepetitions: 3,
    echoHazardMaximum: 0.7,
    eligibleAlertMinimum: 3,
    eligibleAlertSeconds: 600,
    cooldownAlertMinimum: 5,
    cooldownAlertSeconds: 1800,
  });
});

test('an unknown parameter and a span longer than round trips are kept are refused', () => {
  assert.equal(evaluatorParameters.safeParse({ windowDay: 30 }).success, false);
  assert.equal(evaluatorParameters.safeParse({ windowDays: 90 }).success, true);
  assert.equal(evaluatorParameters.safeParse({ windowDays: 91 }).success, false);
});
