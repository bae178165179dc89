import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WireError } from './wire-error.ts';

test('an error of the wire can be told from others by its name', () => {
  const error = new WireError('a line has no end');
  assert.deepEqual([error.name, error.message], ['WireError', 'a line has no end']);
});
