import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { beginningId } from '#projections/bus/teller.ts';
import { barOf, createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { foldKeys, livelyTail, tailOf } from '../../../tests/support/key-fold.ts';
import { ORDERS_MAX, SEEN_FILLS_MAX, TRADE_LIFE_MS, TRADE_ORDERS_MAX, TRADES_KEPT } from './trade-keys.ts';

const { setUpEvents } = createDeskFixture([]);
const minuteMs = 60_000;
let fills = 0;

function fill(side: 'buy' | 'sell', quantity: number, price: number): EventByType['order.filled'] {
  fills += 1;
  return {
    type: 'order.filled',
    at: fixtureAt + fills * 1_000,
    clientOrderId: `tw-${side}`,
    venueOrderId: '1',
    fillId: String(fills),
    instrument: 'EURUSD.OANDA',
    side,
    quantity,
    price,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 0,
    balance: 100_000_000_000,
    venueAt: fixtureAt,
    isPessimistic: false,
  };
}

/** The hashes that are left, by key, and the life each was given last. */
function tradesAfter(...events: Event[]): Map<string, Record<string, string>> {
  return tradesIn(foldKeys(tailOf([...setUpEvents, ...events])).changes);
}

function tradesIn(changes: readonly KeyChange[]): Map<string, Record<string, string>> {
  const trades = new Map<string, Record<string, string>>();
  for (const change of changes) {
    if (change.type === 'delete') trades.delete(change.key);
    if (change.type !== 'hash' || !change.key.startsWith('trade:')) continue;
    trades.set(change.key, { ...trades.get(change.key), ...change.fields, life: String(change.ttlMs) });
  }
  return trades;
}

function only(...events: Event[]): Record<string, string> {
  const [trade, ...others] = tradesAfter(...events).values();
  assert.ok(trade !== undefined && others.length === 0);
  return trade;
}

test('a trade has the key that the bus calls it by, grows with its fills and does not end by itself', () => {
  const first = fill('buy', 1_000, 110_000);
  const tail = tailOf([...setUpEvents, first]);
  const entry = tail.at(-1);
  assert.ok(entry !== undefined);
  const id = beginningId('trade', entry, 'EUR_USD');
  const trades = tradesAfter(first, fill('buy', 1_000, 110_020));
  assert.deepEqual([...trades.keys()], [`trade:${id}`]);
  const trade: Record<string, string> = trades.get(`trade:${id}`) ?? {};
  const { qty, avg_entry, lifecycle, version, life, side, strategy } = trade;
  assert.deepEqual(
    { qty, avg_entry, lifecycle, version, life, side, strategy },
    {
      qty: '2000',
      avg_entry: '1.1001000',
      lifecycle: 'open',
      version: '2',
      life: 'null',
      side: 'long',
      strategy: 'external',
    },
  );
});

test('highest and lowest price follow the bars, and a bar within them changes nothing', () => {
  const opening = fill('sell', 1_000, 110_000);
  const wide = { ...barOf('EUR_USD', 110_000, fixtureAt), high: 110_050, low: 109_950 };
  const within = { ...barOf('EUR_USD', 110_000, fixtureAt + minuteMs), high: 110_050, low: 109_960 };
  const { peak, trough, version } = only(opening, wide, within);
  assert.deepEqual([peak, trough, version], ['1.10050', '1.09950', '2']);
});

function child(purpose: 'stopLoss' | 'takeProfit', price: number): EventByType['order.accepted'] {
  const isStop = purpose === 'stopLoss';
  return {
    type: 'order.accepted',
    at: fixtureAt + 90_000,
    clientOrderId: isStop ? 'tw-buy-s' : 'tw-buy-t',
    venueOrderId: '9',
    venueAt: fixtureAt,
    child: {
      parentOrderId: 'tw-buy',
      instrument: 'EURUSD.OANDA',
      side: 'sell',
      quantity: 1_000,
      purpose,
      stopPrice: isStop ? price : null,
      limitPrice: isStop ? null : price,
    },
  };
}

test('stop and target come with their acceptance, move with an amendment and go with their end', () => {
  const opening = fill('buy', 1_000, 110_000);
  const placed = [opening, child('stopLoss', 109_800), child('takeProfit', 110_300)];
  assert.deepEqual([only(...placed)['sl'], only(...placed)['tp']], ['1.09800', '1.10300']);
  const amended: Event = {
    type: 'order.amended',
    at: fixtureAt + 91_000,
    clientOrderId: 'tw-buy-s',
    quantity: 1_000,
    stopPrice: 109_900,
    limitPrice: null,
  };
  const canceled: Event = { type: 'order.canceled', at: fixtureAt + 92_000, clientOrderId: 'tw-buy-t', reason: 'x' };
  const { sl, tp } = only(...placed, amended, canceled);
  assert.deepEqual([sl, tp], ['1.09900', '']);
});

test('a fill through zero ends one trade and begins another; a round trip adds the result', () => {
  const closed: Event = {
    type: 'roundTrip.closed',
    at: fixtureAt + 100_000,
    instrument: 'EURUSD.OANDA',
    direction: 'long',
    openedAt: fixtureAt,
    quantity: 1_000,
    entryPrice: 110_000,
    exitPrice: 110_050.5,
    realizedPnl: 505_000,
    fees: 0,
    financing: -1_500,
    spreadCost: 0,
    maximumAdverse: -20_000,
    maximumFavorable: 600_000,
    reason: 'slope',
  };
  const [first = {}, second] = tradesAfter(fill('buy', 1_000, 110_000), fill('sell', 1_500, 110_050), closed).values();
  const { lifecycle, qty, exit_price, pnl, financing, mae, mfe, reason, life } = first;
  assert.deepEqual([lifecycle, qty, exit_price, pnl, reason], ['closed', '1000', '1.1005050', '0.505000', 'slope']);
  assert.deepEqual([financing, mae, mfe, life], ['-0.001500', '-0.020000', '0.600000', String(TRADE_LIFE_MS)]);
  assert.deepEqual([second?.['lifecycle'], second?.['side'], second?.['qty']], ['open', 'short', '500']);
  assert.equal(TRADE_LIFE_MS, 2_592_000_000);
});

test('a fill told again counts once', () => {
  const once = fill('buy', 1_000, 110_000);
  assert.equal(only(once, once)['qty'], '1000');
  const many = Array.from({ length: SEEN_FILLS_MAX + 1 }, () => fill('buy', 1, 110_000));
  const { state } = foldKeys(tailOf([...setUpEvents, ...many]));
  assert.equal(state.seenFills.length, SEEN_FILLS_MAX);
});

test('the books of the venue win: what is not reported is flat, what is unknown is a trade', () => {
  const report = (signedQuantity: number): Event => ({
    type: 'venue.reconciled',
    at: fixtureAt + 200_000,
    balance: 90_000_000_000,
    positions:
      signedQuantity === 0
        ? []
        : [{ instrument: 'EURUSD.OANDA', signedQuantity, cost: 110_000 * Math.abs(signedQuantity) }],
    openOrderIds: [],
    differences: [],
  });
  assert.equal(only(fill('buy', 1_000, 110_000), report(0))['lifecycle'], 'closed');
  assert.equal(only(fill('buy', 1_000, 110_000), report(400))['qty'], '400');
  const { side, qty, avg_entry } = only(report(-700));
  assert.deepEqual([side, qty, avg_entry], ['short', '700', '1.1000000']);
  assert.equal(foldKeys(tailOf([...setUpEvents, report(0)])).state.balance, 90_000_000_000);
});

test('of ended trades the newest are kept', () => {
  const trips = Array.from({ length: TRADES_KEPT + 3 }, () => [fill('buy', 1, 110_000), fill('sell', 1, 110_000)]);
  const trades = tradesAfter(...trips.flat());
  assert.equal(trades.size, TRADES_KEPT);
  assert.equal([...trades.values()][0]?.['opened_ms'], String(trips[3]?.[0]?.at));
});

test('orders are remembered up to a bound, those of one trade too, the newest of each', () => {
  const orders = Array.from({ length: ORDERS_MAX + 2 }, (_, index): Event => {
    return { ...child('stopLoss', 109_800), clientOrderId: `tw-${index}-s` };
  });
  const grown = Array.from({ length: TRADE_ORDERS_MAX + 2 }, (_, index): Event => {
    return { ...fill('buy', 1, 110_000), clientOrderId: `tw-${index}` };
  });
  const { state } = foldKeys(tailOf([...setUpEvents, ...grown, ...orders]));
  const remembered = Object.keys(state.orders);
  assert.deepEqual([remembered.length, remembered[0]], [ORDERS_MAX, 'tw-2-s']);
  const trade = state.trades['EURUSD.OANDA'];
  assert.deepEqual([trade?.orderIds.length, trade?.orderIds[0]], [TRADE_ORDERS_MAX, 'tw-2']);
  assert.equal(Object.keys(trade?.protection ?? {}).length, TRADE_ORDERS_MAX);
});

test('a desk at work protects its trades and ends them with their round trips', () => {
  const tail = livelyTail();
  const trades = [...tradesIn(foldKeys(tail).changes).values()];
  const closed = trades.filter(({ lifecycle }) => lifecycle === 'closed');
  const roundTrips = tail.filter(({ event }) => event.type === 'roundTrip.closed');
  assert.equal(closed.length, roundTrips.length);
  assert.ok(closed.length > 5);
  for (const trade of closed) {
    assert.match(trade['pnl'] ?? '', /^-?\d+\.\d{6}$/);
    assert.match(trade['sl'] ?? '', /^\d+\.\d+$/);
    assert.match(trade['tp'] ?? '', /^\d+\.\d+$/);
  }
});
