import { NetworkError } from '#domain/network-error.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { Command, HttpAnswer, HttpRequest, NetworkPort, SocketConnection, SocketListener } from '#engine/ports.ts';
import type { HandClock } from './hand-clock.ts';

/** What a question gets: a body, a whole answer, or no answer at all. */
export type Scripted =
  | { readonly body: unknown; readonly status?: number; readonly headers?: Record<string, string> }
  | { readonly text: string; readonly status: number }
  | 'reset'
  | 'silence';

export interface AskedRequest {
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
}

type Script = (query: URLSearchParams) => Scripted;

interface OpenSocket {
  readonly url: string;
  readonly listener: SocketListener;
  isOpen: boolean;
}

/** A venue that answers what a test tells it to and sends what the test sends; without orders, positions or a memory of its own. */
export class ScriptedBinance implements NetworkPort {
  readonly asked: AskedRequest[] = [];
  readonly sockets: OpenSocket[] = [];
  /** False refuses every socket. */
  opensSockets = true;
  readonly #clock: HandClock;
  readonly #scripts = new Map<string, Script>();

  constructor(clock: HandClock) {
    this.#clock = clock;
    this.on('GET /fapi/v1/time', () => ({ body: { serverTime: clock.now() } }));
    this.on('GET /fapi/v1/exchangeInfo', () => ({ body: { symbols: [bitcoinSymbol] } }));
    this.on('GET /fapi/v3/balance', () => ({ body: [balanceRow('1000.00000000', 1)] }));
    this.on('POST /fapi/v1/listenKey', () => ({ body: { listenKey: 'key-1' } }));
    this.on('PUT /fapi/v1/listenKey', () => ({ body: {} }));
    this.on('GET /sapi/v1/account/apiRestrictions', () => ({
      body: { enableWithdrawals: false, enableFutures: true, ipRestrict: true },
    }));
    this.on('GET /fapi/v1/accountConfig', () => ({
      body: { canTrade: true, dualSidePosition: false, multiAssetsMargin: false },
    }));
    this.on('GET /fapi/v1/symbolConfig', () => ({
      body: [{ symbol: 'BTCUSDT', marginType: 'ISOLATED', leverage: 5 }],
    }));
    for (const path of [
      'v3/positionRisk',
      'v1/openOrders',
      'v1/openAlgoOrders',
      'v1/income',
      'v1/userTrades',
      'v1/allOrders',
      'v1/klines',
    ]) {
      this.on(`GET /fapi/${path}`, () => ({ body: [] }));
    }
  }

  /** Answers a question from here on, given as method and path. */
  on(key: string, script: Script): void {
    this.#scripts.set(key, script);
  }

  /** Answers it with one of these after another, and then again with the last. */
  inTurn(key: string, answers: readonly Scripted[]): void {
    let count = 0;
    this.on(key, () => answers[Math.min(count++, answers.length - 1)] ?? 'reset');
  }

  refuse(key: string, code: number, msg = 'refused', status = 400): void {
    this.on(key, () => ({ status, body: { code, msg } }));
  }

  /** What was asked of one path, given as method and path. */
  askedOf(key: string): AskedRequest[] {
    return this.asked.filter((request) => request.key === key);
  }

  request({ method, url, headers }: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
    const { pathname, searchParams } = new URL(url);
    const key = `${method} ${pathname}`;
    this.asked.push({ key, query: searchParams, headers, url });
    const scripted = this.#scripts.get(key)?.(searchParams) ?? {
      status: 404,
      body: { code: -5000, msg: `no '${key}'` },
    };
    if (scripted === 'reset') return Promise.reject(new NetworkError('the connection was reset', true));
    if (scripted === 'silence') return this.#silence(timeoutMs);
    const body = 'text' in scripted ? scripted.text : JSON.stringify(scripted.body);
    const given = 'headers' in scripted ? scripted.headers : undefined;
    return Promise.resolve({ status: scripted.status ?? 200, headers: given ?? {}, body });
  }

  stream(): never {
    throw new Error('this venue streams over sockets only');
  }

  socket(url: string, listener: SocketListener): SocketConnection {
    const socket: OpenSocket = { url, listener, isOpen: false };
    this.sockets.push(socket);
    this.#clock.after(1, () => {
      if (!this.opensSockets) {
        listener.onClose('refused');
        return;
      }
      socket.isOpen = true;
      listener.onOpen();
    });
    return {
      send: () => undefined,
      close: () => {
        const wasOpen = socket.isOpen;
        socket.isOpen = false;
        if (wasOpen) listener.onClose('closed');
      },
    };
  }

  /** Sends a payload over every open socket whose address has this part. */
  carry(part: string, payload: unknown): void {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    for (const socket of this.sockets) if (socket.isOpen && socket.url.includes(part)) socket.listener.onText(text);
  }

  /** Ends every open socket whose address has this part. */
  drop(part: string): void {
    for (const socket of this.sockets) {
      if (!socket.isOpen || !socket.url.includes(part)) continue;
      socket.isOpen = false;
      socket.listener.onClose('dropped');
    }
  }

  openUrls(part: string): string[] {
    return this.sockets.filter(({ isOpen, url }) => isOpen && url.includes(part)).map(({ url }) => url);
  }

  #silence(timeoutMs: number): Promise<HttpAnswer> {
    return new Promise((_, fail) => {
      this.#clock.after(timeoutMs, () => fail(new NetworkError('no answer in time', true)));
    });
  }
}

/** Bitcoin's perpetual as the documents show it. */
export const bitcoinSymbol = {
  symbol: 'BTCUSDT',
  contractType: 'PERPETUAL',
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  marginAsset: 'USDT',
  pricePrecision: 2,
  quantityPrecision: 3,
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.10', maxPrice: '1000000', tickSize: '0.10' },
    { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
    { filterType: 'MARKET_LOT_SIZE', minQty: '0.001', maxQty: '120', stepSize: '0.001' },
    { filterType: 'MAX_NUM_ALGO_ORDERS', limit: 10 },
    { filterType: 'MIN_NOTIONAL', notional: '100' },
    { filterType: 'PERCENT_PRICE', multiplierUp: '1.1500', multiplierDown: '0.8500', multiplierDecimal: '4' },
  ],
};

export function balanceRow(balance: string, updateTime: number) {
  return {
    accountAlias: 'SgsR',
    asset: 'USDT',
    balance,
    crossWalletBalance: balance,
    availableBalance: balance,
    updateTime,
  };
}

export function positionRow(positionAmt: string, entryPrice = '50000.0') {
  return { symbol: 'BTCUSDT', positionSide: 'BOTH', positionAmt, entryPrice, markPrice: '50000.0', updateTime: 1 };
}

/** An ordinary order as the venue acknowledges and lists it. */
export function orderRow(change: Record<string, unknown> = {}) {
  return {
    clientOrderId: 'tw-run-1',
    executedQty: '0.000',
    cumQty: '0.000',
    orderId: 22542179,
    origQty: '0.010',
    price: '0',
    reduceOnly: false,
    side: 'BUY',
    positionSide: 'BOTH',
    status: 'NEW',
    stopPrice: '0',
    closePosition: false,
    symbol: 'BTCUSDT',
    timeInForce: 'GTC',
    type: 'MARKET',
    origType: 'MARKET',
    updateTime: 1_700_000_000_000,
    ...change,
  };
}

/** A conditional order as the venue acknowledges and lists it. */
export function algoRow(change: Record<string, unknown> = {}) {
  return {
    algoId: 2146760,
    clientAlgoId: 'tw-run-1-s',
    algoType: 'CONDITIONAL',
    orderType: 'STOP_MARKET',
    symbol: 'BTCUSDT',
    side: 'SELL',
    positionSide: 'BOTH',
    quantity: '0.010',
    algoStatus: 'NEW',
    triggerPrice: '49000.0',
    price: '0',
    reduceOnly: true,
    closePosition: false,
    actualOrderId: '',
    createTime: 1_700_000_000_000,
    updateTime: 1_700_000_000_000,
    ...change,
  };
}

export function tradeRow(change: Record<string, unknown> = {}) {
  return {
    symbol: 'BTCUSDT',
    id: 698759,
    orderId: 22542179,
    side: 'BUY',
    price: '50000.0',
    qty: '0.010',
    realizedPnl: '0',
    commission: '0.20000000',
    commissionAsset: 'USDT',
    time: 1_700_000_000_000,
    positionSide: 'BOTH',
    buyer: true,
    maker: false,
    ...change,
  };
}

/** A message about an ordinary order; `o` is what a test changes about it. */
export function orderUpdate(o: Record<string, unknown> = {}, at = 1_700_000_000_000) {
  return {
    e: 'ORDER_TRADE_UPDATE',
    T: at,
    E: at,
    o: {
      s: 'BTCUSDT',
      c: 'tw-run-1',
      S: 'BUY',
      o: 'MARKET',
      f: 'GTC',
      q: '0.010',
      p: '0',
      ap: '0',
      sp: '0',
      x: 'NEW',
      X: 'NEW',
      i: 22542179,
      l: '0',
      z: '0',
      L: '0',
      n: '0',
      N: 'USDT',
      T: at,
      t: 0,
      m: false,
      R: false,
      wt: 'CONTRACT_PRICE',
      ot: 'MARKET',
      ps: 'BOTH',
      cp: false,
      rp: '0',
      er: '0',
      ...o,
    },
  };
}

export function tradeUpdate(o: Record<string, unknown> = {}, at?: number) {
  const filled = { x: 'TRADE', X: 'FILLED', l: '0.010', z: '0.010', L: '50000.0', n: '0.2', t: 698759 };
  return orderUpdate({ ...filled, ...o }, at);
}

export function accountUpdate(
  m: string,
  wallet: { wb: string; bc?: string },
  positions: readonly unknown[] = [],
  at = 1_700_000_000_000,
) {
  return { e: 'ACCOUNT_UPDATE', T: at, E: at, a: { m, B: [{ a: 'USDT', cw: wallet.wb, ...wallet }], P: positions } };
}

export function submit(order: OrderRequest, at: number): Command {
  return { type: 'order.submitted', at, order };
}
