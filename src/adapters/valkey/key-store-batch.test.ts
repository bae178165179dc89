import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { AssertionError } from '#base/assert.ts';
import { planKeyChanges } from '#domain/keys/key-batch.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { encodeBatch, indexKey, positionKey, scoreText } from './key-store-batch.ts';

const to: ProjectionPosition = { runId: 'run', version: 2, sequence: 7, at: 9, state: '{}' };

test('a projection has its position and its index of keys', () => {
  assert.equal(positionKey('mirror'), 'quantum:position:mirror');
  assert.equal(indexKey('mirror'), 'quantum:position:mirror:keys');
  for (const name of ['', 'a:keys', 'two words', '1st']) assert.throws(() => positionKey(name), AssertionError);
});

test('a batch becomes the words of the script', async () => {
  const batch = planKeyChanges([
    { type: 'set', key: 't', value: 'v', ttlMs: 5 },
    { type: 'add', key: 's', score: 1.5, member: 'm', replacesScore: true, keep: 3, ttlMs: null },
    { type: 'add', key: 's', score: -1, member: 'n', replacesScore: false, keep: null, ttlMs: 8 },
    { type: 'dropBelow', key: 'b', score: Number.NEGATIVE_INFINITY },
    { type: 'delete', key: 'd' },
    { type: 'push', key: 'l', value: 'v', keep: 2, ttlMs: null },
    { type: 'hash', key: 'h', fields: { a: '1', b: '2' }, ttlMs: null },
    { type: 'publish', channel: 'c', message: 'm' },
  ]);
  const { keys, parameters } = await encodeBatch(batch, { name: 'mirror', from: undefined, to });
  assert.deepEqual(keys, ['quantum:position:mirror', 'quantum:position:mirror:keys', 't', 's', 'b', 'd', 'l', 'h']);
  const position = ['', '', 'run', '2', '7', '9', '{}'];
  const plans = ['', '5', '', 'zset', '8', '1', 'zset', '-', '', '', 'x', '', 'list', '0', '1', 'hash', '0', '1'];
  const changes = ['s', '3', '5', 'v', 'a', '4', '1.5', 'm', '1', '-4', 'a', '4', '-1', 'n', '', ''];
  const rest = ['b', '5', '-inf', 'd', '6', 'p', '7', '1', 'v', 'h', '8', 'a', '1', 'h', '8', 'b', '2', 'm', 'c', 'm'];
  assert.deepEqual(parameters, [...position, ...plans, ...changes, ...rest]);
});

test('a step goes on from a position, and a long text is packed', async () => {
  const batch = planKeyChanges([{ type: 'setCompressed', key: 'p', value: 'long', ttlMs: null }]);
  const { parameters } = await encodeBatch(batch, { name: 'mirror', from: { ...to, sequence: 6 }, to });
  assert.deepEqual(parameters.slice(0, 2), ['run', '6']);
  const packed = parameters.at(-1);
  assert.ok(Buffer.isBuffer(packed));
  assert.deepEqual([packed[8], gunzipSync(packed).toString()], [2, 'long']);
});

test('a score is written as the server reads it', () => {
  assert.equal(scoreText(1e21), '1e+21');
  assert.equal(scoreText(Number.POSITIVE_INFINITY), '+inf');
});
