import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientIdOf, quarantined, venueIdIn } from './transaction-reading.ts';

const reading = { isOwnOrder: (id: string) => id.startsWith('tw-'), excerpt: (value: unknown) => String(value) };

test('an order is known by our id, or by one made of the venue’s', () => {
  assert.equal(clientIdOf('tw-1', '7', reading), 'tw-1');
  assert.equal(clientIdOf('mine', '7', reading), 'external-7');
  assert.equal(clientIdOf(undefined, '7', reading), 'external-7');
});

test('an id made of the venue’s leads back to it', () => {
  assert.equal(venueIdIn('external-7'), '7');
  assert.equal(venueIdIn('tw-1'), undefined);
});

test('what is put aside says of which part, why, and what', () => {
  const expected = { type: 'message.quarantined', part: 'account', reason: 'WHY', excerpt: '5' };
  assert.deepEqual(quarantined('WHY', 5, reading), expected);
  assert.deepEqual(quarantined('WHY', 5, reading, 'prices'), { ...expected, part: 'prices' });
});
