import assert from 'node:assert/strict';
import { test } from 'node:test';
import { singleLine } from './single-line.ts';

test('line ends and terminal commands are shown as escapes', () => {
  assert.equal(
    singleLine('a\nb\r\tc\u001b[2Jd\u0085e\u009bf\u2028g\u007fh'),
    'a\\nb\\r\\tc\\u001b[2Jd\\u0085e\\u009bf\\u2028g\\u007fh',
  );
  assert.equal(singleLine('plain – ünïcode 🚀'), 'plain – ünïcode 🚀');
});

test('JSON stays the same value', () => {
  const value = { 'a\u2028': 'x\u0085\u007f\n"y"' };
  assert.deepEqual(JSON.parse(singleLine(JSON.stringify(value))), value);
});
