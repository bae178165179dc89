import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLineSchema } from './log-line.ts';

const line = {
  timestamp: '2025-01-06T08:00:30.000Z',
  level: 'info',
  service_name: 'tradewind',
  event: 'order.filled',
  trace_id: null,
  module: 'venue',
  metadata: {},
};

test('a line needs the fields of the seed and takes no others', () => {
  assert.deepEqual(logLineSchema.parse(line), line);
  for (const name of Object.keys(line)) {
    const less = Object.fromEntries(Object.entries(line).filter(([field]) => field !== name));
    assert.equal(logLineSchema.safeParse(less).success, false, name);
  }
  assert.equal(logLineSchema.safeParse({ ...line, pid: 1 }).success, false);
  assert.equal(logLineSchema.safeParse({ ...line, timestamp: '2025-01-06T08:00:30Z' }).success, false);
  assert.equal(logLineSchema.safeParse({ ...line, level: 'INFO' }).success, false);
});
