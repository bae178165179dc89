import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { scheduledSession } from '#domain/instrument-schedule.ts';
import { shadowCalendar, shadowInstrument, shadowStartAt } from '../../../tests/support/shadow-market.ts';
import { tradingSchedule } from './trading-schedule.ts';

const hourMs = 3_600_000;

test('with session trading an instrument follows the sessions of its currencies', () => {
  const schedule = tradingSchedule(shadowCalendar, shadowInstrument, true);
  assert.deepEqual(scheduledSession(schedule, shadowStartAt + 10 * hourMs), { isOpen: true, minutesToClose: 600 });
  assert.equal(scheduledSession(schedule, shadowStartAt + 5 * hourMs).isOpen, false);
  const asian = tradingSchedule(shadowCalendar, fxInstrument('AUD_NZD'), true);
  assert.equal(scheduledSession(asian, shadowStartAt + 10 * hourMs).isOpen, false);
});

test('without it the trading week is one session, breaks apart', () => {
  const schedule = tradingSchedule(shadowCalendar, fxInstrument('AUD_NZD'), false);
  const night = scheduledSession(schedule, shadowStartAt + 3 * hourMs);
  assert.deepEqual(night, { isOpen: true, minutesToClose: 100 * 1440 - 180 });
  assert.equal(scheduledSession(schedule, shadowStartAt + 12 * hourMs).isOpen, false);
  assert.ok(scheduledSession(schedule, shadowStartAt + 12 * hourMs).minutesToClose > 0);
});
