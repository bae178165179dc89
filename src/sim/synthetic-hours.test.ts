import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMarketOpen } from '#domain/calendar.ts';
import { forexCalendar } from '../../tests/support/forex-calendar.ts';
import { marketActivity, nextOpenMinute } from './synthetic-hours.ts';

const minuteMs = 60_000;
const utc = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 0, day, hour, minute);
const calendar = forexCalendar(utc(1, 0), utc(31, 0));

test('from Friday evening the next open minute is on Sunday after the break', () => {
  assert.equal(nextOpenMinute(calendar, utc(9, 21, 57)), utc(9, 21, 57));
  assert.equal(nextOpenMinute(calendar, utc(9, 21, 58)), utc(11, 22, 3));
  assert.equal(nextOpenMinute(calendar, utc(10, 12)), utc(11, 22, 3));
});

test('a daily break is passed over, and an instant inside a minute leads to the next one', () => {
  assert.equal(nextOpenMinute(calendar, utc(7, 21, 58)), utc(7, 22, 3));
  assert.equal(nextOpenMinute(calendar, utc(7, 12) + 1), utc(7, 12, 1));
});

test('there is no open minute after the calendar, and no closed one without a calendar', () => {
  assert.equal(nextOpenMinute(calendar, utc(31, 0)), undefined);
  assert.equal(nextOpenMinute(null, utc(10, 12)), utc(10, 12));
});

test('the fast way finds the minute that trying every one finds', () => {
  for (let at = utc(8, 12); at < utc(13, 0); at += 37 * minuteMs + 1) {
    let slow = Math.ceil(at / minuteMs) * minuteMs;
    while (!isMarketOpen(calendar, slow)) slow += minuteMs;
    assert.equal(nextOpenMinute(calendar, at), slow);
  }
});

test('the market is fastest while London and New York are open, and its mean square is near one', () => {
  const at = [utc(7, 14), utc(7, 10), utc(7, 2), utc(7, 21, 30)];
  const paces = at.map((moment) => marketActivity(calendar, moment));
  assert.ok(Math.max(...paces) === paces[0], `paces ${paces}`);
  assert.equal(marketActivity(null, utc(7, 2)), 1);
  let [sum, count] = [0, 0];
  for (let minuteAt = utc(5, 0); minuteAt < utc(9, 0); minuteAt += minuteMs) {
    sum += marketActivity(calendar, minuteAt) * marketActivity(calendar, minuteAt);
    count += 1;
  }
  assert.ok(Math.abs(sum / count - 1) < 0.2, `mean square ${sum / count}`);
});
