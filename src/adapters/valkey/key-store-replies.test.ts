import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ReplyError } from 'ioredis';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { parseApplied, parseInfo, parseMembers, parsePosition, parseValue, refusalOf } from './key-store-replies.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

test('what became of a batch is read from the script', () => {
  assert.deepEqual(parseApplied([bytes('done')]), { type: 'done' });
  assert.deepEqual(parseApplied([bytes('leftover')]), { type: 'leftover' });
  assert.deepEqual(parseApplied(['stale', 'run', '7'].map(bytes)), {
    type: 'stale',
    found: { runId: 'run', sequence: 7 },
  });
  assert.deepEqual(parseApplied(['stale', '', ''].map(bytes)), { type: 'stale', found: undefined });
  assert.deepEqual(parseApplied(['wrongType', 'k', 'zset', 'string'].map(bytes)), {
    type: 'wrongType',
    message: "expected 'sortedSet' at 'k', found 'text'",
  });
  assert.deepEqual(parseApplied(['broken', 'why'].map(bytes)), { type: 'broken', reason: 'why' });
});

test('a position has all its fields or is none of ours', () => {
  const fields = { runId: 'run', version: '1', sequence: '7', at: '9', state: '{}' };
  assert.deepEqual(parsePosition('k', fields), { runId: 'run', version: 1, sequence: 7, at: 9, state: '{}' });
  assert.equal(parsePosition('k', {}), undefined);
  const { state, ...rest } = fields;
  for (const wrong of [rest, { ...rest, state, sequence: 'x' }, { state, runId: 'run' }]) {
    assert.throws(() => parsePosition('k', wrong), KeyStoreError);
  }
});

test('a value is read by its type', () => {
  assert.equal(parseValue('k', [bytes('none'), -2]), undefined);
  assert.deepEqual(parseValue('k', [bytes('string'), -1, bytes('v')]), { type: 'text', value: 'v', ttlMs: null });
  const packed = gzipSync('long');
  assert.deepEqual(parseValue('k', [bytes('string'), 5, packed]), { type: 'compressed', value: 'long', ttlMs: 5 });
  assert.deepEqual(parseValue('k', [bytes('list'), -1, ['a', 'b'].map(bytes)]), {
    type: 'list',
    values: ['a', 'b'],
    ttlMs: null,
  });
  assert.deepEqual(parseValue('k', [bytes('hash'), -1, ['a', 'b'].map(bytes)]), {
    type: 'hash',
    fields: { a: 'b' },
    ttlMs: null,
  });
  assert.deepEqual(parseValue('k', [bytes('zset'), -1, ['a', '1.5'].map(bytes)]), {
    type: 'sortedSet',
    members: [{ score: 1.5, member: 'a' }],
    ttlMs: null,
  });
});

test('more elements than are read at once are told', () => {
  assert.throws(
    () => parseValue('k', [bytes('zset'), -1, 200_001]),
    (error) => error instanceof KeyStoreError && error.code === 'tooMany' && error.message.includes('200001'),
  );
});

test('scores without end are read too', () => {
  assert.deepEqual(parseMembers(['a', 'inf', 'b', '-inf']), [
    { score: Number.POSITIVE_INFINITY, member: 'a' },
    { score: Number.NEGATIVE_INFINITY, member: 'b' },
  ]);
});

test('a server tells its program and its memory', () => {
  assert.deepEqual(
    parseInfo('# Server\r\nredis_version:7.2.4\r\nvalkey_version:8.1.0\r\nused_memory:100\r\nmaxmemory:0\r\n'),
    {
      version: 'Valkey 8.1.0',
      memoryBytes: 100,
      memoryLimitBytes: null,
    },
  );
  assert.deepEqual(parseInfo('redis_version:7.0.15\r\nused_memory:5\r\nmaxmemory:9'), {
    version: 'Redis 7.0.15',
    memoryBytes: 5,
    memoryLimitBytes: 9,
  });
});

test('only an answer of the server is a refusal', () => {
  assert.equal(refusalOf(new ReplyError('OOM command not allowed')), 'OOM command not allowed');
  assert.equal(refusalOf(new Error('Connection is closed.')), undefined);
});
