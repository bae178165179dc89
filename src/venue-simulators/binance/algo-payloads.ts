import type { AlgoOrder } from './algo-store.ts';
import { priceText, quantityText } from './markets.ts';
import { averagePriceText } from './order-payloads.ts';
import type { Order } from './order-store.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** What a new conditional order is answered with. */
export function algoAcknowledgement(algo: AlgoOrder): { readonly [key: string]: WireJson } {
  const { market } = algo;
  return {
    algoId: algo.algoId,
    clientAlgoId: algo.clientAlgoId,
    algoType: 'CONDITIONAL',
    orderType: algo.type,
    symbol: market.symbol,
    side: algo.side,
    positionSide: 'BOTH',
    timeInForce: algo.timeInForce,
    quantity: quantityText(market, algo.quantity),
    algoStatus: algo.status,
    triggerPrice: priceText(market, algo.triggerPrice),
    price: priceText(market, algo.price),
    icebergQuantity: null,
    selfTradePreventionMode: 'EXPIRE_MAKER',
    workingType: algo.workingType,
    priceMatch: 'NONE',
    closePosition: algo.isClosePosition,
    priceProtect: algo.isPriceProtected,
    reduceOnly: algo.isReduceOnly,
    activatePrice: algo.activatePrice === 0 ? '' : priceText(market, algo.activatePrice),
    callbackRate: algo.callbackFraction === 0 ? '' : String(Number((algo.callbackFraction * 100).toFixed(4))),
    createTime: algo.createdAt,
    updateTime: algo.updatedAt,
    triggerTime: algo.triggeredAt,
    goodTillDate: algo.goodTillAt,
  };
}

/** What a question about one is answered with: it also names the order it became. */
export function algoReport(world: World, algo: AlgoOrder): { readonly [key: string]: WireJson } {
  const child = childOf(world, algo);
  return {
    ...algoAcknowledgement(algo),
    actualOrderId: child === undefined ? '' : String(child.orderId),
    actualPrice: child === undefined ? '0.00000' : averagePriceText(child),
    actualQty: child === undefined ? '0' : quantityText(algo.market, child.filledQuantity),
    actualType: child === undefined ? '' : child.type,
    tpTriggerPrice: '0.00000',
    tpPrice: '0.00000',
    slTriggerPrice: '0.00000',
    slPrice: '0.00000',
    tpOrderType: '',
  };
}

/** Tells the account's stream how a conditional order stands. The order it became is named only once it is linked. */
export function tellAlgo(world: World, algo: AlgoOrder): void {
  const now = serverNow(world);
  const { market } = algo;
  const child = childOf(world, algo);
  world.user.send({
    e: 'ALGO_UPDATE',
    T: now,
    E: now,
    o: {
      caid: algo.clientAlgoId,
      aid: algo.algoId,
      at: 'CONDITIONAL',
      o: algo.type,
      s: market.symbol,
      S: algo.side,
      ps: 'BOTH',
      f: algo.timeInForce,
      q: quantityText(market, algo.quantity),
      X: algo.status,
      ai: child === undefined ? '' : String(child.orderId),
      ap: child === undefined ? '0.00000' : averagePriceText(child),
      aq: quantityText(market, child?.filledQuantity ?? 0),
      act: child?.type ?? '0',
      tp: priceText(market, algo.triggerPrice),
      p: priceText(market, algo.price),
      V: 'EXPIRE_MAKER',
      wt: algo.workingType,
      pm: 'NONE',
      cp: algo.isClosePosition,
      pP: algo.isPriceProtected,
      R: algo.isReduceOnly,
      tt: algo.triggeredAt,
      gtd: algo.goodTillAt,
      rm: algo.rejectReason,
    },
  });
}

function childOf({ orders }: World, { childOrderId }: AlgoOrder): Order | undefined {
  return childOrderId === null ? undefined : orders.byId.get(childOrderId);
}
