import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSwitches, takeOne } from './script-switches.ts';

test('nothing is switched on at first', () => {
  const script = createSwitches();
  for (const counted of [script.rejectTriggers, script.overfills, script.unknownStatuses, script.reducedQuantities]) {
    assert.equal(takeOne(counted), false);
  }
});

test('a count runs down to nothing', () => {
  const counted = { count: 2 };
  assert.deepEqual([takeOne(counted), takeOne(counted), takeOne(counted)], [true, true, false]);
  assert.equal(counted.count, 0);
});
