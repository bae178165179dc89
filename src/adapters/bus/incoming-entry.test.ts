import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelopeOf } from '../../../tests/support/bus-scene.ts';
import { deadLetterStreamOfEntry, readIncoming } from './incoming-entry.ts';

const envelope = envelopeOf(1);
const entry = {
  stream: 'quantum:stream:order.filled',
  id: '1-0',
  text: JSON.stringify(envelope),
  onlyFor: null,
  deliveries: 1,
};

test('an entry is an envelope, none of the business of a group, or malformed', () => {
  assert.deepEqual(readIncoming(entry, 'g', ['order.*']), { type: 'envelope', envelope });
  assert.deepEqual(readIncoming(entry, 'g', ['trade.*']), { type: 'passedOver' });
  assert.deepEqual(readIncoming({ ...entry, onlyFor: 'other' }, 'g', ['order.*']), { type: 'passedOver' });
  assert.equal(readIncoming({ ...entry, onlyFor: 'g' }, 'g', ['order.*']).type, 'envelope');
  assert.equal(readIncoming({ ...entry, text: '' }, 'g', ['order.*']).type, 'malformed');
  const wrong = readIncoming({ ...entry, text: JSON.stringify({ ...envelope, ts: -1 }) }, 'g', ['order.*']);
  assert.match(wrong.type === 'malformed' ? wrong.problem : '', /'ts'/);
});

test('what cannot be parsed is kept under the name of its stream', () => {
  assert.equal(deadLetterStreamOfEntry('quantum:stream:order.filled'), 'quantum:dlq:order.filled');
  assert.equal(deadLetterStreamOfEntry('quantum:stream:domain:order'), 'quantum:dlq:order');
  assert.equal(deadLetterStreamOfEntry('elsewhere'), 'quantum:dlq:malformed');
});

test('a payload that the catalogue refuses is malformed for those it concerns, and none of the business of others', () => {
  const refuse = (): string => "'order.filled' field 'price': expected a number";
  assert.deepEqual(readIncoming(entry, 'g', ['order.*'], refuse), { type: 'malformed', problem: refuse() });
  assert.deepEqual(readIncoming(entry, 'g', ['trade.*'], refuse), { type: 'passedOver' });
});
