import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalsOf, readMarket } from './filters.ts';
import { exchangeSymbolSchema } from './schema.ts';

const recorded = exchangeSymbolSchema.parse(
  JSON.parse(
    `{"symbol":"BTCUSDT","pair":"BTCUSDT","contractType":"PERPETUAL","deliveryDate":4133404800000,"onboardDate":1569398400000,"status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","marginAsset":"USDT","pricePrecision":2,"quantityPrecision":3,"triggerProtect":"0.0500","liquidationFee":"0.012500","marketTakeBound":"0.05",
"filters":[{"filterType":"PRICE_FILTER","minPrice":"0.10","maxPrice":"1000000","tickSize":"0.10"},{"filterType":"LOT_SIZE","minQty":"0.001","maxQty":"1000","stepSize":"0.001"},{"filterType":"MARKET_LOT_SIZE","minQty":"0.001","maxQty":"120","stepSize":"0.001"},{"filterType":"MAX_NUM_ORDERS","limit":200},{"filterType":"MAX_NUM_ALGO_ORDERS","limit":10},{"filterType":"MIN_NOTIONAL","notional":"100"},{"filterType":"PERCENT_PRICE","multiplierUp":"1.1500","multiplierDown":"0.8500","multiplierDecimal":"4"}],
"orderTypes":["LIMIT","MARKET","STOP","STOP_MARKET","TAKE_PROFIT","TAKE_PROFIT_MARKET","TRAILING_STOP_MARKET"],"timeInForce":["GTC","IOC","FOK","GTX","GTD"]}`,
  ),
);

test('decimals come from the tick and the step, never from the declared precisions (F75)', () => {
  const market = readMarket(recorded, 5);
  assert.ok('instrument' in market);
  assert.deepEqual(market.instrument, {
    id: 'BTCUSDT-PERP.BINANCE',
    symbol: 'BTCUSDT',
    venue: 'BINANCE',
    kind: 'perpetual',
    baseCurrency: 'BTC',
    quoteCurrency: 'USDT',
    priceDecimals: 1,
    quantityDecimals: 3,
    tickSize: 1,
    lotSize: 1,
    minimumQuantity: 1,
    maximumQuantity: 120_000,
    pipDecimals: 1,
    contractSize: 1,
    marginRate: 0.2,
  });
  assert.equal(market.isTrading, true);
});

test('the largest market order bounds the quantity, the largest limit order is kept beside it (F77)', () => {
  const market = readMarket(recorded, 5);
  assert.ok('filters' in market);
  assert.deepEqual(market.filters, {
    minimumNotional: 10_000_000_000,
    minimumPrice: 1,
    maximumPrice: 10_000_000,
    multiplierUp: 115_000_000,
    multiplierDown: 85_000_000,
    limitQuantityMax: 1_000_000,
    algoOrdersMax: 10,
  });
});

test('a market that is not trading is said to be so (F71)', () => {
  const market = readMarket({ ...recorded, status: 'SETTLING' }, 5);
  assert.ok('status' in market);
  assert.deepEqual([market.isTrading, market.status], [false, 'SETTLING']);
});

test('what is no perpetual, or has no readable steps, is no instrument', () => {
  assert.ok('problem' in readMarket({ ...recorded, contractType: 'CURRENT_QUARTER' }, 5));
  assert.ok('problem' in readMarket({ ...recorded, filters: [] }, 5));
  assert.ok('problem' in readMarket({ ...recorded, symbol: '币安人生USDT' }, 5));
  const scientific = { filterType: 'PRICE_FILTER', minPrice: '1e-7', maxPrice: '1', tickSize: '1e-7' };
  assert.ok('problem' in readMarket({ ...recorded, filters: [scientific, ...recorded.filters.slice(1)] }, 5));
});

test('the decimals of a step are those that are not trailing zeros', () => {
  const found = ['0.10', '0.001', '1', '1.0', '10', '0.00000010', '5'].map(decimalsOf);
  assert.deepEqual(found, [1, 3, 0, 0, 0, 7, 0]);
  assert.deepEqual(['', '0', '0.00', '-1', '1e-7', 'NaN', '.5'].map(decimalsOf), Array(7).fill(undefined));
});

test('every power of ten as step gives its exponent as decimals', () => {
  fc.assert(
    fc.property(fc.nat(8), fc.nat(4), (decimals, zeros) => {
      const step = decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
      assert.equal(decimalsOf(decimals === 0 ? step : step + '0'.repeat(zeros)), decimals);
    }),
  );
});
