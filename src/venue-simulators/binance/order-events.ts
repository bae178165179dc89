import { formatScaled } from '#domain/scale.ts';
import { priceText, quantityText } from './markets.ts';
import { averagePriceText } from './order-payloads.ts';
import type { Order } from './order-store.ts';
import { takeOne } from './script-switches.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** A fill as events tell it; money is in steps of eight decimals or the account's own. */
export interface ToldFill {
  readonly tradeId: number;
  readonly quantity: number;
  readonly price: number;
  readonly feeText: string;
  readonly feeAsset: string;
  /** In steps of the account's money. */
  readonly realizedPnl: number;
  readonly isMaker: boolean;
}

export interface Execution {
  readonly type: 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'AMENDMENT' | 'CALCULATED';
  readonly fill?: ToldFill;
  /** The venue's number for why an order ended early. */
  readonly expiryReason?: string;
  /** What an order's status is called where it is not the order's own. */
  readonly status?: string;
}

/** Tells the account's stream how an order stands. */
export function tellOrder(world: World, order: Order, execution: Execution): void {
  const now = serverNow(world);
  world.user.send({ e: 'ORDER_TRADE_UPDATE', T: now, E: now, o: orderBody(world, order, execution, now) });
}

/** A fill in few words: it goes before the full event, under the same trade id. */
export function tellInShort(world: World, order: Order, fill: ToldFill): void {
  const now = serverNow(world);
  const { market } = order;
  world.user.send({
    e: 'TRADE_LITE',
    E: now,
    T: now,
    s: market.symbol,
    q: quantityText(market, order.quantity),
    p: priceText(market, order.price),
    m: fill.isMaker,
    c: order.clientOrderId,
    S: order.side,
    L: priceText(market, fill.price),
    l: quantityText(market, fill.quantity),
    t: fill.tradeId,
    i: order.orderId,
    st: 1,
  });
}

function orderBody(world: World, order: Order, execution: Execution, now: number): { [key: string]: WireJson } {
  const { market } = order;
  const { fill } = execution;
  return {
    s: market.symbol,
    c: order.clientOrderId,
    S: order.side,
    o: order.type,
    f: order.timeInForce,
    q: quantityText(market, order.quantity),
    p: priceText(market, order.price),
    ap: averagePriceText(order),
    sp: '0',
    x: execution.type,
    X: statusOf(world, order, execution),
    i: order.orderId,
    l: quantityText(market, fill?.quantity ?? 0),
    z: quantityText(market, order.filledQuantity),
    L: priceText(market, fill?.price ?? 0),
    ...feeOf(world, execution),
    T: now,
    t: fill?.tradeId ?? 0,
    b: '0',
    a: '0',
    m: fill?.isMaker ?? false,
    R: order.isReduceOnly,
    wt: 'CONTRACT_PRICE',
    ot: order.type,
    ps: 'BOTH',
    cp: order.isClosePosition,
    rp: formatScaled(fill?.realizedPnl ?? 0, world.ledger.moneyDecimals),
    pP: false,
    si: 0,
    ss: 0,
    V: 'EXPIRE_MAKER',
    pm: 'NONE',
    gtd: order.goodTillAt,
    er: execution.expiryReason ?? '0',
    st: 1,
  };
}

/** What the venue takes by itself comes without fee fields. */
function feeOf(world: World, { type, fill }: Execution): { n?: string; N?: string } {
  if (type === 'CALCULATED') return {};
  return { n: fill?.feeText ?? '0', N: fill?.feeAsset ?? world.ledger.asset };
}

function statusOf({ script }: World, order: Order, execution: Execution): string {
  return takeOne(script.unknownStatuses) ? script.unknownStatuses.status : (execution.status ?? order.status);
}
