import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workRecordTables } from './work-record-tables.ts';

test('no projection empties what cannot be folded from the journal again; of these only jobs can', () => {
  for (const [name, { projection, plannedIn }] of Object.entries(workRecordTables)) {
    assert.equal(projection, name === 'job_runs' ? 'records' : null, name);
    assert.equal(plannedIn, null, name);
  }
});

test('a trial is kept for thirty days', () => {
  assert.equal(workRecordTables.trials.retentionDays, 30);
});
