import assert from 'node:assert/strict';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { journalFolder } from '#runtime/run-folder.ts';
import { eventDigest, type TailFollower } from './kill-follower.ts';

/** What a desk did that was killed. */
export interface JournalFigures {
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  readonly roundTrips: number;
}

/**
 * Proves of a journal at rest that its chain is whole, that deciding it anew comes to the same, that everything its follower was shown is in
 * it unchanged, and that no order was sent and no fill booked twice.
 */
export function proveJournal(folder: string, follower: Pick<TailFollower, 'seen' | 'digestOf'>): JournalFigures {
  const events = verifyJournal(journalFolder(folder));
  assert.ok(events >= follower.seen, `${follower.seen} entries were shown, the journal holds ${events}`);
  const figures = proveEntries(folder, follower);
  assert.equal(figures.events, events);
  const { result } = replayRun(folder);
  assert.equal(result.difference, undefined, `the replay differs: ${JSON.stringify(result.difference)}`);
  assert.equal(result.events, events);
  return figures;
}

interface OrderOfRun {
  readonly quantity: number;
  filled: number;
}

function proveEntries(folder: string, follower: Pick<TailFollower, 'seen' | 'digestOf'>): JournalFigures {
  const orders = new Map<string, OrderOfRun>();
  const fillIds = new Set<string>();
  let events = 0;
  let starts = 0;
  let roundTrips = 0;
  for (const { sequence, event } of recordedEvents(folder)) {
    events += 1;
    assert.equal(sequence, events);
    if (sequence <= follower.seen) assert.equal(eventDigest(event), follower.digestOf(sequence), `entry ${sequence}`);
    if (event.type === 'run.started') starts += 1;
    else if (event.type === 'roundTrip.closed') roundTrips += 1;
    else if (event.type === 'kill.engaged')
      assert.fail(`entry ${sequence}, after ${follower.seen} were shown: the switch was engaged: ${event.reason}`);
    else if (event.type === 'order.submitted') {
      const { clientOrderId, quantity } = event.order;
      assert.ok(!orders.has(clientOrderId), `the order '${clientOrderId}' was sent twice`);
      orders.set(clientOrderId, { quantity, filled: 0 });
    } else if (event.type === 'order.filled') {
      const order = orders.get(event.clientOrderId);
      assert.ok(!fillIds.has(event.fillId), `the fill '${event.fillId}' was booked twice`);
      fillIds.add(event.fillId);
      if (order === undefined) continue;
      order.filled += event.quantity;
      assert.ok(order.filled <= order.quantity, `more than the whole of '${event.clientOrderId}' was filled`);
    }
  }
  assert.equal(starts, 1, 'every life belongs to the one run');
  return { events, orders: orders.size, fills: fillIds.size, roundTrips };
}
