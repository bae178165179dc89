import type { CallParameters } from './call-parameters.ts';
import { orderLimits } from './exchange-info.ts';
import { forceOrderReport } from './force-orders.ts';
import { cancelOpenOrders, cancelOrder, modifyOrder, namedOrder } from './order-changing.ts';
import { orderReport } from './order-payloads.ts';
import { placeOrder } from './order-placing.ts';
import { readMarket } from './order-reading.ts';
import { isFindable, isOpen, type Order } from './order-store.ts';
import { isRefusal, malformedParameter, missingParameter, refusals } from './refusals.ts';
import { bySymbol, type CallResult, numberOf, type Route, type Routes, rowsIn, rowWindow } from './routes.ts';
import type { WireJson } from './wire-json.ts';
import { forgetTimer, serverNow, setTimer, type World } from './world.ts';

/** Ordinary orders: placing, changing, cancelling and asking. */
export const tradeRoutes: Routes = {
  'POST /fapi/v1/order': { ...signed(0, placeOrder), orders: 1 },
  'POST /fapi/v1/order/test': signed(0, () => ({})),
  'PUT /fapi/v1/order': { ...signed(0, modifyOrder), orders: 1 },
  'DELETE /fapi/v1/order': signed(1, cancelOrder),
  'GET /fapi/v1/order': signed(1, queryOrder),
  'GET /fapi/v1/openOrder': signed(1, queryOpenOrder),
  'GET /fapi/v1/openOrders': signed(bySymbol(1, 40), listOpenOrders),
  'GET /fapi/v1/allOrders': signed(5, listAllOrders),
  'DELETE /fapi/v1/allOpenOrders': signed(1, cancelAll),
  'POST /fapi/v1/batchOrders': { ...signed(5, (world, call) => batch(world, call, placeOrder)), orders: 5 },
  'PUT /fapi/v1/batchOrders': { ...signed(5, (world, call) => batch(world, call, modifyOrder)), orders: 5 },
  'DELETE /fapi/v1/batchOrders': signed(1, cancelBatch),
  'POST /fapi/v1/countdownCancelAll': signed(10, startCountdown),
  'GET /fapi/v1/forceOrders': signed(bySymbol(20, 50), listForceOrders),
  'GET /fapi/v1/rateLimit/order': signed(1, () => orderLimits()),
};

/** How many orders one call may carry. */
export const BATCH_MAX = 5;
const cancelBatchMax = 10;

function signed(weight: Route['weight'], act: Route['act']): Route {
  return { security: 'signed', weight, act };
}

function queryOrder(world: World, call: CallParameters): CallResult {
  const order = namedOrder(world, call);
  if (order !== undefined && isRefusal(order)) return order;
  return order === undefined || !isFindable(order, serverNow(world)) ? refusals.noOrder : reportOf(world, order);
}

function queryOpenOrder(world: World, call: CallParameters): CallResult {
  const order = namedOrder(world, call);
  if (order !== undefined && isRefusal(order)) return order;
  const isFound = order !== undefined && isOpen(order) && isFindable(order, serverNow(world));
  return isFound ? reportOf(world, order) : refusals.noOrder;
}

function listOpenOrders(world: World, call: CallParameters): CallResult {
  const market = call.has('symbol') ? readMarket(world, call) : undefined;
  if (market !== undefined && isRefusal(market)) return market;
  return [...world.orders.open.values()]
    .filter((order) => (market === undefined || order.market === market) && isFindable(order, serverNow(world)))
    .map((order) => reportOf(world, order));
}

const weekMs = 7 * 86_400_000;

function listAllOrders(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const window = rowWindow(call, { usual: 500, most: 1_000 });
  if (Number.isFinite(window.startAt) && window.endAt - window.startAt > weekMs && window.endAt !== Infinity) {
    return refusals.badRange;
  }
  const fromId = call.get('orderId');
  const found = [...world.orders.byId.values()].filter(
    (order) =>
      order.market === market &&
      isFindable(order, serverNow(world)) &&
      (fromId === undefined || !/^\d{1,19}$/.test(fromId) || order.orderId >= BigInt(fromId)),
  );
  return rowsIn(found, window, ({ createdAt }) => createdAt).map((order) => reportOf(world, order));
}

/** Orders read by question carry a script's strange status too. */
function reportOf({ script }: World, order: Order): WireJson {
  const report = orderReport(order);
  return script.unknownStatuses.count > 0 ? { ...report, status: script.unknownStatuses.status } : report;
}

function cancelAll(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  cancelOpenOrders(world, market.symbol);
  return { code: 200, msg: 'The operation of cancel all open order is done.' };
}

/** Each order of a batch stands for itself: some may be taken while others are refused. */
function batch(
  world: World,
  call: CallParameters,
  act: (world: World, call: CallParameters) => CallResult,
): CallResult {
  const text = call.get('batchOrders');
  if (text === undefined || text === '') return missingParameter('batchOrders');
  const orders = readBatch(text);
  if (orders === undefined || orders.length === 0 || orders.length > BATCH_MAX)
    return malformedParameter('batchOrders');
  return orders.map((order) => withoutStatus(act(world, order)));
}

function withoutStatus(result: CallResult): WireJson {
  const isRefused = typeof result === 'object' && result !== null && isRefusal(result);
  return isRefused ? { code: result.code, msg: result.msg } : result;
}

function readBatch(text: string): CallParameters[] | undefined {
  const value = parsed(text);
  if (!Array.isArray(value)) return undefined;
  const isEach = value.every((entry) => typeof entry === 'object' && entry !== null);
  if (!isEach) return undefined;
  return value.map((entry: object) => new Map(Object.entries(entry).map(([name, member]) => [name, String(member)])));
}

/** Lists of ids are read as digits: they are larger than a number holds. */
function cancelBatch(world: World, call: CallParameters): CallResult {
  const symbol = call.get('symbol') ?? '';
  const ids = [...(call.get('orderIdList') ?? '').matchAll(/\d{1,19}/g)].map(([id]) => ['orderId', id] as const);
  const names = parsed(call.get('origClientOrderIdList') ?? '[]');
  const texts = Array.isArray(names) ? names.map((name) => ['origClientOrderId', String(name)] as const) : [];
  const targets = ids.length > 0 ? ids : texts;
  if (targets.length === 0) return missingParameter('orderIdList');
  if (targets.length > cancelBatchMax) return malformedParameter('orderIdList');
  return targets.map((target) => withoutStatus(cancelOrder(world, new Map([['symbol', symbol], target]))));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Unless it is told again in time, the venue cancels the market's ordinary orders by itself; 0 ends that. */
function startCountdown(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const countdownMs = numberOf(call, 'countdownTime');
  if (countdownMs === undefined) return missingParameter('countdownTime');
  const name = `countdown ${market.symbol}`;
  if (countdownMs === 0) forgetTimer(world, name);
  else setTimer(world, name, countdownMs, () => cancelOpenOrders(world, market.symbol));
  return { symbol: market.symbol, countdownTime: String(countdownMs) };
}

function listForceOrders(world: World, call: CallParameters): CallResult {
  const symbol = call.get('symbol');
  const closing = [...world.orders.byId.values()].filter(
    ({ origin, market }) => origin === 'liquidation' && (symbol === undefined || market.symbol === symbol),
  );
  const window = rowWindow(call, { usual: 50, most: 100 });
  return rowsIn(closing, window, ({ createdAt }) => createdAt).map(forceOrderReport);
}
