import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createSha256 } from '#base/sha256.ts';
import type { Event } from '#domain/events.ts';
import { acceptanceOf, euro, fillOf, requestOf } from '../../tests/support/desk-events.ts';
import { decisionsHash, hashEvent } from './decision-hash.ts';

const decided: Event = {
  type: 'module.decided',
  at: 5,
  module: 'guard',
  slot: 'gate',
  mode: 'ACTIVE',
  outcome: 'changed',
  reason: 'left out',
  entries: [
    { subject: euro, code: 'blocked', value: 1.5 },
    { subject: 'account', code: 'pass', value: null },
  ],
};
const submitted: Event = { type: 'order.submitted', at: 6, order: requestOf() };

function hashOf(...events: readonly Event[]): string {
  const hash = createSha256();
  for (const event of events) hashEvent(hash, event);
  return decisionsHash(hash);
}

function textHash(text: string): string {
  return createHash('sha256').update(text, 'ascii').digest('hex');
}

test('each decision is one line, in the order of the events', () => {
  const bracket = { stopPrice: 109_900, targetPrice: null };
  const lines: [Event, string][] = [
    [decided, `D5 guard gate ACTIVE changed|${euro} blocked 1.5|account pass \n`],
    [submitted, `O6 ${euro} buy 1000 market   entry \n`],
    [
      { type: 'order.submitted', at: 6, order: requestOf({ orderType: 'limit', limitPrice: 110_000, bracket }) },
      `O6 ${euro} buy 1000 limit 110000  entry 109900 \n`,
    ],
    [
      { type: 'order.denied', at: 7, instrument: euro, code: 'NO_PRICE', reason: 'x', signedQuantity: -3 },
      `N7 ${euro} NO_PRICE -3\n`,
    ],
    [
      {
        type: 'order.amendRequested',
        at: 8,
        clientOrderId: 'o1',
        stopPrice: 109_950,
        limitPrice: null,
        reason: 'trail',
      },
      'A8 109950 \n',
    ],
    [{ type: 'order.cancelRequested', at: 9, clientOrderId: 'o1', reason: 'kill.engaged' }, 'C9 kill.engaged\n'],
    [fillOf(10), `F10 ${euro} buy 1000 110000\n`],
    [
      {
        type: 'directive.issued',
        at: 11,
        module: 'protection',
        action: 'holdEntries',
        instrument: null,
        expiresAt: 99,
        reason: 'x',
      },
      'S11 protection holdEntries  99\n',
    ],
  ];
  for (const [event, line] of lines) assert.equal(hashOf(event), textHash(line), event.type);
  assert.equal(hashOf(...lines.map(([event]) => event)), textHash(lines.map(([, line]) => line).join('')));
});

test('ids, reasons, fees and wall times are left out', () => {
  assert.equal(hashOf(submitted), hashOf({ ...submitted, order: requestOf({ clientOrderId: 'o2', reason: 'other' }) }));
  assert.equal(hashOf(decided), hashOf({ ...decided, reason: 'other words' }));
  assert.equal(hashOf(fillOf(10)), hashOf(fillOf(10, { fillId: 'x', venueOrderId: 'y', fee: 3, venueAt: 1 })));
});

test('inputs and facts change nothing', () => {
  const empty = hashOf();
  assert.equal(empty, textHash(''));
  assert.equal(hashOf({ type: 'time.ticked', at: 1 }, acceptanceOf('o1', 2)), empty);
  assert.equal(hashOf({ type: 'alert.raised', at: 1, name: 'a', reason: 'b' }), empty);
});

test('a quantity, a price, a code or the order of two events changes the hash', () => {
  assert.notEqual(hashOf(fillOf(10)), hashOf(fillOf(10, { quantity: 1_001 })));
  assert.notEqual(hashOf(fillOf(10)), hashOf(fillOf(10, { price: 110_001 })));
  assert.notEqual(hashOf(decided), hashOf({ ...decided, entries: [] }));
  assert.notEqual(hashOf(decided, submitted), hashOf(submitted, decided));
});

test('a decision about more subjects than fit the first buffer is hashed whole', () => {
  const entries = Array.from({ length: 400 }, (_, index) => ({
    subject: `SUBJECT${index}`,
    code: 'blocked',
    value: index,
  }));
  const text = entries.map(({ subject, value }) => `|${subject} blocked ${value}`).join('');
  assert.ok(text.length > 4_096);
  assert.equal(hashOf({ ...decided, entries }), textHash(`D5 guard gate ACTIVE changed${text}\n`));
});
