import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyPositions } from './key-positions.ts';
import { openKeyTables } from './key-tables.ts';

test('a position is kept by its projection, and the newest replaces it', () => {
  const database = openKeyTables(':memory:', false);
  const positions = new KeyPositions(database);
  const position = { runId: 'run', version: 1, sequence: 7, at: 1_700_000_000_000, state: '{"a":1}' };
  positions.put('mirror', { ...position, sequence: 6 });
  positions.put('mirror', position);
  assert.deepEqual(positions.find('mirror'), position);
  assert.equal(positions.find('other'), undefined);
  positions.remove('mirror');
  assert.equal(positions.find('mirror'), undefined);
  database.close();
});
