import assert from 'node:assert/strict';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { journalFolder } from '#runtime/run-folder.ts';
import { eventDigest, type TailFollower } from './kill-follower.ts';
import { isOfOperator, type PolicyOperator } from './kill-operator.ts';

/** What was seen of a desk from outside while it was killed. */
export interface Witnesses {
  readonly follower: Pick<TailFollower, 'seen' | 'digestOf'>;
  readonly operator: Pick<PolicyOperator, 'accepted' | 'unknown'>;
}

/** What a desk did that was killed. */
export interface JournalFigures {
  readonly events: number;
  /** Changes of a policy that were accepted. */
  readonly changes: number;
  readonly orders: number;
  readonly fills: number;
  readonly roundTrips: number;
}

/**
 * Proves of a journal at rest that its chain is whole, that deciding it anew comes to the same, that everything its follower was shown is in
 * it unchanged, that every accepted change of a policy is in it once, and that no order was sent and no fill booked twice.
 */
export function proveJournal(folder: string, { follower, operator }: Witnesses): JournalFigures {
  const events = verifyJournal(journalFolder(folder));
  assert.ok(events >= follower.seen, `${follower.seen} entries were shown, the journal holds ${events}`);
  const figures = { ...proveEntries(folder, follower), changes: proveChanges(folder, operator) };
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

/** Returns how many changes were accepted. */
function proveChanges(folder: string, { accepted, unknown }: Witnesses['operator']): number {
  const found: string[] = [];
  for (const { event } of recordedEvents(folder)) {
    if (event.type === 'policy.changed' && isOfOperator(event.actor)) found.push(event.reason);
  }
  const made = new Set(found);
  assert.equal(made.size, found.length, 'no change was made twice');
  for (const reason of accepted)
    assert.ok(made.has(reason), `'${reason}' was accepted, and the journal does not hold it`);
  const known = new Set([...accepted, ...unknown]);
  for (const reason of found) assert.ok(known.has(reason), `'${reason}' was refused, and the journal holds it`);
  return accepted.length;
}

function proveEntries(folder: string, follower: Witnesses['follower']): Omit<JournalFigures, 'changes'> {
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
