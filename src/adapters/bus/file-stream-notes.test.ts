import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileStreamNotes } from './file-stream-notes.ts';
import { openStreamTables } from './file-stream-tables.ts';

function opened(): FileStreamNotes {
  return new FileStreamNotes(openStreamTables(':memory:', false));
}

test('a position is kept by its projection, and the newest replaces it', () => {
  const notes = opened();
  const position = { runId: 'run', version: 1, sequence: 7, at: 1_700_000_000_000, state: '{"a":1}' };
  notes.putPosition('bus', { ...position, sequence: 6 });
  notes.putPosition('bus', position);
  assert.deepEqual(notes.position('bus'), position);
  assert.equal(notes.position('other'), undefined);
  notes.removePosition('bus');
  assert.equal(notes.position('bus'), undefined);
});

test('a group knows what it has handled since an instant, until it is made to forget', () => {
  const notes = opened();
  notes.handle('monitoring', 'one', 1_000);
  notes.handle('monitoring', 'two', 2_000.5);
  const known = (group: string, sinceAt: number): boolean[] =>
    ['one', 'two', 'three'].map((id) => notes.isHandled(group, id, sinceAt));
  assert.deepEqual(known('monitoring', 1_000), [true, true, false]);
  assert.deepEqual(known('monitoring', 1_001), [false, true, false]);
  assert.deepEqual(known('rl_agents', 0), [false, false, false]);
  notes.forgetHandled('monitoring', 2_000.5);
  assert.deepEqual(known('monitoring', 0), [false, true, false]);
  notes.handle('monitoring', 'two', 3_000);
  notes.forgetHandled('monitoring', 3_000);
  assert.deepEqual(known('monitoring', 3_000), [false, true, false]);
});

test('the patterns that were kept before are told', () => {
  const notes = opened();
  assert.equal(notes.keepPatterns('monitoring', 'order.*'), undefined);
  assert.equal(notes.keepPatterns('monitoring', 'trade.*'), 'order.*');
  assert.equal(notes.keepPatterns('monitoring', 'trade.*'), 'trade.*');
});

test('the last ten thousand records of what was dropped are kept', () => {
  const notes = opened();
  const record = (at: number) => ({ stream: 's', group: 'g', fromId: '1-0', toId: '2-0', count: 1, at });
  notes.addDropped(Array.from({ length: 10_001 }, (_, at) => record(at)));
  notes.addDropped([record(10_001)]);
  assert.deepEqual(notes.dropped(2), [record(10_000), record(10_001)]);
  const all = notes.dropped(20_000);
  assert.equal(all.length, 10_000);
  assert.deepEqual(all[0], record(2));
});
