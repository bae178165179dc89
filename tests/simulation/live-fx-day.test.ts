import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertDayStood } from '../support/day-stood.ts';
import { createFxDay, type FxDay } from '../support/fx-day.ts';
import { fxDayFaults } from '../support/fx-day-faults.ts';
import { booksOf } from '../support/live-day.ts';

const hourMs = 3_600_000;

/** Nothing went wrong for long enough: the desk's books are the venue's own, to the last step. */
function assertEqualBooks({ day, wire }: FxDay): void {
  wire.floor.settle();
  const ledger = wire.floor.ledger();
  const books = booksOf(day.state);
  assert.deepEqual(
    books.positions,
    ledger.positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]),
  );
  assert.equal(books.openOrders, ledger.openOrders.length);
  assert.equal(books.balance, ledger.balance);
}

test('the whole FX desk trades a day at an OANDA that does everything wrong, and ends with the books of the venue', {
  timeout: 600_000,
}, async () => {
  const scene = createFxDay(fxDayFaults);
  const { day, clock } = scene;
  try {
    await day.open();
    day.letTrade();
    await day.pass(15.1 * hourMs);
    assert.equal(day.state.kill.isEngaged, true, 'the venue has closed a position by itself');
    assertEqualBooks(scene);
    day.letTrade();
    await day.pass(0.9 * hourMs);
    // The process ends in order and comes back; later the machine sleeps for a minute and a half.
    await day.stop();
    await day.pass(40_000);
    await day.open();
    await day.pass(2.5 * hourMs);
    clock.jump(90_000);
    await day.pass(5.4 * hourMs);
    assertEqualBooks(scene);
    assertDayStood(scene, {
      'order.submitted': 50,
      'roundTrip.closed': 15,
      'order.unresolved': 10,
      'venue.impaired': 20,
    });
  } finally {
    await day.close();
  }
});
