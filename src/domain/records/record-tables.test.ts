import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRecordTables, recordOf, recordTable, recordTableNames } from './record-tables.ts';

test('a table is keyed and dated by columns of its own', () => {
  for (const [name, { columns, key, datedBy, meaning }] of Object.entries(allRecordTables)) {
    for (const column of [...key, datedBy]) assert.ok(Object.hasOwn(columns, column), `'${name}' has no '${column}'`);
    assert.equal(columns[datedBy], 'integer', `'${name}' is dated by '${datedBy}'`);
    assert.ok(meaning !== '' && !Object.hasOwn(columns, 'run_id'), name);
  }
});

test('a name of a table or column needs no quotes beyond lower case and underscores', () => {
  for (const [name, { columns }] of Object.entries(allRecordTables))
    for (const word of [name, ...Object.keys(columns)]) assert.match(word, /^[a-z][a-z0-9_]*$/);
});

test('what is kept for a time only is kept for whole days', () => {
  for (const { retentionDays } of Object.values(allRecordTables))
    assert.ok(retentionDays === null || (Number.isInteger(retentionDays) && retentionDays > 0));
});

test('a name of the seeds is answered by one table at most', () => {
  const answered = Object.values(allRecordTables).flatMap(({ seedNames }) => seedNames);
  assert.deepEqual([...new Set(answered)], answered);
});

test('the tables that are there are found by name, the planned ones are not among them', () => {
  assert.deepEqual(recordTable('alerts').key, ['sequence']);
  for (const name of recordTableNames) assert.equal(recordTable(name).plannedIn, null);
  const planned = Object.entries(allRecordTables).filter(([, { plannedIn }]) => plannedIn !== null);
  assert.equal(planned.length, 16);
  for (const [name] of planned) assert.ok(!recordTableNames.some((there) => there === name), name);
});

test('a change holds the row it was made of', () => {
  const row = { sequence: 4, name: 'a', reason: 'b', raised_at: 1, cleared_at: null, trace_id: 'c' };
  assert.deepEqual(recordOf('alerts', row), { table: 'alerts', row });
});
