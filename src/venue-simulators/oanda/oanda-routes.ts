import type { TimePort } from '#engine/ports.ts';
import { getAccount, getSummary, listAccounts, listChanges, listInstruments } from './account-routes.ts';
import type { AccountIdentity } from './account-views.ts';
import { getCandles } from './candle-routes.ts';
import type { Exchange, RouteAnswer } from './exchange.ts';
import type { OandaAccount } from './oanda-account.ts';
import {
  cancelOrder,
  createOrder,
  extendOrder,
  getOrder,
  listOrders,
  listPendingOrders,
  type OrderRoutesScene,
  replaceOrder,
} from './order-routes.ts';
import { closePosition, getPosition, listOpenPositions, listPositions } from './position-routes.ts';
import { getPricing } from './pricing-routes.ts';
import { closeTrade, extendTrade, getTrade, listOpenTrades, listTrades, setTradeOrders } from './trade-routes.ts';
import { getTransaction, listPages, listRange, listSince } from './transaction-routes.ts';

export interface RoutesScene {
  readonly account: OandaAccount;
  readonly identity: AccountIdentity;
  readonly time: TimePort;
}

type Route = (exchange: Exchange, scene: RoutesScene) => RouteAnswer;

/** Paths of one account, behind `/v3/accounts/{id}`; a colon stands for one part. The first that fits is taken. */
const accountRoutes: readonly (readonly [method: string, path: string, route: Route])[] = [
  ['GET', '', (_, { account, identity }) => getAccount(account, identity)],
  ['GET', '/summary', (_, { account, identity }) => getSummary(account, identity)],
  ['GET', '/instruments', (exchange, { account }) => listInstruments(exchange, account)],
  ['GET', '/changes', (exchange, { account }) => listChanges(exchange, account)],
  ['GET', '/instruments/:/candles', (exchange, scene) => candles(exchange, scene)],
  ['GET', '/pricing', (exchange, { account, time }) => getPricing(exchange, account, time.now())],
  ['GET', '/orders', (exchange, scene) => listOrders(exchange, orderScene(scene))],
  ['POST', '/orders', (exchange, scene) => createOrder(exchange, orderScene(scene))],
  ['GET', '/pendingOrders', (_, scene) => listPendingOrders(orderScene(scene))],
  ['GET', '/orders/:', (exchange, scene) => getOrder(exchange, orderScene(scene))],
  ['PUT', '/orders/:', (exchange, scene) => replaceOrder(exchange, orderScene(scene))],
  ['PUT', '/orders/:/cancel', (exchange, scene) => cancelOrder(exchange, orderScene(scene))],
  ['PUT', '/orders/:/clientExtensions', (exchange, scene) => extendOrder(exchange, orderScene(scene))],
  ['GET', '/trades', (exchange, { account }) => listTrades(exchange, account)],
  ['GET', '/openTrades', (_, { account }) => listOpenTrades(account)],
  ['GET', '/trades/:', (exchange, { account }) => getTrade(exchange, account)],
  ['PUT', '/trades/:/close', (exchange, { account }) => closeTrade(exchange, account)],
  ['PUT', '/trades/:/orders', (exchange, { account }) => setTradeOrders(exchange, account)],
  ['PUT', '/trades/:/clientExtensions', (exchange, { account }) => extendTrade(exchange, account)],
  ['GET', '/positions', (_, { account }) => listPositions(account)],
  ['GET', '/openPositions', (_, { account }) => listOpenPositions(account)],
  ['GET', '/positions/:', (exchange, { account }) => getPosition(exchange, account)],
  ['PUT', '/positions/:/close', (exchange, { account }) => closePosition(exchange, account)],
  ['GET', '/transactions', (exchange, scene) => listPages(exchange, historyScene(scene))],
  ['GET', '/transactions/idrange', (exchange, scene) => listRange(exchange, historyScene(scene))],
  ['GET', '/transactions/sinceid', (exchange, scene) => listSince(exchange, historyScene(scene))],
  ['GET', '/transactions/:', (exchange, scene) => getTransaction(exchange, historyScene(scene))],
];

/** Paths that belong to no account. */
const sharedRoutes: readonly (readonly [method: string, path: string, route: Route])[] = [
  ['GET', '/v3/accounts', (_, { identity }) => listAccounts(identity)],
  ['GET', '/v3/instruments/:/candles', (exchange, scene) => candles(exchange, scene)],
];

export type Found =
  | { readonly type: 'route'; readonly parameters: readonly string[]; readonly act: Route }
  | { readonly type: 'none' }
  /** The path is one of the venue's, but not with that method. */
  | { readonly type: 'otherMethod' };

/** The route of a path behind the account, or of one that belongs to none. */
export function findRoute(method: string, path: string, isOfAccount: boolean): Found {
  let hasPath = false;
  for (const [routeMethod, pattern, act] of isOfAccount ? accountRoutes : sharedRoutes) {
    const parameters = matchPath(pattern, path);
    if (parameters === undefined) continue;
    if (routeMethod === method) return { type: 'route', parameters, act };
    hasPath = true;
  }
  return hasPath ? { type: 'otherMethod' } : { type: 'none' };
}

function matchPath(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  if (wanted.length !== parts.length) return undefined;
  const parameters: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (wanted[index] === ':' && part !== '') parameters.push(part);
    else if (wanted[index] !== part) return undefined;
  }
  return parameters;
}

function orderScene({ account, identity, time }: RoutesScene): OrderRoutesScene {
  return {
    account,
    accountId: identity.accountId,
    now: time.now(),
    instrumentOf: (symbol) => instrumentOf(account, symbol),
    tradeOf: (specifier) => {
      const trade = account.trades.find(specifier);
      return trade === undefined || trade.currentUnits === 0 ? undefined : trade;
    },
    maximumUnits: (instrument) => instrument.maximumQuantity,
    unitsDecimals: (instrument) => account.plight.unitsDecimals.get(instrument.symbol) ?? instrument.quantityDecimals,
  };
}

function historyScene({ account, identity, time }: RoutesScene): Parameters<typeof listPages>[1] {
  return { account, accountId: identity.accountId, createdAt: identity.createdAt, now: time.now() };
}

function candles(exchange: Exchange, { account, time }: RoutesScene): RouteAnswer {
  return getCandles(exchange, {
    floor: account.floor,
    plight: account.plight,
    now: time.now(),
    instrumentOf: (symbol) => instrumentOf(account, symbol),
  });
}

/** As it is listed now. */
function instrumentOf(account: OandaAccount, symbol: string): ReturnType<OrderRoutesScene['instrumentOf']> {
  for (const { instrument } of account.floor.state.books.values()) if (instrument.symbol === symbol) return instrument;
  return undefined;
}
