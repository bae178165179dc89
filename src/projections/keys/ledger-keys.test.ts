import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, tailOf } from '../../../tests/support/key-fold.ts';
import { LEDGER_KEPT } from './ledger-keys.ts';

const key = 'sep:ledger:events';
const { setUpEvents } = createDeskFixture([], { releasesKill: false });

const submitted: Event = {
  type: 'order.submitted',
  at: fixtureAt,
  order: {
    clientOrderId: 'tw-1',
    instrument: 'EURUSD.OANDA',
    side: 'buy',
    quantity: 5_000,
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
    isReduceOnly: false,
    purpose: 'entry',
    bracket: null,
    strategy: 'combined',
    reason: 'slope',
  },
};

function ledgerOf(...events: Event[]): readonly unknown[] {
  const { changes } = foldKeys(tailOf([...setUpEvents, ...events]));
  return changesOf(changes, key).map((change) => {
    assert.ok(change.type === 'push');
    assert.deepEqual([change.keep, change.ttlMs], [LEDGER_KEPT, null]);
    return JSON.parse(change.value) as unknown;
  });
}

test('an order and its fill are told with decimals, their sequence and their trace', () => {
  const filled: Event = {
    type: 'order.filled',
    at: fixtureAt + 250,
    clientOrderId: 'tw-1',
    venueOrderId: '7',
    fillId: '8',
    instrument: 'EURUSD.OANDA',
    side: 'buy',
    quantity: 5_000,
    price: 110_012,
    fee: 1_250_000,
    realizedPnl: 0,
    spreadCost: 0,
    balance: 99_998_750_000,
    venueAt: fixtureAt + 250,
    isPessimistic: false,
  };
  const [order, fill] = ledgerOf(submitted, filled) as { trace_id: string }[];
  assert.deepEqual(order, {
    seq: setUpEvents.length + 1,
    ts_ms: fixtureAt,
    type: 'order.submitted',
    instrument: 'EUR_USD',
    trace_id: fill?.trace_id,
    data: {
      client_order_id: 'tw-1',
      side: 'buy',
      units: 5_000,
      order_type: 'market',
      limit_price: null,
      stop_price: null,
      purpose: 'entry',
      reason: 'slope',
    },
  });
  assert.deepEqual(fill, {
    seq: setUpEvents.length + 2,
    ts_ms: fixtureAt + 250,
    type: 'order.filled',
    instrument: 'EUR_USD',
    trace_id: order.trace_id,
    data: {
      client_order_id: 'tw-1',
      fill_id: '8',
      side: 'buy',
      units: 5_000,
      price: 1.10012,
      fee: 1.25,
      pnl: 0,
      balance: 99_998.75,
    },
  });
});

test('an answer that names no instrument is told under that of its order', () => {
  const canceled: Event = { type: 'order.canceled', at: fixtureAt, clientOrderId: 'tw-1', reason: 'NO_LIQUIDITY' };
  const [, first, second] = ledgerOf(submitted, canceled, canceled) as { instrument: unknown; data: unknown }[];
  assert.deepEqual([first?.instrument, first?.data], ['EUR_USD', { client_order_id: 'tw-1', reason: 'NO_LIQUIDITY' }]);
  assert.equal(second?.instrument, null);
});

test('market data, published figures and the words of modules are no part of the ledger', () => {
  const decided: Event = {
    type: 'module.decided',
    at: fixtureAt,
    module: 'freshness',
    slot: 'gate',
    mode: 'ACTIVE',
    outcome: 'kept',
    reason: '',
    entries: [],
  };
  assert.deepEqual(ledgerOf({ type: 'time.ticked', at: fixtureAt }, decided), []);
  assert.equal(LEDGER_KEPT, 1_000);
});
