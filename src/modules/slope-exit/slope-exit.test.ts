import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { PositionChange } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { slopeExit } from './slope-exit.ts';

const euro = 'EURUSD.OANDA';

/** A desk that holds a position after closes of 1.10000 and, two bars later, one that differs by a number of ticks. */
function fixtureOf(signedQuantity: number, change: number, strategy: Record<string, unknown> = {}): DeskFixture {
  const policies = { strategy: { exitSlopeEnabled: true, directionLookback: 2, ...strategy } };
  const fixture = createDeskFixture([slopeExit], { policies });
  for (const close of [110_000, 110_500]) fixture.minute({ EUR_USD: close });
  hold(fixture, signedQuantity);
  fixture.minute({ EUR_USD: 110_000 + change });
  return fixture;
}

function hold({ engine }: DeskFixture, signedQuantity: number): void {
  const position = present(engine.state.positions[euro], 'position');
  position.signedQuantity = signedQuantity;
  position.cost = Math.abs(signedQuantity) * 110_000;
  position.strategy = 'combined';
}

function propose({ engine }: DeskFixture, value: readonly PositionChange[] = []) {
  return present(slopeExit.propose.position, 'position')(value, {}, contextFor(engine, 'slope-exit'));
}

test('a slope against a long position closes the whole of it', () => {
  const { value, entries } = propose(fixtureOf(1000, -22));
  assert.deepEqual(value, [{ type: 'reduce', instrument: euro, quantity: 1000, reason: 'exit-slope' }]);
  assert.deepEqual(entries, [{ subject: euro, code: 'exit-slope', value: ((1.09978 - 1.1) / 1.1) * 10_000 }]);
});

test('a short position closes on a rise and stays on a fall', () => {
  assert.equal(propose(fixtureOf(-1000, 23)).value.length, 1);
  assert.equal(propose(fixtureOf(-1000, -23)).value.length, 0);
});

test('a slope under the direction threshold keeps the position, as the same list', () => {
  const value: PositionChange[] = [];
  const proposal = propose(fixtureOf(1000, -21), value);
  assert.equal(proposal.value, value);
  assert.deepEqual(proposal.entries, []);
});

test('its own threshold stands above that of the direction', () => {
  assert.equal(propose(fixtureOf(1000, -23, { exitSlopeBps: 5 })).value.length, 0);
  assert.equal(propose(fixtureOf(1000, -56, { exitSlopeBps: 5 })).value.length, 1);
  assert.equal(propose(fixtureOf(1000, -12, { exitSlopeBps: 1 })).value.length, 1);
});

test('nothing closes while the exit is off, the desk is flat or bars are missing', () => {
  assert.equal(propose(fixtureOf(1000, -50, { exitSlopeEnabled: false })).value.length, 0);
  assert.equal(propose(fixtureOf(0, -50)).value.length, 0);
  assert.equal(propose(fixtureOf(1000, -50, { directionLookback: 3 })).value.length, 0);
});

test('changes of other modules stay', () => {
  const other: PositionChange = { type: 'moveStop', instrument: euro, stopPrice: 109_000, reason: 'other' };
  const { value } = propose(fixtureOf(1000, -50), [other]);
  assert.deepEqual(
    value.map(({ reason }) => reason),
    ['other', 'exit-slope'],
  );
});

test('the engine turns the exit into one closing order', () => {
  const fixture = fixtureOf(1000, -50);
  const orders = fixture.events.filter((event) => event.type === 'order.submitted');
  assert.equal(orders.length, 1);
  const order = present(orders[0], 'order').order;
  assert.deepEqual([order.side, order.quantity, order.isReduceOnly, order.reason], ['sell', 1000, true, 'exit-slope']);
});
