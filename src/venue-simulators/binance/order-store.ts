import type { AlgoOrder } from './algo-store.ts';
import type { Market } from './markets.ts';

export type WireSide = 'BUY' | 'SELL';
export type OrderTimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTX' | 'GTD';
export type OrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED';

/** Who sent an order: the client's own key, another hand at the same account, or the venue itself. */
export type OrderOrigin = 'client' | 'other' | 'liquidation';

/** An ordinary order, open or ended. */
export interface Order {
  readonly orderId: bigint;
  readonly clientOrderId: string;
  readonly market: Market;
  readonly side: WireSide;
  readonly type: 'LIMIT' | 'MARKET' | 'LIQUIDATION';
  readonly timeInForce: OrderTimeInForce;
  readonly isReduceOnly: boolean;
  readonly isClosePosition: boolean;
  /** 0 where the order has no end of its own. */
  readonly goodTillAt: number;
  readonly origin: OrderOrigin;
  readonly createdAt: number;
  /** The conditional order whose trigger made this one. */
  readonly algo: AlgoOrder | null;
  /** Under which id the order stands at the floor. */
  readonly floorId: string;
  quantity: number;
  /** In ticks; 0 at the market. */
  price: number;
  status: OrderStatus;
  filledQuantity: number;
  /** What was filled in ticks times steps, so that no average is ever rounded. */
  filledQuote: number;
  updatedAt: number;
  /** Until then questions about orders do not find it. */
  hiddenUntilAt: number;
  /** It waits in the book: what fills from now on fills as maker. */
  isResting: boolean;
  modifications: number;
  /** Whether the account's stream has heard of it. */
  isTold: boolean;
  /** Why the floor did not take it. */
  refusalCode: string | null;
}

/** Everything about an order that its sender decides. */
export type OrderTerms = Pick<
  Order,
  'clientOrderId' | 'market' | 'side' | 'type' | 'timeInForce' | 'quantity' | 'price' | 'isReduceOnly' | 'origin'
> &
  Partial<Pick<Order, 'isClosePosition' | 'goodTillAt' | 'algo' | 'floorId'>>;

/** How many orders are remembered; the oldest ended ones are forgotten first. */
export const ORDERS_MAX = 100_000;

/** Every order the account ever had, as far back as is remembered. */
export interface OrderStore {
  readonly byId: Map<bigint, Order>;
  /** In the order of acceptance. */
  readonly open: Map<bigint, Order>;
  readonly byFloorId: Map<string, Order>;
  /** The latest order with a client id: ids of ended orders may be used again. */
  readonly byClientId: Map<string, Order>;
}

const dayMs = 86_400_000;
const forgetAfterMs = 90 * dayMs;
const forgetUnfilledAfterMs = 3 * dayMs;

export function createOrderStore(): OrderStore {
  return { byId: new Map(), open: new Map(), byFloorId: new Map(), byClientId: new Map() };
}

export function keepOrder(store: OrderStore, order: Order): void {
  store.byId.set(order.orderId, order);
  store.open.set(order.orderId, order);
  store.byFloorId.set(order.floorId, order);
  store.byClientId.set(clientKey(order.market, order.clientOrderId), order);
  if (store.byId.size > ORDERS_MAX) forgetOldest(store);
}

/** As if the order had never been there: its sender was told that it was not taken. */
export function dropOrder(store: OrderStore, order: Order): void {
  store.byId.delete(order.orderId);
  store.open.delete(order.orderId);
  store.byFloorId.delete(order.floorId);
  const key = clientKey(order.market, order.clientOrderId);
  if (store.byClientId.get(key) === order) store.byClientId.delete(key);
}

export function isOpen(order: Order): boolean {
  return order.status === 'NEW' || order.status === 'PARTIALLY_FILLED';
}

export function openOrdersOf(store: OrderStore, market: Market | undefined): Order[] {
  return [...store.open.values()].filter((order) => market === undefined || order.market === market);
}

/** Whether an open order carries a client id; one of an order that ended is free again. */
export function isClientIdTaken(store: OrderStore, market: Market, clientOrderId: string): boolean {
  const order = store.byClientId.get(clientKey(market, clientOrderId));
  return order !== undefined && isOpen(order);
}

/** An order by the venue's id, else the latest by the client's. */
export function findOrder(
  store: OrderStore,
  market: Market,
  names: { orderId: string | undefined; clientOrderId: string | undefined },
): Order | undefined {
  const { orderId, clientOrderId } = names;
  if (orderId !== undefined && /^\d{1,19}$/.test(orderId)) {
    const order = store.byId.get(BigInt(orderId));
    return order?.market === market ? order : undefined;
  }
  return clientOrderId === undefined ? undefined : store.byClientId.get(clientKey(market, clientOrderId));
}

/** Whether a question finds an order: not too old, and not kept back by a slow index. */
export function isFindable(order: Order, now: number): boolean {
  if (now < order.hiddenUntilAt || now - order.createdAt > forgetAfterMs) return false;
  const isEndedUnfilled = (order.status === 'CANCELED' || order.status === 'EXPIRED') && order.filledQuantity === 0;
  return !isEndedUnfilled || now - order.createdAt <= forgetUnfilledAfterMs;
}

function clientKey({ symbol }: Market, clientOrderId: string): string {
  return `${symbol} ${clientOrderId}`;
}

function forgetOldest(store: OrderStore): void {
  for (const order of store.byId.values()) {
    if (isOpen(order)) continue;
    dropOrder(store, order);
    return;
  }
}
