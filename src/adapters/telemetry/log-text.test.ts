import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from './log-line.ts';
import { logText } from './log-text.ts';

const line: LogLine = {
  timestamp: '2025-01-06T08:00:30.250Z',
  level: 'warn',
  service_name: 'tradewind',
  event: 'order.denied',
  trace_id: 'a'.repeat(32),
  module: 'desk',
  message: 'too far',
  metadata: { quantity: 5, code: 'X' },
  error: { type: 'TypeError', message: 'no price', stack: 'at …' },
};

test('a line is told in one line of words', () => {
  assert.equal(
    logText(line),
    `08:00:30.250 warn  order.denied [desk] too far quantity=5 code="X" TypeError: no price trace=${'a'.repeat(32)}`,
  );
});

test('line ends and terminal commands of values are shown, not obeyed', () => {
  const text = logText({ ...line, message: 'a\nb\r\u001b[2Jc\u2028d\u009b' });
  assert.ok(text.includes('a\\nb\\r\\u001b[2Jc'));
  assert.doesNotMatch(text, /[\p{Cc}\u2028\u2029]/u);
});
