import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelopeOf } from '../../../tests/support/bus-scene.ts';
import {
  countInHand,
  createDeliveryQueue,
  type DeliveryState,
  endTurn,
  type HeldDelivery,
  holdDelivery,
  holdEnding,
  holdsPlace,
  isDue,
  isHeldBack,
  letGoOfLatest,
  orderKeyOf,
  placeOf,
  releaseDelivery,
  releaseEnding,
  waitingDeliveries,
} from './delivery-queue.ts';

function delivery(id: string, key: string, state: DeliveryState = 'waiting', isFast = false): HeldDelivery {
  const entry = { stream: 's', id, text: '', onlyFor: null, deliveries: 1 };
  const envelope = envelopeOf(1, 'order.filled', key);
  return { place: placeOf(entry), entry, envelope, orderKey: orderKeyOf(envelope), isFast, attempts: 0, state };
}

function idsOf(deliveries: readonly HeldDelivery[]): string[] {
  return deliveries.map(({ entry }) => entry.id);
}

test('within a key the earlier goes first, however it came, but never before one that is in work', () => {
  const queue = createDeliveryQueue();
  const [first, second, third] = [delivery('1-0', 'A'), delivery('2-0', 'A', 'handling'), delivery('3-0', 'A')];
  for (const one of [third, second, first]) holdDelivery(queue, one);
  assert.deepEqual(idsOf(queue.chains.get('key A') ?? []), ['2-0', '1-0', '3-0']);
  assert.ok(!isDue(queue, first));
  assert.equal(endTurn(queue, second), first);
  assert.ok(isDue(queue, first));
  assert.ok(!isDue(queue, third));
});

test('the fast lane stands first, and then the order of publication', () => {
  const queue = createDeliveryQueue();
  for (const [id, isFast] of [
    ['10-0', false],
    ['9-0', false],
    ['11-0', true],
  ] as const) {
    holdDelivery(queue, delivery(id, id, 'waiting', isFast));
  }
  holdDelivery(queue, delivery('1-0', 'B', 'backingOff'));
  assert.deepEqual(idsOf(waitingDeliveries(queue)), ['11-0', '9-0', '10-0']);
  assert.equal(queue.fast, 1);
});

test('what is in hand is counted until it is let go of', () => {
  const queue = createDeliveryQueue();
  const one = delivery('1-0', 'A');
  holdDelivery(queue, one);
  holdEnding(queue, 's 2-0');
  assert.equal(countInHand(queue), 2);
  assert.ok(holdsPlace(queue, 's 1-0') && holdsPlace(queue, 's 2-0'));
  assert.equal(endTurn(queue, one), undefined);
  assert.equal(countInHand(queue), 2);
  releaseDelivery(queue, one);
  releaseEnding(queue, 's 2-0');
  assert.equal(countInHand(queue), 0);
  assert.equal(queue.chains.size, 0);
});

test('room is made by letting go of the latest that are not begun', () => {
  const queue = createDeliveryQueue();
  const states: DeliveryState[] = ['held', 'waiting', 'handling', 'held', 'backingOff'];
  for (const [index, state] of states.entries()) holdDelivery(queue, delivery(`${index}-0`, `${index}`, state));
  assert.ok(isHeldBack(queue));
  assert.equal(letGoOfLatest(queue, 2), 2);
  assert.deepEqual(idsOf([...queue.byPlace.values()]), ['0-0', '2-0', '4-0']);
  assert.equal(letGoOfLatest(queue, 2), 1);
  assert.ok(!isHeldBack(queue));
});

test('an envelope without a key has its own', () => {
  assert.equal(orderKeyOf(envelopeOf(1)), `id ${envelopeOf(1).id}`);
});
