import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelEvents } from './bus-catalogue-model.ts';
import type { BusEvents } from './bus-event.ts';

test('learning, models and agents are still to come, each with the issue that brings it', () => {
  const events: BusEvents = modelEvents;
  const issues = (prefix: string): unknown[] => [
    ...new Set(
      Object.entries(events)
        .filter(([name]) => name.startsWith(prefix))
        .map(([, { plannedIn }]) => plannedIn),
    ),
  ];
  assert.deepEqual(issues(''), [7, 5, 6, 4]);
  assert.deepEqual(issues('rl'), [7]);
  assert.deepEqual(issues('model.'), [5]);
  assert.deepEqual(issues('universe.'), [6]);
});
