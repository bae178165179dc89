import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parentSpanIdOf, parseTraceparent, spanIdOf, traceIdOf, traceparentText } from './trace.ts';

/** The example of the W3C recommendation, section 3.2. */
const example = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('a traceparent is read and written to the letter', () => {
  const parsed = parseTraceparent(example);
  assert.deepEqual(parsed, {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    isSampled: true,
  });
  assert.equal(parsed === undefined ? '' : traceparentText(parsed), example);
  assert.equal(parseTraceparent(example.replace(/01$/, '00'))?.isSampled, false);
});

test('what is no traceparent is none', () => {
  for (const text of [
    '',
    example.toUpperCase(),
    example.replace(/^00/, 'ff'),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    `${example}-more`,
  ]) {
    assert.equal(parseTraceparent(text), undefined, text);
  }
});

test('ids are functions of the run and the place in its journal', () => {
  const root = { runId: 'run-1', sequence: 17, traceparent: null };
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  assert.equal(traceIdOf(root), digest('trace/run-1/17').slice(0, 32));
  assert.equal(spanIdOf('run-1', 17), digest('span/run-1/17').slice(0, 16));
  assert.notEqual(traceIdOf(root), traceIdOf({ ...root, sequence: 18 }));
  assert.notEqual(traceIdOf(root), traceIdOf({ ...root, runId: 'run-2' }));
});

test('a root that was asked for belongs to the trace of whoever asked', () => {
  const root = { runId: 'run-1', sequence: 17, traceparent: example };
  assert.equal(traceIdOf(root), '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(parentSpanIdOf(root, 17), '00f067aa0ba902b7');
  assert.equal(parentSpanIdOf(root, 19), spanIdOf('run-1', 17));
  assert.equal(parentSpanIdOf({ ...root, traceparent: null }, 17), null);
});
