import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatVenueTime, parseVenueTime } from './oanda-time.ts';

test('times with nanoseconds are cut to milliseconds', () => {
  assert.equal(parseVenueTime('2016-10-05T05:28:16.729643492Z'), Date.UTC(2016, 9, 5, 5, 28, 16, 729));
  assert.equal(parseVenueTime('2016-10-17T19:35:00Z'), Date.UTC(2016, 9, 17, 19, 35));
});

test('seconds since 1970 are read to the digit', () => {
  assert.equal(parseVenueTime('1475645296.729643492'), 1_475_645_296_729);
  assert.equal(parseVenueTime('1475645296'), 1_475_645_296_000);
  assert.equal(parseVenueTime('1475645296.7'), 1_475_645_296_700);
});

test('what names no instant is none', () => {
  for (const text of ['', 'yesterday', '2016-13-05T05:28:16Z', '2016-02-30T05:28:16Z', '2016-10-05 05:28:16', '-5'])
    assert.equal(parseVenueTime(text), undefined, text);
});

test('an instant that is written and read again is the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => parseVenueTime(formatVenueTime(at)) === at),
  );
});
