import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killSwitchKey, killSwitchReading } from './kill-switch-reading.ts';

test('everything but 0, false and False is engaged', () => {
  assert.equal(killSwitchKey, 'ops:kill_switch');
  for (const text of ['0', 'false', 'False']) assert.equal(killSwitchReading(text), 'released');
  for (const text of ['1', 'true', '', ' 0', '0 ', 'FALSE', 'no', '00'])
    assert.equal(killSwitchReading(text), 'engaged');
  assert.equal(killSwitchReading(undefined), 'absent');
});
