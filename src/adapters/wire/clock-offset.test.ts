import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockOffset } from './clock-offset.ts';

const start = 1_700_000_000_000;

/** Asks a venue whose clock is ahead by so much, with the same time on both ways unless told otherwise. */
function ask(clock: ClockOffset, aheadMs: number, { at = start, thereMs = 20, backMs = 20 } = {}): void {
  clock.sample({ sentAt: at, serverAt: at + thereMs + aheadMs, receivedAt: at + thereMs + backMs });
}

test('without a sample nothing is known', () => {
  const clock = new ClockOffset();
  assert.deepEqual(
    [clock.offsetMs, clock.uncertaintyMs, clock.isStale(start)],
    [undefined, Number.POSITIVE_INFINITY, true],
  );
});

test('the venue read its clock in the middle of the round trip', () => {
  const clock = new ClockOffset();
  clock.sample({ sentAt: start, serverAt: start + 350, receivedAt: start + 100 });
  assert.deepEqual([clock.offsetMs, clock.uncertaintyMs], [300, 50]);
});

test('an uneven round trip is wrong by half of it at most', () => {
  const clock = new ClockOffset();
  ask(clock, 0, { thereMs: 400, backMs: 0 });
  assert.deepEqual([clock.offsetMs, clock.uncertaintyMs], [200, 200]);
});

test('samples that took over two seconds, or less than nothing, are left out', () => {
  const clock = new ClockOffset();
  ask(clock, 500, { thereMs: 2_001, backMs: 0 });
  ask(clock, 500, { thereMs: 0, backMs: -1 });
  clock.sample({ sentAt: start, serverAt: Number.NaN, receivedAt: start });
  clock.sample({ sentAt: Number.NaN, serverAt: start, receivedAt: start });
  assert.equal(clock.offsetMs, undefined);
  ask(clock, 500, { thereMs: 1_000, backMs: 1_000 });
  assert.deepEqual([clock.offsetMs, clock.uncertaintyMs], [500, 1_000]);
});

test('the median of the last nine is not moved by four outliers', () => {
  const clock = new ClockOffset();
  for (const aheadMs of [10, 11, 12, 13, 14, 900, 900, 900, 900]) ask(clock, aheadMs);
  assert.equal(clock.offsetMs, 14);
});

for (const stepMs of [900, -900, 1_100, -1_100, 6_000, -6_000]) {
  test(`a step of ${stepMs} ms is seen at once after a reset and after five samples without`, () => {
    const clock = new ClockOffset();
    for (let time = 0; time < 9; time++) ask(clock, 0);
    for (let time = 0; time < 4; time++) ask(clock, stepMs);
    assert.equal(clock.offsetMs, 0);
    ask(clock, stepMs);
    assert.equal(clock.offsetMs, stepMs);
    clock.reset();
    assert.equal(clock.offsetMs, undefined);
    ask(clock, -stepMs);
    assert.equal(clock.offsetMs, -stepMs);
  });
}

test('it is stale ten minutes after the last sample, or when our clock is before it', () => {
  const clock = new ClockOffset();
  ask(clock, 0, { at: start - 40 });
  assert.deepEqual(
    [start - 1, start, start + 600_000, start + 600_001].map((now) => clock.isStale(now)),
    [true, false, false, true],
  );
});
