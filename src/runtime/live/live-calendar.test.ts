import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '#engine/engine.ts';
import { forexCalendar } from '../../../tests/support/forex-calendar.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { calendarDays, calendarDaysMin, calendarInputs } from './live-calendar.ts';

const dayMs = 86_400_000;
const startAt = Date.UTC(2026, 0, 14);

test('a calendar is told where there is none, and again a month before it ends', () => {
  const time = new HandClock(startAt);
  const { state } = createEngine([]);
  const asked: [number, number][] = [];
  const calendar = (fromAt: number, untilAt: number) => {
    asked.push([fromAt, untilAt]);
    return forexCalendar(fromAt, untilAt);
  };
  const [input] = calendarInputs({ calendar, time }, state);
  assert.deepEqual(asked, [[startAt - 14 * dayMs, startAt + calendarDays * dayMs]]);
  assert.equal(input?.type, 'calendar.loaded');
  if (input?.type === 'calendar.loaded') state.calendar = input.calendar;
  time.jump((calendarDays - calendarDaysMin) * dayMs - 1);
  assert.deepEqual(calendarInputs({ calendar, time }, state), []);
  time.jump(1);
  assert.equal(calendarInputs({ calendar, time }, state).length, 1);
});
