import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditKinds, auditLineSchema, firstAuditHash } from './audit-record.ts';

const line = {
  sequence: 7,
  at: '2025-01-06T08:00:30.000Z',
  kind: 'trade.decision',
  actor: 'combined',
  action: 'buy 1000',
  target: 'EURUSD.OANDA',
  reason: 'test',
  outcome: "submitted 'o1'",
  trace_id: 'a'.repeat(32),
  previous_hash: firstAuditHash,
  hash: 'b'.repeat(64),
};

test('the twelve kinds of the seed are known, each once', () => {
  assert.equal(auditKinds.length, 12);
  assert.equal(new Set(auditKinds).size, 12);
});

test('a line with every field is read, and one with a field too many or too few is not', () => {
  assert.deepEqual(auditLineSchema.parse(line), line);
  assert.equal(auditLineSchema.safeParse({ ...line, more: 1 }).success, false);
  for (const field of Object.keys(line)) {
    const less = Object.fromEntries(Object.entries(line).filter(([name]) => name !== field));
    assert.equal(auditLineSchema.safeParse(less).success, false, field);
  }
});

test('hashes and times of another form are refused', () => {
  for (const change of [{ hash: 'B'.repeat(64) }, { trace_id: '' }, { at: '2025-01-06' }, { kind: 'trade.guessed' }]) {
    assert.equal(auditLineSchema.safeParse({ ...line, ...change }).success, false, JSON.stringify(change));
  }
});
