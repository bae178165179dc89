import { type AccountBook, accountBook, type OrderFacts } from '#adapters/binance/account-book.ts';
import type { Market } from '#adapters/binance/filters.ts';
import type { OrderRequest } from '#domain/order.ts';

/** Bitcoin's perpetual with the filters that the venue's documents show. */
export const bitcoin: Market = {
  instrument: {
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
  },
  filters: {
    minimumNotional: 10_000_000_000,
    minimumPrice: 1,
    maximumPrice: 10_000_000,
    multiplierUp: 115_000_000,
    multiplierDown: 85_000_000,
    limitQuantityMax: 1_000_000,
    algoOrdersMax: 10,
  },
  isTrading: true,
  status: 'TRADING',
};

/** A market order to buy a hundredth of a bitcoin, with what a test changes about it. */
export function orderRequest(change: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: 'tw-run-1',
    instrument: bitcoin.instrument.id,
    side: 'buy',
    quantity: 10,
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
    isReduceOnly: false,
    purpose: 'entry',
    bracket: null,
    strategy: 'pulse',
    reason: 'signal',
    ...change,
  };
}

/** A book that knows bitcoin and nothing else. */
export function bookOf(): AccountBook {
  return accountBook({
    accountCurrency: 'USDT',
    moneyDecimals: 8,
    ownIdPrefix: 'tw-',
    markets: new Map([['BTCUSDT', bitcoin]]),
  });
}

/** An order of ours as it is known once it has been sent. */
export function sentOrder(change: Partial<OrderFacts> = {}): OrderFacts {
  return {
    clientOrderId: 'tw-run-1',
    wireId: 'tw-run-1',
    venueOrderId: '7',
    family: 'ordinary',
    symbol: 'BTCUSDT',
    side: 'buy',
    quantity: 10,
    filledQuantity: 0,
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    isReduceOnly: false,
    at: 0,
    ...change,
  };
}
