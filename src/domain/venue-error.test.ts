import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VenueError } from './venue-error.ts';

test("a venue error carries its kind and the venue's own code", () => {
  const error = new VenueError('refused', '-2015', 'the key has no permission');
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.kind, error.code, error.message],
    ['VenueError', 'refused', '-2015', 'the key has no permission'],
  );
});
