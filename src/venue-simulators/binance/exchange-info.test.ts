import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('a symbol has one object for each filter, with the steps of its instrument (F75)', () => {
  const scene = new BinanceScene();
  const [bitcoin] = scene.request('GET', '/fapi/v1/exchangeInfo').body.symbols;
  assert.deepEqual([bitcoin.symbol, bitcoin.contractType, bitcoin.status], ['BTCUSDT', 'PERPETUAL', 'TRADING']);
  assert.deepEqual(bitcoin.filters, [
    { filterType: 'PRICE_FILTER', minPrice: '0.10', maxPrice: '1000000', tickSize: '0.10' },
    { filterType: 'LOT_SIZE', minQty: '0.001', stepSize: '0.001', maxQty: '1000.000' },
    { filterType: 'MARKET_LOT_SIZE', minQty: '0.001', stepSize: '0.001', maxQty: '120.000' },
    { filterType: 'MAX_NUM_ORDERS', limit: 200 },
    { filterType: 'MAX_NUM_ALGO_ORDERS', limit: 10 },
    { filterType: 'MIN_NOTIONAL', notional: '100' },
    { filterType: 'PERCENT_PRICE', multiplierUp: '1.1500', multiplierDown: '0.8500', multiplierDecimal: '4' },
  ]);
});

test('filters that change are listed as they are from then on, and so checked (F72)', () => {
  const scene = new BinanceScene();
  const told = scene.socket('/market/ws/!contractInfo');
  scene.server.act('changeFilters', { tickSize: '0.50', stepSize: '0.010', minQuantity: '0.010', minNotional: 200 });
  const [bitcoin] = scene.request('GET', '/fapi/v1/exchangeInfo').body.symbols;
  assert.equal(bitcoin.filters[0].tickSize, '0.50');
  assert.equal(bitcoin.filters[1].stepSize, '0.010');
  assert.equal(scene.limit('BUY', '0.010', '49000.10').body.code, -4014);
  assert.equal(scene.limit('BUY', '0.015', '49000').body.code, -4023);
  assert.equal(scene.limit('BUY', '0.010', '19000').body.code, -4164);
  assert.equal(told.events()[0].e, 'contractInfo');
});

test('the limits of requests and orders are listed', () => {
  const { rateLimits } = new BinanceScene().request('GET', '/fapi/v1/exchangeInfo').body;
  assert.deepEqual(
    rateLimits.map(({ limit }: { limit: number }) => limit),
    [2_400, 300, 1_200],
  );
});
