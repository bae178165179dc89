import type { CallCosts } from '#adapters/wire/rate-budget.ts';
import type { HttpRequest } from '#engine/ports.ts';
import type { Parameters } from './signing.ts';

/** How a request proves whose it is: not at all, by the key alone, or by a signature. */
export type Authority = 'none' | 'key' | 'signature';

export interface Endpoint {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly authority: Authority;
  /** What it takes of the weight of our address, which may depend on what is asked. */
  readonly weight: number | ((parameters: Parameters) => number);
  /** Counts against the orders of the account. */
  readonly isOrder?: true;
}

const bySymbol =
  (one: number, all: number) =>
  ({ symbol }: Parameters): number =>
    symbol === undefined ? all : one;

/**
 * Paths and weights of the venue; https://developers.binance.com/docs/derivatives/usds-margined-futures. Where the documents and what
 * clients saw differ, the larger weight stands here.
 */
export const endpoints = {
  time: { method: 'GET', path: '/fapi/v1/time', authority: 'none', weight: 1 },
  exchangeInfo: { method: 'GET', path: '/fapi/v1/exchangeInfo', authority: 'none', weight: 1 },
  klines: { method: 'GET', path: '/fapi/v1/klines', authority: 'none', weight: klinesWeight },
  premiumIndex: { method: 'GET', path: '/fapi/v1/premiumIndex', authority: 'none', weight: bySymbol(1, 10) },
  bookTicker: { method: 'GET', path: '/fapi/v1/ticker/bookTicker', authority: 'none', weight: bySymbol(2, 5) },
  depth: { method: 'GET', path: '/fapi/v1/depth', authority: 'none', weight: 20 },
  newOrder: { method: 'POST', path: '/fapi/v1/order', authority: 'signature', weight: 0, isOrder: true },
  modifyOrder: { method: 'PUT', path: '/fapi/v1/order', authority: 'signature', weight: 0, isOrder: true },
  cancelOrder: { method: 'DELETE', path: '/fapi/v1/order', authority: 'signature', weight: 1 },
  cancelAllOrders: { method: 'DELETE', path: '/fapi/v1/allOpenOrders', authority: 'signature', weight: 1 },
  order: { method: 'GET', path: '/fapi/v1/order', authority: 'signature', weight: 1 },
  openOrders: { method: 'GET', path: '/fapi/v1/openOrders', authority: 'signature', weight: bySymbol(1, 40) },
  allOrders: { method: 'GET', path: '/fapi/v1/allOrders', authority: 'signature', weight: 5 },
  userTrades: { method: 'GET', path: '/fapi/v1/userTrades', authority: 'signature', weight: 5 },
  income: { method: 'GET', path: '/fapi/v1/income', authority: 'signature', weight: 30 },
  newAlgoOrder: { method: 'POST', path: '/fapi/v1/algoOrder', authority: 'signature', weight: 0, isOrder: true },
  cancelAlgoOrder: { method: 'DELETE', path: '/fapi/v1/algoOrder', authority: 'signature', weight: 1 },
  cancelAllAlgoOrders: { method: 'DELETE', path: '/fapi/v1/algoOpenOrders', authority: 'signature', weight: 1 },
  algoOrder: { method: 'GET', path: '/fapi/v1/algoOrder', authority: 'signature', weight: 1 },
  openAlgoOrders: { method: 'GET', path: '/fapi/v1/openAlgoOrders', authority: 'signature', weight: bySymbol(1, 40) },
  balance: { method: 'GET', path: '/fapi/v3/balance', authority: 'signature', weight: 5 },
  positionRisk: { method: 'GET', path: '/fapi/v3/positionRisk', authority: 'signature', weight: 5 },
  accountConfig: { method: 'GET', path: '/fapi/v1/accountConfig', authority: 'signature', weight: 5 },
  symbolConfig: { method: 'GET', path: '/fapi/v1/symbolConfig', authority: 'signature', weight: 5 },
  positionMode: { method: 'GET', path: '/fapi/v1/positionSide/dual', authority: 'signature', weight: 30 },
  multiAssets: { method: 'GET', path: '/fapi/v1/multiAssetsMargin', authority: 'signature', weight: 30 },
  leverage: { method: 'POST', path: '/fapi/v1/leverage', authority: 'signature', weight: 1 },
  marginType: { method: 'POST', path: '/fapi/v1/marginType', authority: 'signature', weight: 1 },
  countdown: { method: 'POST', path: '/fapi/v1/countdownCancelAll', authority: 'signature', weight: 10 },
  createListenKey: { method: 'POST', path: '/fapi/v1/listenKey', authority: 'key', weight: 1 },
  extendListenKey: { method: 'PUT', path: '/fapi/v1/listenKey', authority: 'key', weight: 1 },
  /** Of the wallet's host, not of the futures'. */
  apiRestrictions: { method: 'GET', path: '/sapi/v1/account/apiRestrictions', authority: 'signature', weight: 1 },
} as const satisfies Record<string, Endpoint>;
export type EndpointName = keyof typeof endpoints;

/** The venue's limits, of an address and of an account. */
export const rateWindows = [
  { name: 'weight', capacity: 2_400, windowMs: 60_000 },
  { name: 'orders10s', capacity: 300, windowMs: 10_000 },
  { name: 'orders1m', capacity: 1_200, windowMs: 60_000 },
] as const;

/** The headers in which the venue says how much of a window is used. */
export const usedHeaders = {
  'x-mbx-used-weight-1m': 'weight',
  'x-mbx-order-count-10s': 'orders10s',
  'x-mbx-order-count-1m': 'orders1m',
} as const;

export function costsOf(endpoint: Endpoint, parameters: Parameters): CallCosts {
  const weight = typeof endpoint.weight === 'number' ? endpoint.weight : endpoint.weight(parameters);
  const costs = weight === 0 ? {} : { weight };
  return endpoint.isOrder === true ? { ...costs, orders10s: 1, orders1m: 1 } : costs;
}

function klinesWeight({ limit }: Parameters): number {
  const rows = Number(limit ?? 500);
  if (rows < 100) return 1;
  if (rows < 500) return 2;
  return rows <= 1_000 ? 5 : 10;
}
