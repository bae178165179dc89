import type { Market } from './markets.ts';

export type AlgoType = 'STOP' | 'STOP_MARKET' | 'TAKE_PROFIT' | 'TAKE_PROFIT_MARKET' | 'TRAILING_STOP_MARKET';
export type AlgoStatus = 'NEW' | 'TRIGGERING' | 'TRIGGERED' | 'FINISHED' | 'CANCELED' | 'REJECTED' | 'EXPIRED';

/** The types that live in this layer and that the ordinary endpoint refuses. */
export const algoTypes: readonly string[] = [
  'STOP',
  'STOP_MARKET',
  'TAKE_PROFIT',
  'TAKE_PROFIT_MARKET',
  'TRAILING_STOP_MARKET',
] satisfies AlgoType[];

/** A conditional order: it has an id space of its own and becomes an ordinary order when its price is touched. */
export interface AlgoOrder {
  readonly algoId: bigint;
  readonly clientAlgoId: string;
  readonly market: Market;
  readonly side: 'BUY' | 'SELL';
  readonly type: AlgoType;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'GTX' | 'GTD' | 'GTE_GTC';
  readonly workingType: 'CONTRACT_PRICE' | 'MARK_PRICE';
  readonly isReduceOnly: boolean;
  /** It closes whatever is held when it triggers, and has no quantity. */
  readonly isClosePosition: boolean;
  readonly isPriceProtected: boolean;
  readonly goodTillAt: number;
  readonly createdAt: number;
  readonly quantity: number;
  /** The limit of the order it becomes, 0 at the market. */
  readonly price: number;
  /** 0 for one that trails. */
  readonly triggerPrice: number;
  /** From which price on it trails, 0 for at once; and by what fraction. */
  readonly activatePrice: number;
  readonly callbackFraction: number;
  status: AlgoStatus;
  updatedAt: number;
  triggeredAt: number;
  /** The ordinary order it became; it is linked only after the fact. */
  childOrderId: bigint | null;
  /** The best price seen since it began to trail, 0 before. */
  bestPrice: number;
  hiddenUntilAt: number;
  rejectReason: string;
}

/** How many conditional orders are remembered; the oldest ended ones are forgotten first. */
export const ALGO_ORDERS_MAX = 20_000;

export interface AlgoStore {
  readonly byId: Map<bigint, AlgoOrder>;
  /** Those that wait for their trigger, in the order of acceptance. */
  readonly open: Map<bigint, AlgoOrder>;
}

export function createAlgoStore(): AlgoStore {
  return { byId: new Map(), open: new Map() };
}

export function keepAlgo(store: AlgoStore, algo: AlgoOrder): void {
  store.byId.set(algo.algoId, algo);
  store.open.set(algo.algoId, algo);
  if (store.byId.size <= ALGO_ORDERS_MAX) return;
  for (const oldest of store.byId.values()) {
    if (store.open.has(oldest.algoId)) continue;
    store.byId.delete(oldest.algoId);
    return;
  }
}

export function openAlgosOf(store: AlgoStore, market: Market | undefined): AlgoOrder[] {
  return [...store.open.values()].filter((algo) => market === undefined || algo.market === market);
}

export function isAlgoIdTaken(store: AlgoStore, clientAlgoId: string): boolean {
  return [...store.open.values()].some((algo) => algo.clientAlgoId === clientAlgoId);
}

/** A conditional order by the venue's id, else the latest by the client's. */
export function findAlgo(
  store: AlgoStore,
  names: { algoId: string | undefined; clientAlgoId: string | undefined },
): AlgoOrder | undefined {
  const { algoId, clientAlgoId } = names;
  if (algoId !== undefined && /^\d{1,19}$/.test(algoId)) return store.byId.get(BigInt(algoId));
  if (clientAlgoId === undefined) return undefined;
  return [...store.byId.values()].findLast((algo) => algo.clientAlgoId === clientAlgoId);
}
