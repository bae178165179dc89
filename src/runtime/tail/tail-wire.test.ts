import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueDecodeError } from '#base/value-reader.ts';
import type { RecordedEvent } from '../read-run.ts';
import { decodePiece, encodePiece } from './tail-wire.ts';

const alert = (sequence: number): RecordedEvent => ({
  sequence,
  event: { type: 'alert.raised', at: 1_700_000_000_000 + sequence, name: 'naïve “quotes”', reason: `r${sequence}` },
});

test('a piece arrives as it was sent', () => {
  const piece = { entries: [alert(41), alert(42), alert(43)], lastSequence: 1_000_000_007 };
  assert.deepEqual(decodePiece(encodePiece(piece)), piece);
  const empty = { entries: [], lastSequence: 7 };
  assert.deepEqual(decodePiece(encodePiece(empty)), empty);
});

test('figures that JSON would bend arrive to the bit', () => {
  const event: RecordedEvent['event'] = {
    type: 'module.decided',
    at: 1,
    module: 'm',
    slot: 'gate',
    mode: 'ACTIVE',
    outcome: 'kept',
    reason: '',
    entries: [
      { subject: 'a', code: 'x', value: -0 },
      { subject: 'b', code: 'x', value: Infinity },
      { subject: 'c', code: 'x', value: 0.1 + 0.2 },
    ],
  };
  const { entries } = decodePiece(encodePiece({ entries: [{ sequence: 1, event }], lastSequence: 1 }));
  assert.deepEqual(entries[0]?.event, event);
});

test('bytes that are cut off are refused', () => {
  const bytes = encodePiece({ entries: [alert(1), alert(2)], lastSequence: 2 });
  assert.throws(() => decodePiece(bytes.subarray(0, bytes.length - 1)), ValueDecodeError);
});
