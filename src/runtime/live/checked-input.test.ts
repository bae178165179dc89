import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSchemas } from '#domain/events.ts';
import { checkedInput } from './checked-input.ts';

test('an input of its schema passes as it is', () => {
  const input = { type: 'quote.updated', instrument: 'A', bidPrice: 1, askPrice: 2 } as const;
  assert.equal(checkedInput(input), input);
});

test('one that is not is put aside with what is wrong about it', () => {
  const checked = checkedInput({ type: 'quote.updated', instrument: 'A', bidPrice: 1.5, askPrice: 2 });
  assert.equal(checked.type, 'message.quarantined');
  assert.ok(checked.type === 'message.quarantined');
  assert.match(checked.reason, /^'quote\.updated' field 'bidPrice': /);
  assert.equal(checked.excerpt, '{"type":"quote.updated","instrument":"A","bidPrice":1.5,"askPrice":2}');
  const long = checkedInput({ type: 'feed.stalled', instrument: 'A'.repeat(2_000), reason: 5 as unknown as string });
  eventSchemas['message.quarantined'].parse({ ...long, at: 1 });
});
