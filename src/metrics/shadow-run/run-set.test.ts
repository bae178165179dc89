import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createShadowScene,
  minuteBar,
  playMinutes,
  retuneScene,
  type ShadowMinute,
  shadowCalendar,
  shadowMinutes,
  shadowStrategy,
  windowAt,
} from '../../../tests/support/shadow-market.ts';
import { followCalendar, resizeHistory, stepRuns } from './run-set.ts';

const fast = {
  ...shadowStrategy,
  directionThresholdBps: 1,
  stopLossPips: 4,
  entryCooldownSeconds: 0,
  exitCooldownSeconds: 0,
};
const slow = { ...fast, directionLookback: 12 };

test('a run that is back-filled stands where one stands that ran all along', () => {
  let trips = 0;
  fc.assert(
    fc.property(shadowMinutes({ min: 50, max: 300 }), fc.constantFrom(fast, slow), (minutes, strategy) => {
      const along = createShadowScene([strategy]);
      const late = createShadowScene([]);
      const cut = Math.floor(minutes.length * 0.7);
      playMinutes(along, minutes);
      playMinutes(late, minutes.slice(0, cut));
      retuneScene(late, [strategy]);
      playMinutes(late, minutes.slice(cut));
      assert.deepEqual(late.set.runs, along.set.runs);
      trips += along.set.runs[0]?.trips.end ?? 0;
    }),
    { numRuns: 50 },
  );
  assert.ok(trips > 200, `${trips} round trips`);
});

function measured(minutes: readonly ShadowMinute[]): ShadowMinute[] {
  return minutes.map(({ bar }) => {
    const [coherence, entropy, rupture] = [(bar.close % 97) / 97, (bar.close % 89) / 89, (bar.high % 83) / 83];
    return { bar, window: windowAt(bar, { coherence, entropy, rupture }) };
  });
}

test('calibrated guards are back-filled with the levels of their day', () => {
  let trips = 0;
  const strategy = { ...fast, guardProfile: 'calibrated', coherencePercentile: 0.2, entropyPercentile: 0.9 } as const;
  fc.assert(
    fc.property(shadowMinutes({ min: 600, max: 600 }), (drawn) => {
      const minutes = measured(drawn);
      // A history this long holds a window with every bar.
      const options = { rankCapacity: 380 };
      const along = createShadowScene([strategy], options);
      const late = createShadowScene([], options);
      playMinutes(along, minutes);
      playMinutes(late, minutes);
      retuneScene(late, [strategy]);
      assert.deepEqual(late.set.runs, along.set.runs);
      trips += along.set.runs[0]?.trips.end ?? 0;
    }),
    { numRuns: 10 },
  );
  assert.ok(trips > 20, `${trips} round trips`);
});

test('runs that are still wanted stay, others go, and equal ones become one', () => {
  const scene = createShadowScene([fast, slow]);
  const [first, second] = scene.set.runs;
  retuneScene(scene, [slow, shadowStrategy, { ...slow, signaturePrecision: 5 }]);
  assert.equal(scene.set.runs.length, 2);
  assert.equal(scene.set.runs[0], second);
  assert.ok(!scene.set.runs.includes(first ?? scene.set.runs[0] ?? fail()));
});

function fail(): never {
  throw new Error('a run was expected');
}

test('a bar that is not newer changes nothing', () => {
  const scene = createShadowScene([fast]);
  const bar = minuteBar(600, { open: 110_000, close: 110_010 });
  playMinutes(scene, [{ bar, window: windowAt(bar) }]);
  const before = structuredClone(scene.set);
  stepRuns(scene.set, bar, scene.inputs());
  stepRuns(scene.set, minuteBar(599, { open: 1, close: 1 }), scene.inputs());
  assert.deepEqual(scene.set, before);
});

test('the schedule follows the calendar, and the strategy that says whether sessions count', () => {
  const scene = createShadowScene([fast]);
  assert.equal(scene.set.schedule?.calendarVersion, 'plain');
  const sessions = scene.set.schedule;
  followCalendar(scene.set, { ...scene.inputs(), calendar: { ...shadowCalendar, version: 'other' } });
  assert.equal(scene.set.schedule?.calendarVersion, 'other');
  retuneScene(scene, [{ ...fast, sessionTradingEnabled: false }]);
  assert.notDeepEqual(scene.set.schedule?.openIntervals, sessions?.openIntervals);
});

test('a history spans the days asked for and a week before them', () => {
  const scene = createShadowScene([], { days: 30 });
  assert.equal(scene.set.history.capacity, 37 * 1440);
  resizeHistory(scene.set, 10, 300_000);
  assert.equal(scene.set.history.capacity, 17 * 288);
});

test('a set survives a copy of its plain data in the middle of a run', () => {
  fc.assert(
    fc.property(shadowMinutes({ min: 60, max: 200 }), (minutes) => {
      const whole = createShadowScene([fast]);
      const copied = createShadowScene([fast]);
      playMinutes(whole, minutes);
      playMinutes(copied, minutes.slice(0, 40));
      const next = { ...copied, set: structuredClone(copied.set) };
      playMinutes(next, minutes.slice(40));
      assert.deepEqual(next.set.runs, whole.set.runs);
    }),
    { numRuns: 20 },
  );
});
