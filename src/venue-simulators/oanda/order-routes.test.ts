import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, eurUsdId, openOanda } from '../../../tests/support/oanda-scene.ts';

const limit = { type: 'LIMIT', instrument: 'EUR_USD', units: '100', price: '1.09000', timeInForce: 'GTC' };
const named = { ...limit, clientExtensions: { id: 'mine' } };

test('a pending order is listed, found by either id, and gone once it is cancelled', async () => {
  const scene = openOanda();
  const made = await askOanda(scene, 'POST', 'orders', { order: named });
  assert.deepEqual([made.status, made.body.relatedTransactionIDs, made.body.lastTransactionID], [201, ['3'], '3']);
  assert.equal((await askOanda(scene, 'GET', 'orders/3')).body.order.state, 'PENDING');
  assert.equal((await askOanda(scene, 'GET', 'orders/@mine')).body.order.id, '3');
  assert.equal((await askOanda(scene, 'GET', 'pendingOrders')).body.orders.length, 1);
  const cancelled = await askOanda(scene, 'PUT', 'orders/3/cancel');
  assert.equal(cancelled.body.orderCancelTransaction.reason, 'CLIENT_REQUEST');
  assert.equal((await askOanda(scene, 'GET', 'orders/@mine')).body.order.state, 'CANCELLED');
  assert.deepEqual((await askOanda(scene, 'GET', 'pendingOrders')).body.orders, []);
  assert.deepEqual((await askOanda(scene, 'GET', 'orders')).body.orders, []);
  assert.equal((await askOanda(scene, 'GET', 'orders?state=ALL&instrument=EUR_USD&count=1')).body.orders.length, 1);
  assert.equal((await askOanda(scene, 'GET', 'orders?ids=3')).body.orders[0].id, '3');
  assert.equal((await askOanda(scene, 'GET', 'orders?count=501')).status, 400);
  assert.deepEqual(scene.floor.ledger().openOrders, []);
});

test('what is not pending cannot be cancelled, and the refusal is a transaction', async () => {
  const scene = openOanda();
  const refused = await askOanda(scene, 'PUT', 'orders/@nobody/cancel');
  assert.equal(refused.status, 404);
  assert.deepEqual(
    [refused.body.errorCode, refused.body.orderCancelRejectTransaction.clientOrderID, refused.body.lastTransactionID],
    ['ORDER_DOESNT_EXIST', 'nobody', '3'],
  );
  assert.equal((await askOanda(scene, 'GET', 'orders/77')).status, 404);
});

test('an order that is refused uses up an id, with everything that was asked', async () => {
  const scene = openOanda();
  const refused = await askOanda(scene, 'POST', 'orders', { order: { ...limit, price: '1.090001' } });
  const { orderRejectTransaction, errorCode, errorMessage } = refused.body;
  assert.equal(refused.status, 400);
  assert.equal(errorCode, 'PRICE_PRECISION_EXCEEDED');
  assert.match(errorMessage, /more precision/);
  assert.deepEqual(
    [orderRejectTransaction.type, orderRejectTransaction.price, orderRejectTransaction.rejectReason],
    ['LIMIT_ORDER_REJECT', '1.090001', 'PRICE_PRECISION_EXCEEDED'],
  );
  assert.equal((await askOanda(scene, 'POST', 'orders', { order: limit })).body.orderCreateTransaction.id, '4');
  for (const body of [undefined, {}, { order: { type: 'NONSENSE' } }, { order: { ...limit, timeInForce: 'X' } }]) {
    const { status, body: words } = await askOanda(scene, 'POST', 'orders', body);
    assert.deepEqual([status, Object.keys(words)], [400, ['errorMessage']]);
  }
});

test('a client id is taken twice only when the first order is no longer pending', async () => {
  const scene = openOanda();
  await askOanda(scene, 'POST', 'orders', { order: named });
  const again = await askOanda(scene, 'POST', 'orders', { order: named });
  assert.deepEqual([again.status, again.body.errorCode], [400, 'CLIENT_ORDER_ID_ALREADY_EXISTS']);
  const market = { type: 'MARKET', instrument: 'EUR_USD', units: '100', clientExtensions: { id: 'twice' } };
  await askOanda(scene, 'POST', 'orders', { order: market });
  await askOanda(scene, 'POST', 'orders', { order: market });
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 200);
});

test('a replacement is a cancellation and a creation in one batch', async () => {
  const scene = openOanda();
  await askOanda(scene, 'POST', 'orders', { order: named });
  const replaced = await askOanda(scene, 'PUT', 'orders/@mine', { order: { ...named, price: '1.08000' } });
  const { orderCancelTransaction, orderCreateTransaction, relatedTransactionIDs } = replaced.body;
  assert.equal(replaced.status, 201);
  assert.deepEqual(relatedTransactionIDs, ['4', '5']);
  assert.deepEqual(
    [orderCancelTransaction.reason, orderCancelTransaction.replacedByOrderID, orderCancelTransaction.batchID],
    ['CLIENT_REQUEST_REPLACED', '5', '4'],
  );
  assert.deepEqual(
    [orderCreateTransaction.reason, orderCreateTransaction.replacesOrderID, orderCreateTransaction.batchID],
    ['REPLACEMENT', '3', '4'],
  );
  assert.equal(scene.floor.ledger().openOrders[0]?.limitPrice, 108_000);
  assert.equal((await askOanda(scene, 'GET', 'orders/3')).body.order.replacedByOrderID, '5');
  assert.equal((await askOanda(scene, 'PUT', 'orders/3', { order: named })).status, 404);
  const wrong = await askOanda(scene, 'PUT', 'orders/5', { order: { ...named, price: 'x' } });
  assert.deepEqual([wrong.status, scene.floor.ledger().openOrders.length], [400, 1]);
});

test('a replacement that fills at once tells both', async () => {
  const scene = openOanda();
  await askOanda(scene, 'POST', 'orders', { order: named });
  const { body } = await askOanda(scene, 'PUT', 'orders/3', { order: { ...named, price: '1.11000' } });
  assert.deepEqual(body.relatedTransactionIDs, ['4', '5', '6']);
  assert.equal(body.orderFillTransaction.price, '1.10010');
  assert.equal(body.orderCancelTransaction.orderID, '3');
});

test('a market that is halted and a margin that is missing answer 201 with a cancellation', async () => {
  const scene = openOanda();
  const market = { type: 'MARKET', instrument: 'EUR_USD', units: '100' };
  scene.server.act('halt', { instrument: 'EUR_USD' });
  const halted = await askOanda(scene, 'POST', 'orders', { order: market });
  assert.deepEqual([halted.status, halted.body.orderCancelTransaction.reason], [201, 'MARKET_HALTED']);
  assert.equal('orderFillTransaction' in halted.body, false);
  scene.server.act('resume', { instrument: 'EUR_USD' });
  const large = await askOanda(scene, 'POST', 'orders', { order: { ...market, units: '10000000' } });
  assert.deepEqual([large.status, large.body.orderCancelTransaction.reason], [201, 'INSUFFICIENT_MARGIN']);
  assert.deepEqual(scene.floor.ledger().positions, []);
});

test('the market may come to an order a moment before its cancellation', async () => {
  const scene = openOanda();
  scene.server.act('fillBeforeCancel', {});
  await askOanda(scene, 'POST', 'orders', { order: named });
  const refused = await askOanda(scene, 'PUT', 'orders/@mine/cancel');
  assert.deepEqual([refused.status, refused.body.errorCode], [404, 'ORDER_DOESNT_EXIST']);
  assert.equal((await askOanda(scene, 'GET', 'orders/@mine')).body.order.state, 'FILLED');
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 100);
  const sell = { ...limit, units: '-100', price: '1.12000' };
  scene.server.act('fillBeforeCancel', {});
  scene.floor.quote(eurUsdId, 110_000, 110_010);
  const made = await askOanda(scene, 'POST', 'orders', { order: sell });
  assert.equal((await askOanda(scene, 'PUT', `orders/${made.body.orderCreateTransaction.id}/cancel`)).status, 404);
  assert.deepEqual(scene.floor.ledger().positions, []);
});

test('a client id may be set later', async () => {
  const scene = openOanda();
  await askOanda(scene, 'POST', 'orders', { order: limit });
  const body = { clientExtensions: { id: 'later', comment: 'c' } };
  const extended = await askOanda(scene, 'PUT', 'orders/3/clientExtensions', body);
  assert.deepEqual(
    [extended.status, extended.body.orderClientExtensionsModifyTransaction.clientExtensionsModify],
    [200, { id: 'later', comment: 'c' }],
  );
  assert.equal((await askOanda(scene, 'GET', 'orders/@later')).body.order.id, '3');
  assert.equal((await askOanda(scene, 'PUT', 'orders/9/clientExtensions', body)).status, 404);
});
