import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { acceptanceOf, childOf, fillOf, requestOf } from '../../../tests/support/desk-events.ts';
import { entriesOf, foldOf, RecordFold, setUp } from '../../../tests/support/record-fold.ts';
import { endedOrdersMax, openOrdersMax } from './order-records.ts';

const traceId = foldOf([...setUp, { type: 'time.ticked', at: 2_000 }, submittedAt(2_000)]).rows('orders')[0]?.[
  'trace_id'
];

function submittedAt(at: number, changes: Parameters<typeof requestOf>[0] = {}): Event {
  return { type: 'order.submitted', at, order: requestOf(changes) };
}

/** The rows of all orders after set-up, a tick that decides and what follows. */
function ordersAfter(...events: readonly Event[]) {
  return foldOf([...setUp, { type: 'time.ticked', at: 2_000 }, ...events]).rows('orders');
}

const sent = {
  client_order_id: 'o1',
  venue_order_id: null,
  parent_order_id: null,
  instrument: 'EURUSD.OANDA',
  side: 'buy',
  order_type: 'market',
  time_in_force: 'fillOrKill',
  purpose: 'entry',
  state: 'submitted',
  quantity: 1_000,
  filled_quantity: 0,
  average_price: null,
  limit_price: null,
  stop_price: null,
  bracket_stop_price: 1.099,
  bracket_target_price: 1.102,
  is_reduce_only: false,
  strategy: 'test',
  reason: 'test',
  end_code: null,
  end_reason: null,
  fees: 0,
  realized_pnl: 0,
  submitted_at: 2_000,
  accepted_at: null,
  expires_at: null,
  changed_at: 2_000,
  sequence: 6,
  trace_id: traceId,
};
const bracket = { stopPrice: 109_900, targetPrice: 110_200 };

test('an order that is sent has a row, with its bracket and its trace', () => {
  assert.deepEqual(ordersAfter(submittedAt(2_000, { bracket })), [sent]);
  assert.match(String(traceId), /^[0-9a-f]{32}$/);
});

test('an order filled in parts has their sums and their mean price', () => {
  const rows = ordersAfter(
    submittedAt(2_000, { bracket }),
    acceptanceOf('o1', 2_100),
    fillOf(2_200, { quantity: 400, price: 110_000, fee: 1_000_000, realizedPnl: -500_000 }),
    fillOf(2_300, { quantity: 600, price: 110_010, fee: 500_000, fillId: 'f-2' }),
  );
  const done = { state: 'filled', filled_quantity: 1_000, average_price: 1.10006, fees: 1.5, realized_pnl: -0.5 };
  const times = { venue_order_id: 'v-o1', accepted_at: 2_100, changed_at: 2_300 };
  assert.deepEqual(rows, [{ ...sent, ...done, ...times }]);
});

test('a stop of a bracket is an order of its own, in the trace and with the strategy of its parent', () => {
  const [, child] = ordersAfter(
    submittedAt(2_000, { bracket }),
    acceptanceOf('o1', 2_100),
    { type: 'time.ticked', at: 2_150 },
    childOf('o1', 2_200),
  );
  assert.deepEqual(child, {
    ...sent,
    client_order_id: 'o1-s',
    venue_order_id: 'v-o1-s',
    parent_order_id: 'o1',
    side: 'sell',
    order_type: 'stop',
    time_in_force: 'goodTillCancel',
    purpose: 'stopLoss',
    state: 'accepted',
    stop_price: 1.099,
    bracket_stop_price: null,
    bracket_target_price: null,
    is_reduce_only: true,
    reason: 'stopLoss',
    submitted_at: 2_200,
    accepted_at: 2_200,
    changed_at: 2_200,
    sequence: 9,
  });
});

test('an order that ends says how and why', () => {
  const end = (event: Event) => {
    const [row] = ordersAfter(submittedAt(2_000), event);
    return [row?.['state'], row?.['end_code'], row?.['end_reason'], row?.['changed_at']];
  };
  const about = { at: 2_500, clientOrderId: 'o1', reason: 'why' };
  assert.deepEqual(end({ type: 'order.rejected', ...about, code: 'MARGIN' }), ['rejected', 'MARGIN', 'why', 2_500]);
  assert.deepEqual(end({ type: 'order.canceled', ...about }), ['canceled', null, 'why', 2_500]);
  assert.deepEqual(end({ type: 'order.expired', ...about }), ['expired', null, 'why', 2_500]);
});

test('an end that cannot be leaves the order as it was', () => {
  const filled = [submittedAt(2_000), fillOf(2_200)];
  const late = { at: 2_500, clientOrderId: 'o1', reason: 'late' };
  const [rejected] = ordersAfter(...filled, { type: 'order.rejected', ...late, code: 'X' });
  assert.deepEqual(rejected, ordersAfter(...filled)[0]);
  const [canceled] = ordersAfter(...filled, { type: 'order.canceled', ...late });
  assert.deepEqual([canceled?.['state'], canceled?.['end_reason']], ['filled', null]);
});

test('an order that is amended has its new prices', () => {
  const amended = { type: 'order.amended', at: 2_400, clientOrderId: 'o1', quantity: 900 } as const;
  const [row] = ordersAfter(submittedAt(2_000), { ...amended, stopPrice: null, limitPrice: 110_050 });
  assert.deepEqual([row?.['quantity'], row?.['limit_price'], row?.['changed_at']], [900, 1.1005, 2_400]);
});

test('events of orders that nobody knows change nothing', () => {
  const about = { at: 2_000, clientOrderId: 'x', reason: '' };
  const amended = { type: 'order.amended', at: 2_000, clientOrderId: 'x', quantity: 1 } as const;
  const unknown: Event[] = [
    { type: 'order.canceled', ...about },
    { ...amended, stopPrice: null, limitPrice: null },
    acceptanceOf('x', 2_000),
  ];
  assert.deepEqual(ordersAfter(...unknown), []);
});

test('an order of an instrument that was never listed has no figures', () => {
  const [row] = ordersAfter(submittedAt(2_000, { instrument: 'AAABBB.OANDA', limitPrice: 5 }));
  assert.deepEqual([row?.['quantity'], row?.['limit_price']], [null, null]);
});

test('ended orders are forgotten but for the last few, and open ones are not', () => {
  const fold = new RecordFold();
  const count = endedOrdersMax + 20;
  const ids = Array.from({ length: count }, (_, index) => `order-${index}`);
  const orders = ids.map((clientOrderId) => submittedAt(2_000, { clientOrderId }));
  const ends = ids
    .slice(1)
    .map((clientOrderId): Event => ({ type: 'order.canceled', at: 2_000, clientOrderId, reason: '' }));
  fold.fold(entriesOf([...setUp, ...orders, ...ends]));
  assert.equal(fold.state.endedOrderIds.length, endedOrdersMax);
  assert.deepEqual(Object.keys(fold.state.orders), ['order-0', ...ids.slice(-endedOrdersMax)]);
  assert.equal(fold.rows('orders').length, count);
});

test('no more open orders are remembered than the bound says', () => {
  const fold = new RecordFold();
  const most = openOrdersMax + endedOrdersMax;
  const orders = Array.from({ length: most + 2 }, (_, index) =>
    submittedAt(2_000, { clientOrderId: `order-${index}` }),
  );
  fold.fold(entriesOf([...setUp, ...orders]));
  assert.equal(Object.keys(fold.state.orders).length, most);
  assert.ok(!Object.hasOwn(fold.state.orders, 'order-1') && Object.hasOwn(fold.state.orders, 'order-2'));
});

test('a fill after a cancellation still counts', () => {
  const [row] = ordersAfter(
    submittedAt(2_000),
    { type: 'order.canceled', at: 2_100, clientOrderId: 'o1', reason: 'gone' },
    fillOf(2_200, { quantity: 400 }),
  );
  assert.deepEqual([row?.['state'], row?.['filled_quantity'], row?.['average_price']], ['canceled', 400, 1.1]);
});
