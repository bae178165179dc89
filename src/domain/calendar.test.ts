import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import {
  type CalendarDocument,
  calendarCovers,
  calendarSchema,
  instrumentSession,
  isMarketOpen,
  isNearClose,
  sessionsOf,
} from './calendar.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** One week of 60 hours from hour 10, with a break of five minutes around hour 30; hours count from the epoch. */
const calendar: CalendarDocument = {
  version: 'one-week',
  fromAt: 0,
  untilAt: 100 * hourMs,
  sessions: {
    tokyo: [8 * hourMs, 20 * hourMs],
    london: [20 * hourMs, 32 * hourMs],
    newYork: [28 * hourMs, 34 * hourMs, 64 * hourMs, 75 * hourMs],
    sydney: [80 * hourMs, 90 * hourMs],
  },
  breaks: [30 * hourMs - 2 * minuteMs, 30 * hourMs + 3 * minuteMs],
  weeks: [10 * hourMs, 70 * hourMs],
};

test('a currency leads to its home session, and the list has one fixed order', () => {
  assert.deepEqual(sessionsOf(['USD', 'EUR']), ['london', 'newYork']);
  assert.deepEqual(sessionsOf(['GBP', 'CHF']), ['london']);
  assert.deepEqual(sessionsOf(['USD', 'CAD']), ['newYork']);
  assert.deepEqual(sessionsOf(['EUR', 'JPY']), ['tokyo', 'london']);
  assert.deepEqual(sessionsOf(['NZD', 'AUD']), ['sydney']);
  assert.deepEqual(sessionsOf(['AUD', 'JPY']), ['tokyo', 'sydney']);
  assert.deepEqual(sessionsOf(['SEK', 'NOK']), []);
});

test('the market is open inside a week and closed in the daily break', () => {
  const open = [10 * hourMs, 30 * hourMs - 2 * minuteMs - 1, 30 * hourMs + 3 * minuteMs, 70 * hourMs - 1];
  const closed = [10 * hourMs - 1, 30 * hourMs - 2 * minuteMs, 30 * hourMs + 3 * minuteMs - 1, 70 * hourMs];
  for (const at of open) assert.equal(isMarketOpen(calendar, at), true, `open at ${at}`);
  for (const at of closed) assert.equal(isMarketOpen(calendar, at), false, `closed at ${at}`);
});

test('everything is closed where the calendar does not reach', () => {
  assert.deepEqual(
    [-1, 0, 100 * hourMs - 1, 100 * hourMs].map((at) => calendarCovers(calendar, at)),
    [false, true, true, false],
  );
  for (const at of [-1, -1e15, 100 * hourMs, 1e15, NaN]) {
    assert.equal(isMarketOpen(calendar, at), false);
    assert.deepEqual(instrumentSession(calendar, ['tokyo', 'london'], at), { isOpen: false, minutesToClose: 0 });
  }
});

test('touching and overlapping sessions form one union', () => {
  const names = sessionsOf(['EUR', 'JPY']);
  assert.deepEqual(instrumentSession(calendar, names, 12 * hourMs), { isOpen: true, minutesToClose: 20 * 60 });
  assert.deepEqual(instrumentSession(calendar, sessionsOf(['EUR', 'USD']), 20 * hourMs), {
    isOpen: true,
    minutesToClose: 14 * 60,
  });
});

test('a session begins and ends with the trading week', () => {
  assert.equal(instrumentSession(calendar, ['tokyo'], 9 * hourMs).isOpen, false);
  assert.deepEqual(instrumentSession(calendar, ['newYork'], 65 * hourMs), { isOpen: true, minutesToClose: 5 * 60 });
  assert.equal(instrumentSession(calendar, ['newYork'], 70 * hourMs).isOpen, false);
  assert.equal(instrumentSession(calendar, ['sydney'], 85 * hourMs).isOpen, false);
});

test('a daily break closes the instrument without ending the union', () => {
  assert.deepEqual(instrumentSession(calendar, ['london'], 30 * hourMs), { isOpen: false, minutesToClose: 120 });
  assert.deepEqual(instrumentSession(calendar, ['london'], 29 * hourMs), { isOpen: true, minutesToClose: 180 });
});

test('an instrument without sessions is never open', () => {
  assert.deepEqual(instrumentSession(calendar, [], 20 * hourMs), { isOpen: false, minutesToClose: 0 });
});

test('near close includes its own minute and ends with the session', () => {
  const isNearAt = (at: number): boolean => isNearClose(instrumentSession(calendar, ['london'], at), 5);
  assert.equal(isNearAt(32 * hourMs - 5 * minuteMs - 1), false);
  assert.equal(isNearAt(32 * hourMs - 5 * minuteMs), true);
  assert.equal(isNearAt(32 * hourMs - 1), true);
  assert.equal(isNearAt(32 * hourMs), false);
});

test('an exit buffer of zero minutes is never near', () => {
  assert.equal(isNearClose(instrumentSession(calendar, ['london'], 32 * hourMs - 1), 0), false);
});

test('the schema accepts a calendar, and snapshots keep it', () => {
  assert.deepEqual(calendarSchema.parse(deserialize(serialize(calendar))), calendar);
});

test('the schema refuses broken intervals, broken spans and unknown fields', () => {
  const wrong: readonly [object, RegExp][] = [
    [{ ...calendar, weeks: [5, 5] }, /strictly ascending/],
    [{ ...calendar, weeks: [5] }, /strictly ascending/],
    [{ ...calendar, weeks: [5.5, 7] }, /int/],
    [{ ...calendar, breaks: [-5, 5] }, /inside 'fromAt' and 'untilAt'/],
    [{ ...calendar, untilAt: 80 * hourMs }, /inside 'fromAt' and 'untilAt'/],
    [{ ...calendar, untilAt: 0 }, /'fromAt' before 'untilAt'/],
    [{ ...calendar, version: '' }, /version/],
    [{ ...calendar, zone: 'UTC' }, /zone/],
  ];
  for (const [document, message] of wrong) assert.throws(() => calendarSchema.parse(document), message);
});
