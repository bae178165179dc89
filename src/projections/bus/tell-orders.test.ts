import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '#domain/order.ts';
import { payloadsOf } from '../../../tests/support/bus-fold.ts';
import { childOf, fillOf, requestOf } from '../../../tests/support/desk-events.ts';
import { type FoldedDesk, foldedDesk, typesOf } from '../../../tests/support/folded-desk.ts';

/** A priced desk with an order on its way. */
function sent(changes: Partial<OrderRequest> = {}): FoldedDesk {
  const desk = foldedDesk();
  desk.fixture.tick();
  desk.minute();
  desk.send({ type: 'order.submitted', at: desk.fixture.at, order: requestOf(changes) });
  return desk;
}

test('an order is asked for with its bracket and its worth', () => {
  const desk = foldedDesk();
  desk.fixture.tick();
  desk.minute();
  const order = requestOf({ bracket: { stopPrice: 109_900, targetPrice: 110_150 } });
  const told = desk.send({ type: 'order.submitted', at: desk.fixture.at, order });
  assert.deepEqual(
    told.map(({ type }) => type),
    ['trade.execution_requested', 'execution.request', 'trade.intent'],
  );
  assert.deepEqual(told[0]?.payload, {
    symbol: 'EUR_USD',
    side: 'BUY',
    leverage: null,
    notional: 1_100,
    risk_frac: null,
    confidence: null,
    sl: 1.099,
    tp: 1.1015,
    order_id: 'o1',
    purpose: 'entry',
    qty: 1_000,
    strategy: 'test',
    reason: 'test',
  });
});

test('an order that the venue rejects, or that expires unfilled, has failed', () => {
  const { fixture, ...desk } = sent();
  const rejected = {
    type: 'order.rejected',
    at: fixture.at,
    clientOrderId: 'o1',
    code: 'HALTED',
    reason: 'halted',
  } as const;
  const told = desk.send(rejected, rejected);
  assert.deepEqual(payloadsOf(told, 'trade.failed'), [
    { symbol: 'EUR_USD', order_id: 'o1', code: 'HALTED', reason: 'halted' },
  ]);
  const other = sent();
  const expired = { type: 'order.expired', at: other.fixture.at, clientOrderId: 'o1', reason: 'EXPIRES_AT' } as const;
  assert.deepEqual(payloadsOf(other.send(expired), 'trade.failed'), [
    { symbol: 'EUR_USD', order_id: 'o1', code: 'EXPIRED', reason: 'EXPIRES_AT' },
  ]);
});

test('an order that expires after a part of it filled has not failed', () => {
  const desk = sent();
  const { at } = desk.fixture;
  const told = desk.send(fillOf(at, { quantity: 400 }), { type: 'order.expired', at, clientOrderId: 'o1', reason: '' });
  assert.deepEqual(typesOf(told), ['trade.executed', 'trade.opened']);
});

test('the latency of a market order is told, and that of one that waits for its price is not', () => {
  const market = sent();
  const [told] = payloadsOf(market.send(fillOf(market.fixture.at + 250)), 'trade.executed');
  assert.equal(told?.['latency_ms'], 250);
  const limit = sent({ orderType: 'limit', limitPrice: 110_000 });
  assert.equal(payloadsOf(limit.send(fillOf(limit.fixture.at + 250)), 'trade.executed')[0]?.['latency_ms'], null);
});

test("the venue's stop is told where it differs from the bracket, is moved, and is gone", () => {
  const desk = sent({ bracket: { stopPrice: 109_900, targetPrice: null } });
  const { at } = desk.fixture;
  desk.send(fillOf(at));
  assert.deepEqual(typesOf(desk.send(childOf('o1', at))), []);
  const amended = {
    type: 'order.amended',
    at,
    clientOrderId: 'o1-s',
    quantity: 1_000,
    stopPrice: 109_950,
    limitPrice: null,
  } as const;
  const [moved] = payloadsOf(desk.send(amended), 'trade.updated');
  assert.equal(moved?.['sl'], 1.0995);
  const told = desk.send({ type: 'order.canceled', at, clientOrderId: 'o1-s', reason: 'by hand' });
  assert.equal(payloadsOf(told, 'trade.updated')[0]?.['sl'], null);
});

test('a stop that comes later is what R is counted in', () => {
  const desk = sent();
  const { at } = desk.fixture;
  desk.send(fillOf(at));
  const [told] = payloadsOf(desk.send(childOf('o1', at)), 'trade.updated');
  assert.deepEqual([told?.['sl'], told?.['R']], [1.099, 0]);
});

test('the orders that are remembered are bounded', () => {
  const desk = sent();
  const { at } = desk.fixture;
  for (let count = 0; count < 300; count += 1) {
    desk.tell({ type: 'order.submitted', at, order: requestOf({ clientOrderId: `many-${count}` }) });
  }
  assert.equal(Object.keys(desk.state.orders).length, 256);
  assert.ok(desk.state.orders['many-299'] !== undefined);
});
