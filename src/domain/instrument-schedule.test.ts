import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { type CalendarDocument, instrumentSession, sessionNames } from '#domain/calendar.ts';
import { buildInstrumentSchedule, nextOpenAt, scheduledSession } from './instrument-schedule.ts';

const minuteMs = 60_000;
const minutes = (...list: number[]): number[] => list.map((minute) => minute * minuteMs);

const calendar: CalendarDocument = {
  version: 'small',
  fromAt: 0,
  untilAt: 1000 * minuteMs,
  sessions: { tokyo: minutes(50, 200), london: minutes(200, 400), newYork: minutes(450, 600), sydney: [] },
  breaks: minutes(298, 303),
  weeks: minutes(100, 500),
};

const intervals = fc
  .uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 10 })
  .map((list) => minutes(...list.sort((one, other) => one - other).slice(0, list.length - (list.length % 2))));

const calendars = fc.record({
  version: fc.constant('any'),
  fromAt: fc.constant(0),
  untilAt: fc.constant(400 * minuteMs),
  sessions: fc.record({ tokyo: intervals, london: intervals, newYork: intervals, sydney: intervals }),
  breaks: intervals,
  weeks: intervals,
});

test('a schedule keeps unions whole and cuts the breaks out of the open hours', () => {
  const schedule = buildInstrumentSchedule(calendar, ['tokyo', 'london', 'newYork']);
  assert.deepEqual([...schedule.unionIntervals], minutes(100, 400, 450, 500));
  assert.deepEqual([...schedule.openIntervals], minutes(100, 298, 303, 400, 450, 500));
  assert.equal(schedule.calendarVersion, 'small');
});

test('inside a break the instrument is closed while the minutes to the close go on', () => {
  const schedule = buildInstrumentSchedule(calendar, ['london']);
  assert.deepEqual(scheduledSession(schedule, 300 * minuteMs), { isOpen: false, minutesToClose: 100 });
});

test('the next opening is now while open, the end of the break, the next session, and unknown after the last', () => {
  const schedule = buildInstrumentSchedule(calendar, ['tokyo', 'london', 'newYork']);
  const cases = [
    [-50, 100],
    [99, 100],
    [100, 100],
    [250.5, 250.5],
    [298, 303],
    [400, 450],
    [499, 499],
  ];
  for (const [at = 0, expected = 0] of cases) {
    assert.equal(nextOpenAt(schedule, at * minuteMs), expected * minuteMs, `from minute ${at}`);
  }
  assert.equal(nextOpenAt(schedule, 500 * minuteMs), undefined);
});

test('an instrument without sessions never opens', () => {
  const schedule = buildInstrumentSchedule(calendar, []);
  assert.equal(nextOpenAt(schedule, 0), undefined);
  assert.deepEqual(scheduledSession(schedule, 150 * minuteMs), { isOpen: false, minutesToClose: 0 });
});

test('a snapshot keeps the schedule', () => {
  const schedule = buildInstrumentSchedule(calendar, ['tokyo']);
  assert.deepEqual(deserialize(serialize(schedule)), schedule);
});

test('the schedule answers as the calendar does, and the next opening is the first open minute', () => {
  const names = fc.subarray([...sessionNames]);
  fc.assert(
    fc.property(calendars, names, (document, chosen) => {
      const schedule = buildInstrumentSchedule(document, chosen);
      let openAt: number | undefined;
      for (let at = 400 * minuteMs; at >= -minuteMs; at -= minuteMs) {
        const expected = instrumentSession(document, chosen, at);
        assert.deepEqual(scheduledSession(schedule, at), expected);
        if (expected.isOpen) openAt = at;
        assert.equal(nextOpenAt(schedule, at), openAt);
      }
    }),
    { seed: 20261101, numRuns: 60 },
  );
});
