import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, type OandaScene, openOanda } from '../../../tests/support/oanda-scene.ts';
import { cancelReasonOf, PENDING_ORDERS_MAX } from './order-endings.ts';

async function endOf(scene: OandaScene, order: Record<string, unknown>): Promise<string | undefined> {
  const { body } = await askOanda(scene, 'POST', 'orders', {
    order: { type: 'MARKET', instrument: 'EUR_USD', units: '100', ...order },
  });
  return body.orderCancelTransaction?.reason;
}

test('a stop that would close at once and a target that would lose end their order', async () => {
  const scene = openOanda();
  assert.equal(await endOf(scene, { stopLossOnFill: { price: '1.10000' } }), 'STOP_LOSS_ON_FILL_LOSS');
  assert.equal(await endOf(scene, { units: '-100', stopLossOnFill: { price: '1.10010' } }), 'STOP_LOSS_ON_FILL_LOSS');
  assert.equal(await endOf(scene, { stopLossOnFill: { distance: '0.00010' } }), 'STOP_LOSS_ON_FILL_LOSS');
  assert.equal(await endOf(scene, { takeProfitOnFill: { price: '1.10010' } }), 'TAKE_PROFIT_ON_FILL_LOSS');
  const limit = { type: 'LIMIT', price: '1.09' };
  assert.equal(await endOf(scene, { ...limit, stopLossOnFill: { price: '1.09' } }), 'STOP_LOSS_ON_FILL_LOSS');
  assert.equal(await endOf(scene, { ...limit, stopLossOnFill: { price: '1.08999' } }), undefined);
  assert.equal(
    await endOf(scene, { stopLossOnFill: { price: '1.09999' }, takeProfitOnFill: { price: '1.10011' } }),
    undefined,
  );
});

test('a bound keeps an order from a worse price', async () => {
  const scene = openOanda();
  assert.equal(await endOf(scene, { priceBound: '1.10009' }), 'BOUNDS_VIOLATION');
  assert.equal(await endOf(scene, { units: '-100', priceBound: '1.10001' }), 'BOUNDS_VIOLATION');
  assert.equal(await endOf(scene, { priceBound: '1.10010' }), undefined);
});

test('an instrument without a price takes no order', async () => {
  assert.equal(await endOf(openOanda(), { instrument: 'USD_JPY' }), 'MARKET_HALTED');
});

test("a trade's client id is taken twice only when the first trade is closed", async () => {
  const scene = openOanda();
  const named = { tradeClientExtensions: { id: 'trade' } };
  assert.equal(await endOf(scene, named), undefined);
  assert.equal(await endOf(scene, named), 'CLIENT_TRADE_ID_ALREADY_EXISTS');
  await askOanda(scene, 'PUT', 'trades/@trade/close');
  assert.equal(await endOf(scene, named), undefined);
});

test('an order that may only open does not close', async () => {
  const scene = openOanda();
  await endOf(scene, {});
  assert.equal(await endOf(scene, { units: '-100', positionFill: 'OPEN_ONLY' }), 'FIFO_VIOLATION');
  assert.equal(await endOf(scene, { positionFill: 'OPEN_ONLY' }), undefined);
});

test('an account has so many pending orders and no more', () => {
  const scene = openOanda();
  for (let index = 0; index <= PENDING_ORDERS_MAX; index += 1)
    scene.server.act('externalOrder', { instrument: 'EUR_USD', units: '1', price: '1.00000' });
  assert.equal(scene.floor.ledger().openOrders.length, PENDING_ORDERS_MAX);
});

test("every end at the floor has the venue's name", () => {
  assert.equal(cancelReasonOf('EXPIRES_AT'), 'TIME_IN_FORCE_EXPIRED');
  assert.equal(cancelReasonOf('POSITION_CLOSED'), 'LINKED_TRADE_CLOSED');
  assert.equal(cancelReasonOf('CLOSE_OUT'), 'INSUFFICIENT_MARGIN');
  assert.equal(cancelReasonOf('CLIENT_REQUEST'), 'CLIENT_REQUEST');
  assert.equal(cancelReasonOf('SOMETHING'), 'INTERNAL_SERVER_ERROR');
  assert.equal(cancelReasonOf('TOO_MANY_ORDERS'), 'PENDING_ORDERS_ALLOWED_EXCEEDED');
  assert.equal(cancelReasonOf('NO_PRICE'), 'MARKET_HALTED');
});
