import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatesDocument } from '#domain/events.ts';
import type { PublishedFact } from '#engine/module.ts';
import { createAlertTimes, watchGates } from './gate-alerts.ts';

const minuteMs = 60_000;
const parameters = {
  eligibleAlertMinimum: 3,
  eligibleAlertSeconds: 600,
  cooldownAlertMinimum: 5,
  cooldownAlertSeconds: 1800,
};
const symbols = ['AUD_USD', 'EUR_USD', 'GBP_USD', 'NZD_USD', 'USD_CAD', 'USD_JPY'];

/** A document of six pairs, of which the first so many are eligible, cooling or open. */
function documentAt(minute: number, counts: { eligible: number; cooling?: number; open?: number }): GatesDocument {
  const flags = (count: number): Record<string, 0 | 1> =>
    Object.fromEntries(symbols.map((symbol, index) => [symbol, index < count ? 1 : 0] as const));
  const { eligible, cooling = 0, open = 6 } = counts;
  return {
    ts: minute * minuteMs,
    v: 1,
    seq: minute,
    intervalSeconds: 60,
    gates: flags(eligible),
    cooldowns: flags(cooling),
    bufs: {},
    reasons: {},
    sessions: Object.fromEntries(symbols.map((symbol, index) => [symbol, { open: index < open, minutesToClose: 60 }])),
    repetition: {},
    hazard: {},
  };
}

/** What is published while each minute has its counts. */
function watch(minutes: readonly Parameters<typeof documentAt>[1][]): string[] {
  const alerts = createAlertTimes();
  const told: string[] = [];
  const publish = (fact: PublishedFact): void => {
    if (fact.type === 'alert.raised') told.push(`${fact.at / minuteMs} + ${fact.name}: ${fact.reason}`);
    if (fact.type === 'alert.cleared') told.push(`${fact.at / minuteMs} - ${fact.name}`);
  };
  for (const [minute, counts] of minutes.entries()) watchGates(alerts, documentAt(minute, counts), parameters, publish);
  return told;
}

function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

test('fewer than three eligible for ten minutes raise an alert once, and three clear it', () => {
  const told = watch([...times(15, { eligible: 2 }), { eligible: 3 }, { eligible: 3 }]);
  assert.deepEqual(told, [
    '10 + eligible-below-minimum: 2 eligible, expected at least 3',
    '15 - eligible-below-minimum',
  ]);
});

test('a minute with enough begins the count anew', () => {
  assert.deepEqual(watch([...times(10, { eligible: 0 }), { eligible: 3 }, ...times(10, { eligible: 0 })]), []);
});

test('five in cooldown for thirty minutes raise an alert', () => {
  assert.deepEqual(watch(times(30, { eligible: 3, cooling: 5 })), []);
  assert.deepEqual(watch(times(31, { eligible: 3, cooling: 5 })), [
    '30 + cooldown-lockout: 5 in cooldown, expected fewer than 5',
  ]);
  assert.deepEqual(watch(times(60, { eligible: 3, cooling: 4 })), []);
});

test('while every session is closed nothing is raised and what was raised is cleared', () => {
  assert.deepEqual(watch(times(60, { eligible: 0, cooling: 6, open: 0 })), []);
  const told = watch([...times(11, { eligible: 0, open: 1 }), ...times(30, { eligible: 0, open: 0 })]);
  assert.deepEqual(told, [
    '10 + eligible-below-minimum: 0 eligible, expected at least 3',
    '11 - eligible-below-minimum',
  ]);
});
