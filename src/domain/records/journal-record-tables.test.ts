import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalRecordTables } from './journal-record-tables.ts';

test('every table of the journal is filled by the same projection and says which trace wrote a row', () => {
  for (const [name, { projection, columns, plannedIn }] of Object.entries(journalRecordTables)) {
    assert.equal(projection, 'records', name);
    assert.equal(plannedIn, null, name);
    assert.equal(columns.trace_id, 'text', name);
    assert.equal(columns.sequence, 'integer', name);
  }
});
