import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { firstAuditHash } from '#domain/records/audit-record.ts';
import { auditRecord } from '../../../tests/support/audit-scene.ts';
import { expectedHash, linkRecord, parseAuditLine } from './audit-chain.ts';

const line = linkRecord(auditRecord(1), firstAuditHash);

test("a record's hash is that of the one before and of its own fields in the order of their names", () => {
  const canonical =
    '{"action":"buy 1","actor":"combined","at":"2025-01-06T00:00:00.000Z","kind":"trade.decision",' +
    '"outcome":"submitted \'o1\'","reason":"a \\"quoted\\"\\nreason – ü","sequence":1,"target":"EURUSD.OANDA",' +
    '"trace_id":"00000000000000000000000000000001"}';
  assert.equal(
    line.hash,
    createHash('sha256')
      .update(firstAuditHash + canonical)
      .digest('hex'),
  );
  assert.equal(line.previous_hash, firstAuditHash);
  assert.equal(line.at, '2025-01-06T00:00:00.000Z');
});

test('a line that was written is read, and its hash is the expected one', () => {
  const parsed = parseAuditLine(JSON.stringify(line));
  assert.deepEqual(parsed, { line });
  assert.equal(expectedHash(line), line.hash);
});

test('a change of any field changes the hash', () => {
  const changes = [
    { at: '2025-01-06T00:00:00.001Z' },
    { actor: 'x' },
    { sequence: 2 },
    { previous_hash: 'a'.repeat(64) },
  ];
  for (const change of changes)
    assert.notEqual(expectedHash({ ...line, ...change }), line.hash, JSON.stringify(change));
});

test('what is no line says why', () => {
  assert.deepEqual(parseAuditLine('{"sequence":'), { problem: 'the line is not JSON' });
  const parsed = parseAuditLine(JSON.stringify({ ...line, kind: 'x' }));
  assert.match('problem' in parsed ? parsed.problem : '', /^field 'kind': /);
});
