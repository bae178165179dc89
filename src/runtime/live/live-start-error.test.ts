import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveStartError } from './live-start-error.ts';

test('it names itself', () => {
  assert.equal(new LiveStartError('why').name, 'LiveStartError');
  assert.equal(new LiveStartError('why').message, 'why');
});
