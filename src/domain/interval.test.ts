import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalMs, intervalOfMs, intervals, parseInterval } from './interval.ts';

test('each interval has the length its name says', () => {
  assert.deepEqual(
    intervals.map((interval) => intervalMs(interval) / 60_000),
    [1, 5, 15, 60, 240, 1440],
  );
});

test('an interval is found again from its length and from its name', () => {
  for (const interval of intervals) {
    assert.equal(intervalOfMs(intervalMs(interval)), interval);
    assert.equal(parseInterval(interval), interval);
  }
});

test('a length or name of no interval gives none', () => {
  assert.equal(intervalOfMs(60_001), undefined);
  assert.equal(parseInterval('m1'), undefined);
  assert.equal(parseInterval('M30'), undefined);
});
