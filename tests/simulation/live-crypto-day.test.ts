import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CryptoDay, createCryptoDay } from '../support/crypto-day.ts';
import { cryptoDayFaults } from '../support/crypto-day-faults.ts';
import { assertDayStood } from '../support/day-stood.ts';
import { booksOf } from '../support/live-day.ts';

const hourMs = 3_600_000;

/** Nothing went wrong for long enough: the desk's books are the venue's own, to the last step, and every position has exactly its stop. */
function assertEqualBooks({ day, wire }: CryptoDay): void {
  wire.floor.settle();
  const ledger = wire.floor.ledger();
  const { state } = day;
  const books = booksOf(state);
  assert.deepEqual(
    books.positions,
    ledger.positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]),
  );
  assert.equal(books.openOrders, ledger.openOrders.length + wire.venue.openConditionalOrders);
  assert.equal(books.balance, ledger.balance);
  const stops = [...state.orders.values()].filter(
    (record) => record.request.purpose === 'stopLoss' && record.state === 'accepted',
  );
  assert.deepEqual(
    stops.map(({ request }) => [request.instrument, request.quantity]).sort(),
    books.positions.map(([instrument, signedQuantity]) => [instrument, Math.abs(signedQuantity)]).sort(),
  );
}

test('the crypto desk trades a day at a Binance that does everything wrong, and ends with the books of the venue', {
  timeout: 600_000,
}, async () => {
  const scene = createCryptoDay(cryptoDayFaults);
  const { day, clock } = scene;
  try {
    await day.open();
    day.letTrade();
    await day.pass(8 * hourMs);
    assertEqualBooks(scene);
    await day.pass(8 * hourMs);
    // The process ends in order and comes back; later the machine sleeps for a minute and a half.
    await day.stop();
    await day.pass(40_000);
    await day.open();
    await day.pass(4.5 * hourMs);
    clock.jump(90_000);
    await day.pass(3.4 * hourMs);
    assertEqualBooks(scene);
    assertDayStood(scene, {
      'order.submitted': 500,
      'roundTrip.closed': 20,
      'order.unresolved': 20,
      'venue.impaired': 30,
      'financing.charged': 2,
    });
  } finally {
    await day.close();
  }
});
