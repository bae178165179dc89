import { positionOf } from './account-ledger.ts';
import type { ActionName } from './action-parameters.ts';
import { type Actions, actionMarket, actionSteps } from './action-scene.ts';
import { openAlgosOf } from './algo-store.ts';
import { endAlgo } from './algo-trigger.ts';
import { markPrices } from './mark-price.ts';
import type { Market } from './markets.ts';
import { cancelOpenOrders } from './order-changing.ts';
import { createOrder, enterOrder } from './order-entry.ts';
import { tellOrder } from './order-events.ts';
import { keepOrder, type Order, type WireSide } from './order-store.ts';
import { nextIdText } from './venue-ids.ts';
import { serverNow, type World } from './world.ts';

/** What other hands and the venue itself do to orders and positions. */
export const orderActions: Actions<
  Extract<
    ActionName,
    'externalOrder' | 'externalCancel' | 'closeElsewhere' | 'liquidate' | 'adl' | 'settle' | 'pendingLiquidation'
  >
> = {
  externalOrder: (world, { symbol, side, quantity, price, reduceOnly, clientOrderId }) => {
    const market = actionMarket(world, symbol);
    const { quantityDecimals, priceDecimals } = market.instrument;
    const limit = price === undefined ? 0 : actionSteps(price, priceDecimals);
    const steps = actionSteps(quantity, quantityDecimals);
    placeExternal(world, market, { side, quantity: steps, price: limit, isReduceOnly: reduceOnly, clientOrderId });
  },
  externalCancel: (world, { symbol, family }) => {
    const market = actionMarket(world, symbol);
    if (family !== 'conditional') cancelOpenOrders(world, market.symbol);
    if (family === 'ordinary') return;
    for (const algo of openAlgosOf(world.algos, market)) endAlgo(world, algo, 'CANCELED');
  },
  closeElsewhere: (world, { symbol }) => {
    const market = actionMarket(world, symbol);
    const held = positionOf(world.ledger, market.instrumentId).signedQuantity;
    if (held === 0) return;
    const terms = { side: closingSide(held), quantity: Math.abs(held), price: 0, isReduceOnly: true };
    placeExternal(world, market, { ...terms, clientOrderId: undefined });
  },
  liquidate: (world, { symbol }) => {
    const market = actionMarket(world, symbol);
    const order = venueOrder(world, market, `autoclose-${serverNow(world)}`);
    if (order.quantity > 0) keepOrder(world.orders, order);
    world.floor.liquidate(market.instrumentId, order.floorId);
  },
  adl: (world, { symbol, quantity }) => {
    const market = actionMarket(world, symbol);
    const part = quantity === undefined ? undefined : actionSteps(quantity, market.instrument.quantityDecimals);
    closeByVenue(world, venueOrder(world, market, 'adl_autoclose', part));
  },
  settle: (world, { symbol }) => {
    const market = actionMarket(world, symbol);
    closeByVenue(world, venueOrder(world, market, `settlement_autoclose-${serverNow(world)}`));
  },
  pendingLiquidation: (world, { symbol, status }) => {
    const market = actionMarket(world, symbol);
    const order = venueOrder(world, market, `autoclose-${serverNow(world)}`);
    const price = Math.round(markPrices(world, market).markPrice);
    tellOrder(world, { ...order, quantity: 0, price }, { type: 'CALCULATED', status });
  },
};

interface ExternalTerms {
  readonly side: WireSide;
  readonly quantity: number;
  readonly price: number;
  readonly isReduceOnly: boolean;
  readonly clientOrderId: string | undefined;
}

/** An order of the venue's own pages: its ids say so. What the market refuses leaves no trace. */
function placeExternal(world: World, market: Market, terms: ExternalTerms): void {
  const { side, quantity, price, isReduceOnly } = terms;
  const order = createOrder(world, {
    clientOrderId: terms.clientOrderId ?? `web_${nextIdText(world.ids, 20)}`,
    market,
    side,
    type: price === 0 ? 'MARKET' : 'LIMIT',
    timeInForce: 'GTC',
    quantity,
    price,
    isReduceOnly,
    origin: 'other',
  });
  enterOrder(world, order);
}

/** An order by which the venue closes the position of a market, or a part of it. */
function venueOrder(world: World, market: Market, clientOrderId: string, part?: number): Order {
  const held = positionOf(world.ledger, market.instrumentId).signedQuantity;
  return createOrder(world, {
    clientOrderId,
    market,
    side: closingSide(held),
    type: 'LIQUIDATION',
    timeInForce: 'IOC',
    quantity: Math.min(Math.abs(held), part ?? Infinity),
    price: 0,
    isReduceOnly: true,
    origin: 'liquidation',
  });
}

function closeByVenue(world: World, order: Order): void {
  if (order.quantity === 0) return;
  keepOrder(world.orders, order);
  world.floor.externalOrder({
    clientOrderId: order.floorId,
    instrument: order.market.instrumentId,
    side: order.side === 'BUY' ? 'buy' : 'sell',
    quantity: order.quantity,
    isReduceOnly: true,
  });
}

function closingSide(held: number): WireSide {
  return held > 0 ? 'SELL' : 'BUY';
}
