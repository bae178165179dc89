import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  letterFields,
  parseEntryReplies,
  parseInfoRows,
  parseLetter,
  parsePendingReplies,
  parseReadReply,
  streamEntry,
} from './stream-replies.ts';

test('an entry is read with what it is meant for, and one that is gone is none', () => {
  const entry = { stream: 's', id: '1-0', text: 'x', onlyFor: null, deliveries: 2 };
  assert.deepEqual(streamEntry('s', ['1-0', ['envelope', 'x']], 2), entry);
  const meant = streamEntry('s', ['1-0', ['envelope', 'x', 'group', 'g']], 2);
  assert.deepEqual(meant, { ...entry, onlyFor: 'g' });
  assert.equal(streamEntry('s', ['1-0', null], 1), undefined);
  assert.equal(streamEntry('s', ['1-0', ['a', '1', 'b', '2']], 1)?.text, '{"a":"1","b":"2"}');
});

test('nothing read is an empty list', () => {
  assert.deepEqual(parseReadReply(null), []);
  assert.deepEqual(parseEntryReplies(null), []);
  assert.deepEqual(parsePendingReplies([['1-0', 'one', 5, 2]]), [
    { id: '1-0', consumer: 'one', idleMs: 5, deliveries: 2 },
  ]);
  assert.equal(parseInfoRows([['name', 'g', 'pending', 3]])[0]?.get('pending'), 3);
});

test('a dead letter survives its fields', () => {
  const letter = {
    text: '{}',
    error: 'no',
    attempts: 4,
    handler: 'g/one',
    group: 'g',
    stream: 's',
    entryId: '1-0',
    at: 17,
  };
  assert.deepEqual(parseLetter(letterFields(letter)), letter);
});
