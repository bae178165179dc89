import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workRecordTables } from './work-record-tables.ts';

test('no projection empties what cannot be folded from the journal again', () => {
  for (const [name, { projection, plannedIn }] of Object.entries(workRecordTables)) {
    assert.equal(projection, null, name);
    assert.equal(plannedIn, null, name);
  }
});

test('a trial is kept for thirty days', () => {
  assert.equal(workRecordTables.trials.retentionDays, 30);
});
