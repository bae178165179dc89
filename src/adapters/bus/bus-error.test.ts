import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusError, messageOf } from './bus-error.ts';

test('an error of the bus says of which kind it is', () => {
  const error = new BusError('unreachable', 'no store answers');
  assert.equal(error.name, 'BusError');
  assert.equal(error.code, 'unreachable');
  assert.equal(messageOf(error), 'no store answers');
  assert.equal(messageOf('plain words'), 'plain words');
});
