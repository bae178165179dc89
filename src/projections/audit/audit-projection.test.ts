import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import type { AuditRecord } from '#domain/records/audit-record.ts';
import { createTraceState, traceEvent } from '#projections/trace-fold.ts';
import { fillOf, requestOf } from '../../../tests/support/desk-events.ts';
import { auditProjection } from './audit-projection.ts';

const at = 1_736_150_430_000;

function fold(events: readonly Event[]): AuditRecord[] {
  const trace = createTraceState('run-1');
  const state = auditProjection.initial();
  const records: AuditRecord[] = [];
  for (const [index, event] of events.entries()) {
    auditProjection.project(state, traceEvent(trace, index + 1, event), (record) => void records.push(record));
  }
  return records;
}

test('records carry the place, the time and the trace of their event', () => {
  const records = fold([
    { type: 'time.ticked', at },
    { type: 'order.submitted', at, order: requestOf() },
    { type: 'time.ticked', at: at + 1 },
    fillOf(at + 2),
    { type: 'order.denied', at: at + 3, instrument: 'EURUSD.OANDA', code: 'X', reason: '', signedQuantity: 1 },
  ]);
  assert.deepEqual(
    records.map(({ sequence, at: eventAt, kind }) => [sequence, eventAt - at, kind]),
    [
      [2, 0, 'trade.decision'],
      [4, 2, 'trade.executed'],
      [5, 3, 'trade.decision'],
      [5, 3, 'risk.block'],
    ],
  );
  assert.equal(records[1]?.traceId, records[0]?.traceId);
  assert.match(records[0]?.traceId ?? '', /^[0-9a-f]{32}$/);
});

test('folding again gives the same records', () => {
  const events: Event[] = [{ type: 'kill.engaged', at, actor: 'ann', reason: 'lunch' }, fillOf(at)];
  assert.deepEqual(fold(events), fold(events));
});
