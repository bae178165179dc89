import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalendarDocument } from './calendar.ts';
import { fxInstrument } from './instrument.ts';
import { isInSession } from './trading-session.ts';

const minuteMs = 60_000;
/** A week of 600 minutes in which London alone is open from 100 to 200. */
const calendar: CalendarDocument = {
  version: 'small',
  fromAt: 0,
  untilAt: 1000 * minuteMs,
  sessions: { tokyo: [], london: [100 * minuteMs, 200 * minuteMs], newYork: [], sydney: [] },
  breaks: [],
  weeks: [0, 600 * minuteMs],
};
const rules = { sessionTradingEnabled: true, sessionExitMinutes: 5 };
const eurUsd = fxInstrument('EUR_USD');

test('an entry needs an open session that is not near its end', () => {
  assert.equal(isInSession(calendar, eurUsd, rules, 99 * minuteMs), false);
  assert.equal(isInSession(calendar, eurUsd, rules, 150 * minuteMs), true);
  assert.equal(isInSession(calendar, eurUsd, rules, 194 * minuteMs), true);
  assert.equal(isInSession(calendar, eurUsd, rules, 195 * minuteMs), false);
});

test('a pair without a session of its own is closed', () => {
  assert.equal(isInSession(calendar, fxInstrument('USD_JPY'), rules, 150 * minuteMs), false);
});

test('where sessions do not count the trading week decides', () => {
  const free = { ...rules, sessionTradingEnabled: false };
  assert.equal(isInSession(calendar, eurUsd, free, 300 * minuteMs), true);
  assert.equal(isInSession(calendar, eurUsd, free, 700 * minuteMs), false);
});

test('without a calendar nothing is open', () => {
  assert.equal(isInSession(null, eurUsd, rules, 150 * minuteMs), false);
});
