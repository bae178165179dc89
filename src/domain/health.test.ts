import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusOf, worstStatus } from './health.ts';

test('the whole is as bad as its worst part, and what was never asked counts for nothing', () => {
  assert.equal(worstStatus([]), 'HEALTHY');
  assert.equal(worstStatus(['HEALTHY', 'UNKNOWN']), 'HEALTHY');
  assert.equal(worstStatus(['HEALTHY', 'DEGRADED', 'UNKNOWN']), 'DEGRADED');
  assert.equal(worstStatus(['CRITICAL', 'DEGRADED']), 'CRITICAL');
});

test('a figure is judged by two bounds, and what is no figure is critical', () => {
  assert.equal(statusOf(200, 200, 500), 'HEALTHY');
  assert.equal(statusOf(201, 200, 500), 'DEGRADED');
  assert.equal(statusOf(501, 200, 500), 'CRITICAL');
  assert.equal(statusOf(Number.NaN, 200, 500), 'CRITICAL');
});
