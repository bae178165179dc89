import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  calendarCovers,
  calendarSchema,
  instrumentSession,
  isMarketOpen,
  isNearClose,
  type SessionName,
  sessionNames,
  sessionsOf,
} from '#domain/calendar.ts';
import { buildInstrumentSchedule, nextOpenAt, scheduledSession } from '#domain/instrument-schedule.ts';
import { dailyBreakHours, type SessionHours, type SessionPreset, sessionHoursByPreset } from '#domain/session-hours.ts';
import { buildCalendar } from './build-calendar.ts';

const minuteMs = 60_000;
const at = (text: string): number => {
  const instant = Date.parse(`${text}Z`);
  assert.ok(!Number.isNaN(instant), text);
  return instant;
};
const span = { fromAt: at('2025-12-20T00:00'), untilAt: at('2027-01-10T00:00') };
const local = buildCalendar({ ...span, preset: 'local' });
const utc = buildCalendar({ ...span, preset: 'utc' });

/** The intervals that touch the UTC date, written start/end without seconds. */
function onDate(intervals: readonly number[], date: string): string[] {
  const [fromAt, untilAt] = [at(`${date}T00:00`), at(`${date}T00:00`) + 1440 * minuteMs];
  const found: string[] = [];
  for (let index = 0; index < intervals.length; index += 2) {
    const [startAt = 0, endAt = 0] = [intervals[index], intervals[index + 1]];
    if (startAt < untilAt && endAt > fromAt) found.push([startAt, endAt].map(isoMinute).join('/'));
  }
  return found;
}

const isoMinute = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

test('London and New York move on their own dates in spring 2026', () => {
  const rows = [
    ['2026-03-06', '08:00', '16:00', '13:00', '22:00'],
    ['2026-03-09', '08:00', '16:00', '12:00', '21:00'],
    ['2026-03-27', '08:00', '16:00', '12:00', '21:00'],
    ['2026-03-30', '07:00', '15:00', '12:00', '21:00'],
  ];
  for (const [date = '', londonStart, londonEnd, newYorkStart, newYorkEnd] of rows) {
    assert.deepEqual(onDate(local.sessions.london, date), [`${date}T${londonStart}/${date}T${londonEnd}`]);
    assert.deepEqual(onDate(local.sessions.newYork, date), [`${date}T${newYorkStart}/${date}T${newYorkEnd}`]);
  }
});

test('London and New York move on their own dates in autumn 2026', () => {
  const rows = [
    ['2026-10-23', '07:00', '15:00', '12:00', '21:00'],
    ['2026-10-26', '08:00', '16:00', '12:00', '21:00'],
    ['2026-10-30', '08:00', '16:00', '12:00', '21:00'],
    ['2026-11-02', '08:00', '16:00', '13:00', '22:00'],
  ];
  for (const [date = '', londonStart, londonEnd, newYorkStart, newYorkEnd] of rows) {
    assert.deepEqual(onDate(local.sessions.london, date), [`${date}T${londonStart}/${date}T${londonEnd}`]);
    assert.deepEqual(onDate(local.sessions.newYork, date), [`${date}T${newYorkStart}/${date}T${newYorkEnd}`]);
  }
});

test('Sydney has summer time while the north has winter', () => {
  const tuesdays: readonly [string, string][] = [
    ['2026-01-13', '2026-01-12T20:00/2026-01-13T04:00'],
    ['2026-03-31', '2026-03-30T20:00/2026-03-31T04:00'],
    ['2026-04-07', '2026-04-06T21:00/2026-04-07T05:00'],
    ['2026-09-29', '2026-09-28T21:00/2026-09-29T05:00'],
    ['2026-10-06', '2026-10-05T20:00/2026-10-06T04:00'],
  ];
  for (const [date, expected] of tuesdays) assert.equal(onDate(local.sessions.sydney, date)[0], expected);
});

test('Tokyo keeps its hours all year', () => {
  for (const day of ['2026-01-14', '2026-07-15']) {
    assert.deepEqual(
      onDate(local.sessions.tokyo, day)[1],
      `${day}T23:00/${day.slice(0, -1)}${Number(day.slice(-1)) + 1}T07:00`,
    );
  }
});

test('the week runs from Sunday to Friday 17:00 in New York, winter, summer and in the weeks of the change', () => {
  const weeks: readonly [string, string][] = [
    ['2026-01-07', '2026-01-04T22:00/2026-01-09T22:00'],
    ['2026-03-04', '2026-03-01T22:00/2026-03-06T22:00'],
    ['2026-03-11', '2026-03-08T21:00/2026-03-13T21:00'],
    ['2026-07-08', '2026-07-05T21:00/2026-07-10T21:00'],
    ['2026-10-28', '2026-10-25T21:00/2026-10-30T21:00'],
    ['2026-11-04', '2026-11-01T22:00/2026-11-06T22:00'],
  ];
  for (const [date, expected] of weeks) assert.deepEqual(onDate(local.weeks, date), [expected]);
});

test('no minute of a weekend is open', () => {
  const eurUsd = buildInstrumentSchedule(local, sessionsOf(['EUR', 'USD', 'JPY', 'AUD']));
  for (const [closeAt, openAt] of [
    [at('2026-01-09T22:00'), at('2026-01-11T22:03')],
    [at('2026-03-06T22:00'), at('2026-03-08T21:03')],
    [at('2026-10-30T21:00'), at('2026-11-01T22:03')],
  ] as const) {
    for (let instant = closeAt; instant < openAt; instant += minuteMs) {
      assert.equal(isMarketOpen(local, instant), false, isoMinute(instant));
      assert.equal(scheduledSession(eurUsd, instant).isOpen, false, isoMinute(instant));
    }
    assert.equal(isMarketOpen(local, openAt), true, isoMinute(openAt));
  }
});

test('the daily break follows New York and is trimmed to the week at both ends', () => {
  assert.deepEqual(onDate(local.breaks, '2026-01-07'), ['2026-01-07T21:58/2026-01-07T22:03']);
  assert.deepEqual(onDate(local.breaks, '2026-07-08'), ['2026-07-08T20:58/2026-07-08T21:03']);
  assert.deepEqual(onDate(local.breaks, '2026-07-10'), ['2026-07-10T20:58/2026-07-10T21:00']);
  assert.deepEqual(onDate(local.breaks, '2026-07-11'), []);
  assert.deepEqual(onDate(local.breaks, '2026-07-12'), ['2026-07-12T21:00/2026-07-12T21:03']);
});

test('near close is inclusive to the minute, on Friday evening too', () => {
  const names = sessionsOf(['USD', 'CAD']);
  const cases: readonly [string, boolean, number, boolean][] = [
    ['2026-07-10T20:54:00', true, 6, false],
    ['2026-07-10T20:54:59.999', true, 6, false],
    ['2026-07-10T20:55:00', true, 5, true],
    ['2026-07-10T20:57:59.999', true, 3, true],
    ['2026-07-10T20:58:00', false, 2, true],
    ['2026-07-10T20:59:59.999', false, 1, true],
    ['2026-07-10T21:00:00', false, 0, false],
  ];
  for (const [text, isOpen, minutesToClose, isNear] of cases) {
    const session = instrumentSession(local, names, at(text));
    assert.deepEqual(session, { isOpen, minutesToClose }, text);
    assert.equal(isNearClose(session, 5), isNear, text);
  }
});

test('the yen against the euro trades across midnight in one union while London is on summer time', () => {
  const schedule = buildInstrumentSchedule(local, sessionsOf(['EUR', 'JPY']));
  assert.deepEqual(onDate([...schedule.unionIntervals], '2026-07-08'), [
    '2026-07-07T23:00/2026-07-08T15:00',
    '2026-07-08T23:00/2026-07-09T15:00',
  ]);
  assert.deepEqual(scheduledSession(schedule, at('2026-07-07T23:59')), { isOpen: true, minutesToClose: 15 * 60 + 1 });
  assert.deepEqual(scheduledSession(schedule, at('2026-07-08T00:00')), { isOpen: true, minutesToClose: 15 * 60 });
});

test('in winter the hour between Tokyo and London is closed for the yen against the euro', () => {
  const schedule = buildInstrumentSchedule(local, sessionsOf(['EUR', 'JPY']));
  assert.deepEqual(onDate([...schedule.unionIntervals], '2026-01-14'), [
    '2026-01-13T23:00/2026-01-14T07:00',
    '2026-01-14T08:00/2026-01-14T16:00',
    '2026-01-14T23:00/2026-01-15T07:00',
  ]);
  assert.equal(nextOpenAt(schedule, at('2026-01-14T07:00')), at('2026-01-14T08:00'));
});

test('the UTC preset gives the unions of the specification, winter and summer alike', () => {
  const rows: readonly [string, string[]][] = [
    ['EUR_USD', ['07:00/21:00']],
    ['GBP_USD', ['07:00/21:00']],
    ['USD_CHF', ['07:00/21:00']],
    ['USD_JPY', ['23:00/07:00', '12:00/21:00', '23:00/07:00']],
    ['EUR_JPY', ['23:00/15:00', '23:00/15:00']],
    ['AUD_USD', ['12:00/05:00', '12:00/05:00']],
    ['NZD_USD', ['12:00/05:00', '12:00/05:00']],
    ['USD_CAD', ['12:00/21:00']],
  ];
  for (const date of ['2026-01-14', '2026-07-15']) {
    for (const [instrument, expected] of rows) {
      const { unionIntervals } = buildInstrumentSchedule(utc, sessionsOf(instrument.split('_')));
      const times = onDate([...unionIntervals], date).map((text) => text.replaceAll(/\d{4}-\d{2}-\d{2}T/g, ''));
      assert.deepEqual(times, expected, `${instrument} on ${date}`);
    }
  }
});

test('a preset that wraps midnight opens on Sunday evening with the week', () => {
  const schedule = buildInstrumentSchedule(utc, ['sydney']);
  assert.equal(nextOpenAt(schedule, at('2026-01-10T12:00')), at('2026-01-11T22:03'));
  assert.equal(nextOpenAt(schedule, at('2026-07-11T12:00')), at('2026-07-12T21:03'));
  assert.deepEqual(scheduledSession(schedule, at('2026-01-11T22:03')), { isOpen: true, minutesToClose: 6 * 60 + 57 });
});

test('own hours replace the preset in its zone, or in UTC with Z', () => {
  const hours = {
    london: '09:30,12:00',
    tokyo: ['00:00Z', '06:00Z'],
    newYork: { open: '00:00', close: '24:00' },
  } as const;
  const calendar = buildCalendar({ ...span, preset: 'local', hours });
  assert.deepEqual(onDate(calendar.sessions.london, '2026-07-08'), ['2026-07-08T08:30/2026-07-08T11:00']);
  assert.deepEqual(onDate(calendar.sessions.tokyo, '2026-07-08'), ['2026-07-08T00:00/2026-07-08T06:00']);
  assert.deepEqual(calendar.sessions.newYork, calendar.weeks);
  assert.deepEqual(calendar.sessions.sydney, local.sessions.sydney);
});

test('a holiday closes its New York trading day and ends the week before it', () => {
  const calendar = buildCalendar({ ...span, preset: 'local', holidays: ['2027-01-01', '2026-12-25'] });
  assert.deepEqual(onDate(calendar.weeks, '2026-12-24'), ['2026-12-20T22:00/2026-12-24T22:00']);
  assert.deepEqual(onDate(calendar.weeks, '2026-12-25'), []);
  assert.deepEqual(onDate(calendar.weeks, '2026-12-31'), ['2026-12-27T22:00/2026-12-31T22:00']);
  assert.deepEqual(instrumentSession(calendar, ['newYork'], at('2026-12-24T21:57')), {
    isOpen: true,
    minutesToClose: 3,
  });
  const schedule = buildInstrumentSchedule(calendar, ['newYork']);
  assert.equal(nextOpenAt(schedule, at('2026-12-24T22:00')), at('2026-12-28T13:00'));
});

test('without holidays the data has none', () => {
  assert.equal(instrumentSession(local, ['newYork'], at('2026-12-25T15:00')).isOpen, true);
});

test('an early close ends the session at its instant', () => {
  const closures = [at('2026-11-27T18:00'), at('2026-11-27T22:00')];
  const calendar = buildCalendar({ ...span, preset: 'local', closures });
  assert.deepEqual(instrumentSession(calendar, ['newYork'], at('2026-11-27T17:56')), {
    isOpen: true,
    minutesToClose: 4,
  });
  assert.equal(instrumentSession(calendar, ['newYork'], at('2026-11-27T18:00')).isOpen, false);
});

test('the calendar ends with its span and is closed beyond it', () => {
  const short = buildCalendar({ fromAt: at('2026-07-10T09:00'), untilAt: at('2026-07-10T14:00'), preset: 'local' });
  assert.deepEqual(short.weeks, [short.fromAt, short.untilAt]);
  assert.equal(instrumentSession(short, ['london'], short.fromAt).isOpen, true);
  assert.equal(instrumentSession(short, ['london'], short.fromAt - 1).isOpen, false);
  assert.deepEqual(instrumentSession(short, ['london'], short.untilAt - 1), { isOpen: true, minutesToClose: 1 });
  assert.equal(instrumentSession(short, ['london'], short.untilAt).isOpen, false);
  assert.equal(calendarCovers(short, short.untilAt), false);
});

test('a part of the span gives the same hours as the whole', () => {
  const part = { fromAt: at('2026-03-08T06:30'), untilAt: at('2026-04-05T15:59') };
  const calendar = buildCalendar({ ...part, preset: 'local' });
  for (const name of sessionNames) {
    const whole = local.sessions[name].filter((instant) => instant > part.fromAt && instant < part.untilAt);
    assert.deepEqual(
      calendar.sessions[name].filter((instant) => instant > part.fromAt && instant < part.untilAt),
      whole,
    );
  }
});

test('the document passes its schema, and its version names the content', () => {
  assert.deepEqual(calendarSchema.parse(local), local);
  assert.equal(buildCalendar({ ...span, preset: 'local' }).version, local.version);
  assert.notEqual(utc.version, local.version);
  assert.match(local.version, /^[0-9a-f]{64}$/);
});

test('bad requests are refused', () => {
  const refusals: readonly [object, RegExp][] = [
    [{ fromAt: 2, untilAt: 2 }, /calendar span: expected integer milliseconds, start before end, found 2 and 2/],
    [{ fromAt: 0.5 }, /calendar span/],
    [{ fromAt: at('1800-01-01T00:00') }, /at most 36600 days/],
    [{ hours: { london: '8,16' } }, /session hours: expected/],
    [{ hours: { london: { start: '08:00', end: '16:00', zone: 'Mars/Olympus' } } }, /IANA name, found "Mars\/Olympus"/],
    [{ holidays: ['2026-02-30'] }, /ISO date such as "2026-12-25", found "2026-02-30"/],
    [{ holidays: ['25 December'] }, /found "25 December"/],
    [{ closures: [5, 5] }, /closures: expected ascending pairs/],
    [{ closures: [0.5, 5] }, /closures: expected ascending pairs/],
  ];
  for (const [part, message] of refusals) {
    assert.throws(() => buildCalendar({ ...span, preset: 'local', ...part }), message);
  }
});

/** The slow truth: wall clocks read by luxon at one instant, with the window formula of FX desk specification c. */
function slowIsInWindow(instant: number, hours: SessionHours): boolean {
  const wall = DateTime.fromMillis(instant, { zone: hours.zone });
  const minute = wall.hour * 60 + wall.minute;
  const { startMinute, endMinute } = hours;
  return startMinute <= endMinute
    ? minute >= startMinute && minute < endMinute
    : minute >= startMinute || minute < endMinute;
}

function slowIsInWeek(instant: number): boolean {
  const wall = DateTime.fromMillis(instant, { zone: 'America/New_York' });
  if (wall.weekday === 6) return false;
  if (wall.weekday === 7) return wall.hour >= 17;
  return wall.weekday < 5 || wall.hour < 17;
}

function slowSession(preset: SessionPreset, names: readonly SessionName[], instant: number): object {
  const isInUnion = (moment: number): boolean =>
    slowIsInWeek(moment) && names.some((name) => slowIsInWindow(moment, sessionHoursByPreset[preset][name]));
  const startAt = instant - (instant % minuteMs);
  let minutesToClose = 0;
  while (minutesToClose < 8000 && isInUnion(startAt + minutesToClose * minuteMs)) minutesToClose += 1;
  return { isOpen: minutesToClose > 0 && !slowIsInWindow(startAt, dailyBreakHours), minutesToClose };
}

/** The Sundays of 2026 on which New York, London or Sydney change their offset, and ordinary weekends beside them. */
const changes = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2026-07-12'];

const instants = fc.oneof(
  fc.integer({ min: at('2026-01-01T00:00'), max: at('2026-12-31T00:00') }),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * 1440 * minuteMs, max: 2 * 1440 * minuteMs }))
    .map(([date, shiftMs]) => at(`${date}T12:00`) + shiftMs),
);

test('the lookups agree with wall clocks read minute by minute', () => {
  const presets = { local, utc };
  fc.assert(
    fc.property(
      fc.constantFrom('local' as const, 'utc' as const),
      fc.subarray([...sessionNames], { minLength: 1, maxLength: 2 }),
      instants,
      (preset, names, instant) => {
        const expected = slowSession(preset, names, instant);
        const calendar = presets[preset];
        assert.deepEqual(instrumentSession(calendar, names, instant), expected);
        assert.deepEqual(scheduledSession(buildInstrumentSchedule(calendar, names), instant), expected);
        assert.equal(
          isMarketOpen(calendar, instant),
          slowIsInWeek(instant) && !slowIsInWindow(instant, dailyBreakHours),
        );
      },
    ),
    { seed: 20261025, numRuns: 300 },
  );
});

test('a market without hours is one week with every session as long as it, less what is closed', () => {
  const fromAt = Date.UTC(2026, 0, 1);
  const untilAt = Date.UTC(2026, 1, 1);
  const calendar = buildCalendar({ fromAt, untilAt, preset: 'always' });
  assert.deepEqual(calendarSchema.parse(calendar), calendar);
  assert.deepEqual([calendar.weeks, calendar.breaks], [[fromAt, untilAt], []]);
  for (const hours of Object.values(calendar.sessions)) assert.deepEqual(hours, [fromAt, untilAt]);
  const closures = [fromAt + 1_000, fromAt + 2_000];
  const closed = buildCalendar({ fromAt, untilAt, preset: 'always', closures });
  assert.deepEqual(closed.weeks, [fromAt, fromAt + 1_000, fromAt + 2_000, untilAt]);
});
