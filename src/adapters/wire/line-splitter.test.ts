import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Hands the bytes over in pieces of the given sizes, again and again, in memory that is overwritten after each. */
function pushChopped(bytes: Uint8Array, sizes: readonly number[]): string[] {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = bytes.slice(at, at + (sizes[turn % sizes.length] ?? 1));
    lines.push(...splitter.push(piece));
    at += piece.length;
    piece.fill(0x58);
  }
  return lines;
}

test('a heartbeat in two pieces is one line', () => {
  const splitter = new LineSplitter();
  assert.deepEqual(splitter.push(bytesOf('{"type":"HEART')), []);
  assert.deepEqual(splitter.push(bytesOf('BEAT"}\n{"a":1}\n{"b"')), ['{"type":"HEARTBEAT"}', '{"a":1}']);
  assert.deepEqual(splitter.push(bytesOf(':2}\r')), []);
  assert.deepEqual(splitter.push(bytesOf('\n')), ['{"b":2}']);
});

test('empty lines that keep a connection alive are dropped', () => {
  assert.deepEqual(new LineSplitter().push(bytesOf('\n\r\n\n{"a":1}\r\n\r\n\n')), ['{"a":1}']);
});

test('a line that has not ended is not told', () => {
  assert.deepEqual(new LineSplitter().push(bytesOf('{"a":1}')), []);
});

test('any way of cutting gives the lines of the uncut run', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, '')),
    fc.constantFrom(
      '',
      '{"name":"币安人生","price":"1.1"}',
      '\u{1f680}é',
      '{"type":"HEARTBEAT"}',
      '0123456789'.repeat(77),
    ),
  );
  const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 });
  const sizes = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lines, sizes, (written, pieces) => {
      const bytes = bytesOf(written.map(([text, end]) => text + end).join(''));
      const expected = written.map(([text]) => text).filter((text) => text !== '');
      assert.deepEqual(new LineSplitter().push(bytes), expected);
      assert.deepEqual(pushChopped(bytes, pieces), expected);
    }),
    { numRuns: 300 },
  );
});

test('a line of 1 MiB is told, a longer one is refused whether or not it ends', () => {
  const longest = new Uint8Array(1_048_576).fill(0x61);
  const splitter = new LineSplitter();
  assert.deepEqual(splitter.push(longest), []);
  assert.equal(splitter.push(bytesOf('\n'))[0]?.length, 1_048_576);
  assert.deepEqual(splitter.push(bytesOf('ok\n')), ['ok']);
  splitter.push(longest);
  assert.throws(() => splitter.push(bytesOf('a')), { name: 'WireError', message: /at most 1048576 bytes/ });
  const ended = new LineSplitter();
  ended.push(longest);
  assert.throws(() => ended.push(bytesOf('a\n')), { name: 'WireError' });
});
