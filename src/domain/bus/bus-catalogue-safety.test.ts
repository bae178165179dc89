import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safetyEvents } from './bus-catalogue-safety.ts';
import type { BusEvents } from './bus-event.ts';

test('what a process tells of itself does not come from the journal', () => {
  const events: BusEvents = safetyEvents;
  const told = Object.entries(events).filter(([, { origin, plannedIn }]) => origin === 'runtime' && plannedIn === null);
  assert.deepEqual(
    told.map(([name]) => name),
    ['health.status', 'service.heartbeat', 'system.redis_recovered'],
  );
});

test('a version is a whole number from 1 on, and only the first has none before', () => {
  const { schema } = safetyEvents['policy.updated'];
  const update = {
    policy: 'limits/fx',
    previous_version: null,
    version: 1,
    changed_paths: ['limits.maximumPositions'],
    previous_mode: null,
    new_mode: null,
    updated_by: 'configuration',
    reason: '',
  };
  assert.ok(schema.safeParse(update).success);
  assert.ok(!schema.safeParse({ ...update, version: 0 }).success);
  assert.ok(!schema.safeParse({ ...update, previous_version: 0 }).success);
});
