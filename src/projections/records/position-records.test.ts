import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { euro, fillOf, requestOf } from '../../../tests/support/desk-events.ts';
import { entriesOf, foldOf, RecordFold, setUp } from '../../../tests/support/record-fold.ts';
import { seenFillsMax } from './position-records.ts';

const order: Event = { type: 'order.submitted', at: 2_000, order: requestOf() };

function foldAfter(...events: readonly Event[]): RecordFold {
  return foldOf([...setUp, { type: 'time.ticked', at: 2_000 }, order, ...events]);
}

function reportOf(positions: EventByType['venue.reconciled']['positions']): Event {
  return { type: 'venue.reconciled', at: 3_000, balance: 0, positions, openOrderIds: [], differences: [] };
}

test('a fill has a row with its figures in decimals, its purpose and its strategy', () => {
  const fill = fillOf(2_200, { fee: 250_000, realizedPnl: -1_500_000, spreadCost: 70_000, isPessimistic: true });
  const fold = foldAfter(fill);
  assert.deepEqual(fold.rows('fills'), [
    {
      instrument: euro,
      fill_id: 'f-o1',
      client_order_id: 'o1',
      venue_order_id: 'v-o1',
      side: 'buy',
      purpose: 'entry',
      quantity: 1_000,
      price: 1.1,
      fee: 0.25,
      realized_pnl: -1.5,
      spread_cost: 0.07,
      balance: 100_000,
      is_pessimistic: true,
      strategy: 'test',
      at: 2_200,
      venue_at: 2_200,
      sequence: 7,
      trace_id: fold.rows('orders')[0]?.['trace_id'],
    },
  ]);
});

test('a position follows its fills to its end, and the row of nothing held stays', () => {
  const held = foldAfter(fillOf(2_200), fillOf(2_300, { fillId: 'f-2', quantity: 500, price: 110_030 }));
  const [position] = held.rows('positions');
  assert.deepEqual(position, {
    instrument: euro,
    signed_quantity: 1_500,
    average_price: 1.1001,
    strategy: 'test',
    opened_at: 2_200,
    increased_at: 2_300,
    changed_at: 2_300,
    sequence: 8,
    trace_id: position?.['trace_id'],
  });
  const close = fillOf(2_400, { fillId: 'f-3', clientOrderId: 'venue', side: 'sell', quantity: 1_500 });
  const [flat] = foldAfter(fillOf(2_200), fillOf(2_300, { fillId: 'f-2', quantity: 500 }), close).rows('positions');
  assert.deepEqual(
    [
      flat?.['signed_quantity'],
      flat?.['average_price'],
      flat?.['opened_at'],
      flat?.['increased_at'],
      flat?.['changed_at'],
    ],
    [0, null, null, null, 2_400],
  );
});

test('a fill that nobody ordered is external and moves the position all the same', () => {
  const fold = foldAfter(fillOf(2_200, { clientOrderId: 'hand', side: 'sell' }));
  assert.deepEqual([fold.rows('fills')[0]?.['strategy'], fold.rows('fills')[0]?.['purpose']], ['external', null]);
  assert.deepEqual(
    [fold.rows('positions')[0]?.['signed_quantity'], fold.rows('positions')[0]?.['strategy']],
    [-1_000, 'external'],
  );
});

test('a fill told twice is recorded once, and the same number of another instrument is another fill', () => {
  const [once, twice] = [foldAfter(fillOf(2_200)), foldAfter(fillOf(2_200), fillOf(2_300))];
  for (const table of ['orders', 'fills', 'positions'] as const) assert.deepEqual(twice.rows(table), once.rows(table));
  const yen = fillOf(2_300, { instrument: 'USDJPY.OANDA', price: 150_000, clientOrderId: 'hand', fillId: 'f-o1' });
  assert.equal(foldAfter(fillOf(2_200), yen).rows('fills').length, 2);
});

test('as many fills are remembered as the bound says', () => {
  const fold = new RecordFold();
  fold.fold(entriesOf(setUp));
  const fills = Array.from({ length: seenFillsMax + 5 }, (_, index) =>
    fillOf(2_000, { fillId: String(index), side: index % 2 === 0 ? 'buy' : 'sell', clientOrderId: 'hand' }),
  );
  fold.fold(entriesOf([...setUp, ...fills]).slice(setUp.length));
  assert.equal(Object.keys(fold.state.seenFills).length, seenFillsMax);
  assert.ok(!Object.hasOwn(fold.state.seenFills, `${euro} 4`) && Object.hasOwn(fold.state.seenFills, `${euro} 5`));
});

test('what the venue reports wins, and a listed instrument it leaves out is flat', () => {
  const yen = { instrument: 'USDJPY.OANDA', signedQuantity: -200, cost: 200 * 150_500 };
  const fold = foldAfter(fillOf(2_200), reportOf([yen, { instrument: 'AAABBB.OANDA', signedQuantity: 5, cost: 5 }]));
  const told = fold
    .rows('positions')
    .map((row) => [row['instrument'], row['signed_quantity'], row['average_price'], row['opened_at']]);
  assert.deepEqual(told, [
    [euro, 0, null, null],
    ['USDJPY.OANDA', -200, 150.5, 3_000],
  ]);
});

test('a report that agrees changes nothing', () => {
  const same = reportOf([{ instrument: euro, signedQuantity: 1_000, cost: 110_000_000 }]);
  assert.deepEqual(foldAfter(fillOf(2_200), same).rows('positions'), foldAfter(fillOf(2_200)).rows('positions'));
});

test('a round trip has the strategy of the position that was closed, though another one is held by then', () => {
  const turn: Event = {
    type: 'order.submitted',
    at: 2_300,
    order: requestOf({ clientOrderId: 'o2', strategy: 'other' }),
  };
  const trip: EventByType['roundTrip.closed'] = {
    type: 'roundTrip.closed',
    at: 2_400,
    instrument: euro,
    direction: 'long',
    openedAt: 2_200,
    quantity: 1_000,
    entryPrice: 110_000,
    exitPrice: 110_050.5,
    realizedPnl: 505_000,
    fees: 1_000_000,
    financing: -2_000_000,
    spreadCost: 3_000_000,
    maximumAdverse: -4_000_000,
    maximumFavorable: 5_000_000,
    reason: 'reversed',
  };
  const sell = fillOf(2_400, { clientOrderId: 'o2', side: 'sell', quantity: 1_500 });
  const fold = foldAfter(fillOf(2_200), turn, sell, trip);
  const [row] = fold.rows('round_trips');
  assert.deepEqual(row, {
    sequence: 10,
    instrument: euro,
    direction: 'long',
    quantity: 1_000,
    entry_price: 1.1,
    exit_price: 1.100505,
    realized_pnl: 0.505,
    fees: 1,
    financing: -2,
    spread_cost: 3,
    maximum_adverse: -4,
    maximum_favorable: 5,
    strategy: 'test',
    reason: 'reversed',
    opened_at: 2_200,
    closed_at: 2_400,
    trace_id: row?.['trace_id'],
  });
  assert.equal(fold.rows('positions')[0]?.['strategy'], 'other');
});
