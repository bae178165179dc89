import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, type OandaScene, openOanda } from '../../../tests/support/oanda-scene.ts';

async function withTrade(units = '100'): Promise<OandaScene> {
  const scene = openOanda();
  const order = { type: 'MARKET', instrument: 'EUR_USD', units, tradeClientExtensions: { id: 'mine' } };
  await askOanda(scene, 'POST', 'orders', { order });
  return scene;
}

test('a trade is listed while it is open, and found by either id', async () => {
  const scene = await withTrade('-100');
  const { trade } = (await askOanda(scene, 'GET', 'trades/@mine')).body;
  assert.deepEqual([trade.id, trade.currentUnits, trade.state, trade.unrealizedPL], ['4', '-100', 'OPEN', '-0.0100']);
  assert.equal((await askOanda(scene, 'GET', 'trades?instrument=EUR_USD')).body.trades.length, 1);
  await askOanda(scene, 'PUT', 'trades/@mine/close');
  assert.deepEqual((await askOanda(scene, 'GET', 'openTrades')).body.trades, []);
  const [closed] = (await askOanda(scene, 'GET', 'trades?state=CLOSED')).body.trades;
  assert.deepEqual(
    [closed.state, closed.currentUnits, closed.realizedPL, closed.averageClosePrice, closed.closingTransactionIDs],
    ['CLOSED', '0', '-0.0100', '1.10010', ['6']],
  );
  assert.equal('unrealizedPL' in closed, false);
  assert.equal((await askOanda(scene, 'GET', 'trades/99')).status, 404);
  assert.equal((await askOanda(scene, 'GET', 'trades?count=0')).status, 400);
});

test('a trade closes wholly or in part, and never by more than it has', async () => {
  const scene = await withTrade();
  const part = await askOanda(scene, 'PUT', 'trades/4/close', { units: '40' });
  const { orderCreateTransaction, orderFillTransaction } = part.body;
  assert.deepEqual(
    [
      part.status,
      orderCreateTransaction.tradeClose,
      orderFillTransaction.reason,
      orderFillTransaction.tradeReduced.units,
    ],
    [200, { units: '40', tradeID: '4' }, 'MARKET_ORDER_TRADE_CLOSE', '-40'],
  );
  for (const [units, status, code] of [
    ['61', 400, 'CLOSE_TRADE_UNITS_EXCEED_TRADE_SIZE'],
    ['-10', 400, 'UNITS_INVALID'],
    ['0', 400, 'UNITS_INVALID'],
  ] as const) {
    const refused = await askOanda(scene, 'PUT', 'trades/4/close', { units });
    assert.deepEqual([refused.status, refused.body.errorCode], [status, code]);
    assert.equal(refused.body.orderRejectTransaction.reason, 'TRADE_CLOSE');
  }
  const unknown = await askOanda(scene, 'PUT', 'trades/77/close', {});
  assert.deepEqual([unknown.status, unknown.body.errorCode], [404, 'TRADE_DOESNT_EXIST']);
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 60);
});

test('what protects a trade is placed, replaced and taken away', async () => {
  const scene = await withTrade();
  const placed = await askOanda(scene, 'PUT', 'trades/4/orders', {
    stopLoss: { price: '1.09000', clientExtensions: { id: 's1' } },
    takeProfit: { price: '1.12000' },
  });
  assert.deepEqual(
    [placed.status, placed.body.stopLossOrderTransaction.price, placed.body.takeProfitOrderTransaction.price],
    [200, '1.09000', '1.12000'],
  );
  const moved = await askOanda(scene, 'PUT', 'trades/4/orders', { stopLoss: { price: '1.09500' } });
  assert.deepEqual(
    [moved.body.stopLossOrderCancelTransaction.reason, moved.body.stopLossOrderTransaction.reason],
    ['CLIENT_REQUEST_REPLACED', 'REPLACEMENT'],
  );
  const { trade } = (await askOanda(scene, 'GET', 'trades/4')).body;
  assert.deepEqual([trade.stopLossOrder.price, trade.takeProfitOrder.price], ['1.09500', '1.12000']);
  const taken = await askOanda(scene, 'PUT', 'trades/4/orders', { takeProfit: null });
  assert.equal(taken.body.takeProfitOrderCancelTransaction.reason, 'CLIENT_REQUEST');
  assert.deepEqual(
    scene.floor.ledger().openOrders.map(({ stopPrice }) => stopPrice),
    [109_500],
  );
  const wrong = await askOanda(scene, 'PUT', 'trades/4/orders', { stopLoss: { price: '1.0950001' } });
  assert.equal(wrong.body.errorCode, 'STOP_LOSS_ON_FILL_PRICE_PRECISION_EXCEEDED');
  assert.equal((await askOanda(scene, 'PUT', 'trades/9/orders', {})).status, 404);
});

test('a stop on the wrong side of the market closes at once', async () => {
  const scene = await withTrade();
  const { body } = await askOanda(scene, 'PUT', 'trades/4/orders', { stopLoss: { price: '1.20000' } });
  assert.equal(body.stopLossOrderFillTransaction.reason, 'STOP_LOSS_ORDER');
  assert.deepEqual(scene.floor.ledger().positions, []);
});

test('an order may be created for a trade, but only one of a kind', async () => {
  const scene = await withTrade();
  const order = { type: 'STOP_LOSS', tradeID: '4', price: '1.09' };
  const made = await askOanda(scene, 'POST', 'orders', { order });
  assert.deepEqual([made.status, made.body.orderCreateTransaction.type], [201, 'STOP_LOSS_ORDER']);
  assert.equal((await askOanda(scene, 'POST', 'orders', { order })).body.errorCode, 'STOP_LOSS_ORDER_ALREADY_EXISTS');
  const moved = await askOanda(scene, 'PUT', 'orders/5', { order: { ...order, price: '1.08' } });
  assert.deepEqual([moved.status, moved.body.orderCreateTransaction.replacesOrderID], [201, '5']);
  assert.equal((await askOanda(scene, 'GET', 'trades/4')).body.trade.stopLossOrder.price, '1.08000');
});

test('a trade may be named later', async () => {
  const scene = await withTrade();
  const named = await askOanda(scene, 'PUT', 'trades/4/clientExtensions', { clientExtensions: { id: 'other' } });
  assert.deepEqual(
    [named.status, named.body.tradeClientExtensionsModifyTransaction.type],
    [200, 'TRADE_CLIENT_EXTENSIONS_MODIFY'],
  );
  assert.equal((await askOanda(scene, 'GET', 'trades/@other')).body.trade.id, '4');
  assert.equal((await askOanda(scene, 'PUT', 'trades/9/clientExtensions', { clientExtensions: {} })).status, 404);
  assert.equal((await askOanda(scene, 'PUT', 'trades/4/clientExtensions', {})).status, 400);
});
