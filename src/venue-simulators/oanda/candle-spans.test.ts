import assert from 'node:assert/strict';
import { test } from 'node:test';
import { granularityMs, isWeekday, isZone, spanOf, usualAlignment } from './candle-spans.ts';

function span(name: string, text: string, alignment = usualAlignment): string[] {
  const { startAt, endAt } = spanOf(name, Date.parse(text), alignment);
  return [startAt, endAt].map((at) => new Date(at).toISOString().slice(0, 16));
}

test('candles up to an hour lie on the grid of the clock', () => {
  assert.deepEqual(span('M1', '2026-01-07T12:34:56Z'), ['2026-01-07T12:34', '2026-01-07T12:35']);
  assert.deepEqual(span('M15', '2026-01-07T12:34:56Z'), ['2026-01-07T12:30', '2026-01-07T12:45']);
  assert.deepEqual(span('H1', '2026-01-07T12:34:56Z'), ['2026-01-07T12:00', '2026-01-07T13:00']);
});

test('longer ones are counted from 17:00 New York, summer and winter', () => {
  assert.deepEqual(span('H4', '2026-01-07T12:34:56Z'), ['2026-01-07T10:00', '2026-01-07T14:00']);
  assert.deepEqual(span('H4', '2026-07-07T12:34:56Z'), ['2026-07-07T09:00', '2026-07-07T13:00']);
  assert.deepEqual(span('D', '2026-01-07T21:59:59Z'), ['2026-01-06T22:00', '2026-01-07T22:00']);
  assert.deepEqual(span('D', '2026-01-07T22:00:00Z'), ['2026-01-07T22:00', '2026-01-08T22:00']);
  // New York changes its clocks on 2026-03-08, so that day has 23 hours.
  assert.deepEqual(span('D', '2026-03-08T12:00:00Z'), ['2026-03-07T22:00', '2026-03-08T21:00']);
  assert.deepEqual(span('D', '2026-11-01T12:00:00Z'), ['2026-10-31T21:00', '2026-11-01T22:00']);
});

test('weeks begin on Friday and months with the date on which their first day ends', () => {
  assert.deepEqual(span('W', '2026-01-07T12:00:00Z'), ['2026-01-02T22:00', '2026-01-09T22:00']);
  assert.deepEqual(span('W', '2026-01-09T22:00:00Z'), ['2026-01-09T22:00', '2026-01-16T22:00']);
  assert.deepEqual(span('M', '2026-01-31T23:00:00Z'), ['2026-01-31T22:00', '2026-02-28T22:00']);
  assert.deepEqual(span('M', '2026-01-31T21:00:00Z'), ['2025-12-31T22:00', '2026-01-31T22:00']);
});

test('another alignment moves days and weeks', () => {
  const alignment = { dailyHour: 0, zone: 'UTC', weekday: 'Monday' };
  assert.deepEqual(span('D', '2026-01-07T12:00:00Z', alignment), ['2026-01-07T00:00', '2026-01-08T00:00']);
  assert.deepEqual(span('W', '2026-01-07T12:00:00Z', alignment), ['2026-01-05T00:00', '2026-01-12T00:00']);
});

test('names that are none are known as such', () => {
  assert.equal(granularityMs('M5'), 300_000);
  for (const name of ['S5', 'M3', '', 'constructor']) assert.equal(granularityMs(name), undefined, name);
  assert.deepEqual([isZone('Europe/Berlin'), isZone('Mars/Olympus')], [true, false]);
  assert.deepEqual([isWeekday('Friday'), isWeekday('Freitag')], [true, false]);
});
