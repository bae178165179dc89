import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { Inbox, inboxFull, inboxMax } from './inbox.ts';

const quote = (bidPrice: number, instrument = 'A'): VenueInput => ({
  ...{ type: 'quote.updated', instrument, bidPrice, askPrice: bidPrice + 1 },
});
const canceled = (clientOrderId: string): VenueInput => ({ type: 'order.canceled', clientOrderId, reason: 'r' });

function drained(inbox: Inbox): VenueInput[] {
  const inputs: VenueInput[] = [];
  for (let input = inbox.take(); input !== undefined; input = inbox.take()) inputs.push(input);
  return inputs;
}

test('what arrived first is taken first', () => {
  const inbox = new Inbox();
  const inputs = [quote(1), canceled('a'), quote(2), quote(3, 'B')];
  for (const input of inputs) inbox.push(input);
  assert.equal(inbox.size, 4);
  assert.deepEqual(drained(inbox), inputs);
  assert.equal(inbox.size, 0);
});

test('a desk that is behind sees the newest price of each instrument, and every word about orders', () => {
  const inbox = new Inbox();
  for (let count = 0; count < inboxFull; count += 1) inbox.push(canceled(String(count)));
  for (let bid = 1; bid <= 50; bid += 1) inbox.push(quote(bid));
  inbox.push(quote(7, 'B'));
  inbox.push(canceled('last'));
  const inputs = drained(inbox);
  assert.equal(inputs.length, inboxFull + 3);
  assert.deepEqual(inputs.slice(-3), [quote(50), quote(7, 'B'), canceled('last')]);
  assert.equal(inbox.replaced, 49);
  inbox.push(quote(51));
  assert.deepEqual(drained(inbox), [quote(51)]);
});

test('what cannot be dropped ends the run beyond a bound', () => {
  const inbox = new Inbox();
  for (let count = 0; count < inboxMax; count += 1) inbox.push(canceled(String(count)));
  assert.throws(() => inbox.push(canceled('more')), /more than 50000 messages/);
});
