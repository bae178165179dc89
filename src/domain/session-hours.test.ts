import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dailyBreakHours, parseSessionHours, sessionHoursByPreset, tradingWeek } from './session-hours.ts';

const london = { startMinute: 480, endMinute: 960, zone: 'Europe/London' };

test('every accepted form reads alike', () => {
  const specs = [
    '08:00,16:00',
    ' 08:00 , 16:00 ',
    ['08:00', '16:00'],
    { start: '08:00', end: '16:00' },
    { open: '08:00', close: '16:00' },
  ];
  for (const spec of specs) assert.deepEqual(parseSessionHours(spec, 'Europe/London'), london);
});

test('Z means UTC whatever the zone, and an object may name its own zone', () => {
  assert.deepEqual(parseSessionHours('08:00Z,16:00Z', 'Asia/Tokyo'), { ...london, zone: 'UTC' });
  assert.deepEqual(parseSessionHours(['08:00Z', '16:00Z'], 'Asia/Tokyo'), { ...london, zone: 'UTC' });
  assert.deepEqual(parseSessionHours({ start: '08:00', end: '16:00', zone: 'Europe/London' }, 'Asia/Tokyo'), london);
  assert.deepEqual(parseSessionHours({ open: '08:00', close: '16:00', zone: 'Europe/London' }, 'Asia/Tokyo'), london);
});

test('a window may wrap midnight, end at midnight or fill the day', () => {
  const bounds = (spec: string): number[] => {
    const hours = parseSessionHours(spec, 'UTC');
    return [hours.startMinute, hours.endMinute];
  };
  assert.deepEqual(bounds('23:00,07:00'), [1380, 420]);
  assert.deepEqual(bounds('16:00,00:00'), [960, 0]);
  assert.deepEqual(bounds('00:00,24:00'), [0, 1440]);
});

test('anything else is refused with what was expected and found', () => {
  const refusals: readonly [unknown, RegExp][] = [
    ['08:00', /expected "HH:MM,HH:MM".*found "08:00"/],
    ['08:00,12:00,16:00', /found "08:00,12:00,16:00"/],
    [['08:00'], /expected "HH:MM,HH:MM"/],
    [[8, 16], /found \[8,16\]/],
    [null, /found null/],
    [undefined, /found undefined/],
    [{ start: '08:00', close: '16:00' }, /expected "HH:MM,HH:MM"/],
    [{ start: '08:00', end: '16:00', days: 5 }, /expected "HH:MM,HH:MM"/],
    ['8:00,16:00', /written "HH:MM" or "HH:MMZ", found "8:00,16:00"/],
    ['08:60,16:00', /written "HH:MM"/],
    ['08:00,25:00', /written "HH:MM"/],
    ['08:00,24:30', /written "HH:MM"/],
    ['08:00z,16:00z', /written "HH:MM"/],
    ['24:00,08:00', /a start before "24:00"/],
    ['08:00,08:00', /an end that differs from the start/],
    ['08:00Z,16:00', /both times with Z or both without/],
    [{ start: '08:00Z', end: '16:00Z', zone: 'Asia/Tokyo' }, /either Z or a zone/],
  ];
  for (const [spec, message] of refusals) assert.throws(() => parseSessionHours(spec, 'UTC'), message);
});

test('the presets hold the hours of the specification', () => {
  const read = (spec: string, zone: string): unknown => parseSessionHours(spec, zone);
  assert.deepEqual(sessionHoursByPreset.local, {
    tokyo: read('08:00,16:00', 'Asia/Tokyo'),
    london: read('08:00,16:00', 'Europe/London'),
    newYork: read('08:00,17:00', 'America/New_York'),
    sydney: read('07:00,15:00', 'Australia/Sydney'),
  });
  assert.deepEqual(sessionHoursByPreset.utc, {
    tokyo: read('23:00Z,07:00Z', ''),
    london: read('07:00Z,15:00Z', ''),
    newYork: read('12:00Z,21:00Z', ''),
    sydney: read('21:00Z,05:00Z', ''),
  });
  assert.deepEqual(dailyBreakHours, read('16:58,17:03', 'America/New_York'));
  assert.deepEqual(tradingWeek, { openWeekday: 0, closeWeekday: 5, minute: 1020, zone: 'America/New_York' });
});
