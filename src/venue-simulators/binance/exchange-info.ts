import { scaleOf } from '#domain/scale.ts';
import { type Market, priceMax, priceText, quantityText } from './markets.ts';
import { ORDERS_1M_MAX, ORDERS_10S_MAX, WEIGHT_MAX } from './rate-counters.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** Limits and markets of the venue. Each filter is an object of its own; tick and step are in them, not in the precisions. */
export function exchangeInfo(world: World): WireJson {
  return {
    timezone: 'UTC',
    serverTime: serverNow(world),
    futuresType: 'U_MARGINED',
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: WEIGHT_MAX },
      ...orderLimits(),
    ],
    exchangeFilters: [],
    assets: [{ asset: world.ledger.asset, marginAvailable: true, autoAssetExchange: '-10000' }],
    symbols: [...world.marketBySymbol.values()].map(symbolInfo),
  };
}

export function orderLimits(): { rateLimitType: string; interval: string; intervalNum: number; limit: number }[] {
  return [
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: ORDERS_10S_MAX },
    { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: ORDERS_1M_MAX },
  ];
}

function symbolInfo(market: Market): WireJson {
  const { instrument, limits } = market;
  return {
    symbol: market.symbol,
    pair: market.symbol,
    contractType: 'PERPETUAL',
    deliveryDate: market.deliveryAt,
    onboardDate: 1_569_398_400_000,
    status: market.status,
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset: instrument.baseCurrency,
    quoteAsset: instrument.quoteCurrency,
    marginAsset: instrument.quoteCurrency,
    pricePrecision: instrument.priceDecimals,
    quantityPrecision: instrument.quantityDecimals,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: limits.takeBound.toFixed(2),
    maxMoveOrderLimit: 10_000,
    filters: filtersOf(market),
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
    permissionSets: ['GRID', 'COPY'],
  };
}

function filtersOf(market: Market): WireJson {
  const { instrument, limits } = market;
  const { tickSize, lotSize, minimumQuantity, maximumQuantity } = instrument;
  const lot = { minQty: quantityText(market, minimumQuantity), stepSize: quantityText(market, lotSize) };
  const marketMax = Math.min(limits.marketQuantityMax, maximumQuantity);
  return [
    {
      filterType: 'PRICE_FILTER',
      minPrice: priceText(market, tickSize),
      maxPrice: String(priceMax(market) / scaleOf(instrument.priceDecimals)),
      tickSize: priceText(market, tickSize),
    },
    { filterType: 'LOT_SIZE', ...lot, maxQty: quantityText(market, maximumQuantity) },
    { filterType: 'MARKET_LOT_SIZE', ...lot, maxQty: quantityText(market, marketMax) },
    { filterType: 'MAX_NUM_ORDERS', limit: limits.ordersMax },
    { filterType: 'MAX_NUM_ALGO_ORDERS', limit: limits.algoOrdersMax },
    { filterType: 'MIN_NOTIONAL', notional: String(limits.minNotional) },
    {
      filterType: 'PERCENT_PRICE',
      multiplierUp: limits.priceFactorUp.toFixed(4),
      multiplierDown: limits.priceFactorDown.toFixed(4),
      multiplierDecimal: '4',
    },
  ];
}
