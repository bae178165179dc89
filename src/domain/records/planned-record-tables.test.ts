import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedRecordTables } from './planned-record-tables.ts';

test('a planned table names the issue that brings it', () => {
  for (const [name, { plannedIn }] of Object.entries(plannedRecordTables))
    assert.ok([5, 6, 7].includes(plannedIn), name);
});
