import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditFolder, logFolder, spanFolder } from './telemetry-folders.ts';

test('what is told of a run lies in its folder', () => {
  assert.equal(logFolder('run'), 'run/logs');
  assert.equal(auditFolder('run'), 'run/logs/audit');
  assert.equal(spanFolder('run'), 'run/traces');
});
