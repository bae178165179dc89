import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { createZoneClock } from './zone-clock.ts';

const dayMs = 86_400_000;
const dayOf = (date: string): number => Date.parse(date) / dayMs;
const isoOf = (at: number): string => new Date(at).toISOString();

test('local times follow the zone through its change of offset', () => {
  const newYork = createZoneClock('America/New_York');
  assert.equal(isoOf(newYork(dayOf('2026-03-07'), 8 * 60)), '2026-03-07T13:00:00.000Z');
  assert.equal(isoOf(newYork(dayOf('2026-03-08'), 60)), '2026-03-08T06:00:00.000Z');
  assert.equal(isoOf(newYork(dayOf('2026-03-08'), 8 * 60)), '2026-03-08T12:00:00.000Z');
  assert.equal(isoOf(newYork(dayOf('2026-11-01'), 17 * 60)), '2026-11-01T22:00:00.000Z');
});

test('a time that the change skips moves forward', () => {
  const newYork = createZoneClock('America/New_York');
  assert.equal(isoOf(newYork(dayOf('2026-03-08'), 150)), '2026-03-08T07:30:00.000Z');
});

test('minutes past the end of the day belong to the next', () => {
  const newYork = createZoneClock('America/New_York');
  assert.equal(isoOf(newYork(dayOf('2026-03-07'), 1440 + 180)), '2026-03-08T07:00:00.000Z');
});

test('an unknown zone is refused', () => {
  assert.throws(() => createZoneClock('Mars/Olympus'), /expected an IANA name, found "Mars\/Olympus"/);
});

test('the kept offsets give what luxon gives for every single time', () => {
  const zones = [
    'America/New_York',
    'Europe/London',
    'Australia/Sydney',
    'Asia/Tokyo',
    'Australia/Lord_Howe',
    'Pacific/Kiritimati',
  ];
  const clocks = zones.map((zone) => ({ zone, clock: createZoneClock(zone) }));
  fc.assert(
    fc.property(
      fc.constantFrom(...clocks),
      fc.integer({ min: dayOf('1985-01-01'), max: dayOf('2040-01-01') }),
      fc.integer({ min: 0, max: 1439 }),
      ({ zone, clock }, day, minute) => {
        const date = new Date(day * dayMs).toISOString().slice(0, 10);
        const [hour, rest] = [Math.floor(minute / 60), minute % 60];
        assert.equal(clock(day, minute), DateTime.fromISO(date, { zone }).set({ hour, minute: rest }).toMillis());
      },
    ),
    { seed: 20260329, numRuns: 1000 },
  );
});
