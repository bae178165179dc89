import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '#base/random.ts';
import { lineWriter } from './line-writer.ts';

function written(seed: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const stream = { write: (bytes: Uint8Array) => pieces.push(bytes), end: () => undefined, onClose: () => undefined };
  const write = lineWriter(stream, 'UNIX', createRandom(seed));
  for (let index = 0; index < 400; index += 1) write({ index, time: '1970-01-01T00:00:01.000000000Z' });
  return pieces;
}

test('one line in four goes out in two pieces, and all of them together are the lines', () => {
  const pieces = written(1);
  assert.ok(pieces.length > 460 && pieces.length < 540, String(pieces.length));
  const lines = Buffer.concat(pieces).toString('utf8').split('\n');
  assert.equal(lines.length, 401);
  assert.equal(lines[7], '{"index":7,"time":"1.000000000"}');
  assert.ok(pieces.every(({ length }) => length > 0));
});

test('lines are cut alike with the same seed', () => {
  const lengths = (seed: number): number[] => written(seed).map(({ length }) => length);
  assert.deepEqual(lengths(3), lengths(3));
  assert.notDeepEqual(lengths(3), lengths(4));
});
