import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { createOrder } from './order-entry.ts';
import { acknowledgement, averagePriceText, orderReport } from './order-payloads.ts';

const world = new BinanceScene().world();
const market = world.marketBySymbol.get('BTCUSDT');
assert.ok(market !== undefined);
const order = createOrder(world, {
  clientOrderId: 'a',
  market,
  side: 'SELL',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: 10,
  price: 5_100_000,
  isReduceOnly: true,
  origin: 'client',
});

test('an acknowledgement has the fields of late 2026 and none of what was paid (F87)', () => {
  const names = Object.keys(acknowledgement(order)).sort();
  assert.deepEqual(names, [
    'clientOrderId',
    'closePosition',
    'cumQty',
    'executedQty',
    'goodTillDate',
    'orderId',
    'origQty',
    'origType',
    'positionSide',
    'price',
    'priceMatch',
    'priceProtect',
    'reduceOnly',
    'selfTradePreventionMode',
    'side',
    'status',
    'stopPrice',
    'symbol',
    'timeInForce',
    'type',
    'updateTime',
    'workingType',
  ]);
});

test('a report says what was paid on average and in all', () => {
  const filled = { ...order, filledQuantity: 3, filledQuote: 5_100_000 + 2 * 5_100_010 };
  assert.equal(averagePriceText(filled), '51000.06667');
  const report = orderReport(filled);
  assert.equal(report['cumQuote'], '153.00020');
  assert.equal(report['time'], order.createdAt);
});
