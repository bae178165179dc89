import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { spreadMs } from './spread-ms.ts';

class Chance extends HandClock {
  fraction = 0;
  override random(): number {
    return this.fraction;
  }
}

test('a wait is spread by a quarter to either side', () => {
  const time = new Chance();
  const waits = [0, 0.5, 1].map((fraction) => {
    time.fraction = fraction;
    return spreadMs(1_000, time);
  });
  assert.deepEqual(waits, [750, 1_000, 1_250]);
});
