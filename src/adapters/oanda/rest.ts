import type { CallPriority } from '#adapters/wire/call-priority.ts';
import type { VenueAnswer, VenueClient } from '#adapters/wire/venue-client.ts';
import type { HttpRequest } from '#engine/ports.ts';
import { formatVenueTime } from './oanda-time.ts';

export interface OandaRestOptions {
  readonly client: Pick<VenueClient, 'call'>;
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
  readonly accountId: string;
  readonly token: string;
  /** Hears of every answer before whoever asked. */
  readonly onAnswer: (answer: VenueAnswer) => void;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** How a request that changes something leaves. */
export interface Departure {
  readonly priority: CallPriority;
  /** Milliseconds UTC after which it must not leave any more. */
  readonly deadlineAt?: number;
}

/** Every endpoint that is used, each with whatever answer came. `order` names an order by the venue's id or by `@` and ours. */
export interface OandaRest {
  accounts(): Promise<VenueAnswer>;
  account(): Promise<VenueAnswer>;
  instruments(): Promise<VenueAnswer>;
  pricing(symbols: readonly string[]): Promise<VenueAnswer>;
  candles(symbol: string, fromAt: number, untilAt: number, priority: CallPriority): Promise<VenueAnswer>;
  pendingOrders(): Promise<VenueAnswer>;
  order(order: string): Promise<VenueAnswer>;
  trade(tradeId: string): Promise<VenueAnswer>;
  position(symbol: string): Promise<VenueAnswer>;
  transactionsSince(id: string): Promise<VenueAnswer>;
  transactionPages(fromAt: number): Promise<VenueAnswer>;
  createOrder(body: JsonObject, departure: Departure): Promise<VenueAnswer>;
  cancelOrder(order: string): Promise<VenueAnswer>;
  replaceOrder(order: string, body: JsonObject, departure: Departure): Promise<VenueAnswer>;
  replaceTradeOrders(tradeId: string, body: JsonObject, departure: Departure): Promise<VenueAnswer>;
  closePosition(symbol: string, body: JsonObject): Promise<VenueAnswer>;
}

const historyPageSize = 1000;
/** Questions on the way of an answer that others wait for are not waited for long. */
const lookUpTimeoutMs = 3_000;

export function oandaRest(options: OandaRestOptions): OandaRest {
  const account = `/accounts/${encodeURIComponent(options.accountId)}`;
  const ask = (path: string, asking: Pick<Asking, 'priority' | 'timeoutMs'> = {}): Promise<VenueAnswer> =>
    exchange(options, { method: 'GET', isIdempotent: true, ...asking, path });
  const change = (asking: Asking): Promise<VenueAnswer> => exchange(options, asking);
  return {
    accounts: () => ask('/accounts'),
    account: () => ask(account),
    instruments: () => ask(`${account}/instruments`),
    pricing: (symbols) => ask(`${account}/pricing?instruments=${list(symbols)}`, { priority: 'background' }),
    candles: (symbol, fromAt, untilAt, priority) =>
      ask(`/instruments/${encodeURIComponent(symbol)}/candles?${candleQuery(fromAt, untilAt)}`, { priority }),
    pendingOrders: () => ask(`${account}/pendingOrders`, { priority: 'reduction' }),
    order: (order) => ask(`${account}/orders/${orderPath(order)}`, { priority: 'reduction' }),
    trade: (tradeId) => ask(`${account}/trades/${encodeURIComponent(tradeId)}`, { timeoutMs: lookUpTimeoutMs }),
    position: (symbol) => ask(`${account}/positions/${encodeURIComponent(symbol)}`, { priority: 'reduction' }),
    transactionsSince: (id) => ask(`${account}/transactions/sinceid?id=${encodeURIComponent(id)}`),
    transactionPages: (fromAt) =>
      ask(`${account}/transactions?from=${encodeURIComponent(formatVenueTime(fromAt))}&pageSize=${historyPageSize}`),
    createOrder: (body, departure) =>
      change({ method: 'POST', path: `${account}/orders`, body, ...departure, isIdempotent: false }),
    // An order is not cancelled more by being cancelled twice, so this may be tried again.
    cancelOrder: (order) =>
      change({
        method: 'PUT',
        path: `${account}/orders/${orderPath(order)}/cancel`,
        priority: 'reduction',
        isIdempotent: true,
      }),
    replaceOrder: (order, body, departure) =>
      change({ method: 'PUT', path: `${account}/orders/${orderPath(order)}`, body, ...departure, isIdempotent: false }),
    replaceTradeOrders: (tradeId, body, departure) => {
      const path = `${account}/trades/${encodeURIComponent(tradeId)}/orders`;
      return change({ method: 'PUT', path, body, ...departure, isIdempotent: false });
    },
    closePosition: (symbol, body) => {
      const path = `${account}/positions/${encodeURIComponent(symbol)}/close`;
      return change({ method: 'PUT', path, body, priority: 'reduction', isIdempotent: false });
    },
  };
}

/** The headers of every request; the times in answers are asked for in the one form. */
export function requestHeaders(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}`, 'accept-datetime-format': 'RFC3339' };
}

/** Symbols as one value of a query. */
export function list(symbols: readonly string[]): string {
  return symbols.map(encodeURIComponent).join('%2C');
}

interface Asking {
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly body?: JsonObject;
  readonly priority?: CallPriority;
  readonly deadlineAt?: number;
  readonly timeoutMs?: number;
  readonly isIdempotent: boolean;
}

async function exchange(options: OandaRestOptions, asking: Asking): Promise<VenueAnswer> {
  const { priority = 'normal', deadlineAt, timeoutMs, isIdempotent } = asking;
  const answer = await options.client.call({
    prepare: () => prepared(options, asking),
    costs: { requests: 1 },
    priority,
    isIdempotent,
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  options.onAnswer(answer);
  return answer;
}

function prepared(options: OandaRestOptions, { method, path, body }: Asking): HttpRequest {
  const headers = requestHeaders(options.token);
  const request = { method, url: `${options.origin}/v3${path}` };
  if (body === undefined) return { ...request, headers };
  return { ...request, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The sign before our ids stays as it is: not every server reads it in another spelling. */
function orderPath(order: string): string {
  return order.startsWith('@') ? `@${encodeURIComponent(order.slice(1))}` : encodeURIComponent(order);
}

function candleQuery(fromAt: number, untilAt: number): string {
  const from = encodeURIComponent(formatVenueTime(fromAt));
  const to = encodeURIComponent(formatVenueTime(untilAt));
  return `granularity=M1&price=BAM&from=${from}&to=${to}`;
}
