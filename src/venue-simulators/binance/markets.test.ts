import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin, ether } from '../../../tests/support/simulated-binance.ts';
import { createMarkets, finePriceText, priceMax, priceText, quantityText, quoteText, quoteUnit } from './markets.ts';

const [market, other] = createMarkets([bitcoin, ether]);
assert.ok(market !== undefined && other !== undefined);

test('a market is named by its instrument without the contract and the venue', () => {
  assert.deepEqual([market.symbol, market.streamName], ['BTCUSDT', 'btcusdt']);
});

test('figures are written with the decimals of the instrument, marks with eight', () => {
  assert.equal(priceText(market, 5_000_010), '50000.10');
  assert.equal(quantityText(market, 10), '0.010');
  assert.equal(quoteText(market, 10 * 5_000_010), '500.00100');
  assert.equal(finePriceText(market, 5_000_010.5), '50000.10500000');
  assert.equal(quoteUnit(market), 100_000);
  assert.equal(priceMax(market), 100_000_000);
});

test('the largest market order is smaller than the largest limit order', () => {
  assert.equal(market.limits.marketQuantityMax, 120_000);
  assert.ok(market.limits.marketQuantityMax < bitcoin.maximumQuantity);
});

test('leverage begins where the margin rate has it, and the larger coins have larger smallest orders', () => {
  assert.equal(market.leverage, 20);
  assert.deepEqual([market.limits.minNotional, other.limits.minNotional], [100, 20]);
});
