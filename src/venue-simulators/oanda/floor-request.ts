import { present } from '#base/assert.ts';
import type { OrderRequest, OrderType } from '#domain/order.ts';
import type { VenueState } from '#sim/venue-state.ts';
import type { AccountOrder } from './account-order.ts';

/** The order as the floor takes it. What closes a trade only reduces, for as much as the trade has. */
export function floorRequest(order: AccountOrder, state: VenueState, now: number): OrderRequest {
  const { terms } = order;
  const orderType = floorType(order, state);
  const { timeInForce, expiresAt } = timingOf(order, state, now);
  return {
    clientOrderId: order.floorId,
    instrument: terms.instrument.id,
    side: sideOf(order, state),
    quantity: order.quantity,
    orderType,
    limitPrice: orderType === 'limit' ? terms.price : null,
    stopPrice: orderType === 'stop' ? terms.price : null,
    timeInForce,
    expiresAt,
    isReduceOnly: terms.positionFill === 'REDUCE_ONLY',
    purpose: 'entry',
    bracket: null,
    strategy: '',
    reason: order.reason,
  };
}

function sideOf({ terms }: AccountOrder, state: VenueState): 'buy' | 'sell' {
  if (terms.units !== null) return terms.units > 0 ? 'buy' : 'sell';
  const held = state.books.get(terms.instrument.id)?.position.signedQuantity ?? 0;
  return held > 0 ? 'sell' : 'buy';
}

function floorType(order: AccountOrder, state: VenueState): OrderType {
  const { type, price, instrument } = order.terms;
  switch (type) {
    case 'MARKET':
      return 'market';
    case 'LIMIT':
    case 'TAKE_PROFIT':
      return 'limit';
    case 'STOP':
    case 'STOP_LOSS':
      return 'stop';
    case 'MARKET_IF_TOUCHED': {
      // Which side of the market its price lies on decides from where it is touched.
      const book = present(state.books.get(instrument.id), `book of '${instrument.id}'`);
      const isAbove = (price ?? 0) >= book.askPrice;
      return isAbove === (sideOf(order, state) === 'buy') ? 'stop' : 'limit';
    }
  }
}

function timingOf(
  { terms }: AccountOrder,
  state: VenueState,
  now: number,
): Pick<OrderRequest, 'timeInForce' | 'expiresAt'> {
  switch (terms.timeInForce) {
    case 'FOK':
      return { timeInForce: 'fillOrKill', expiresAt: null };
    case 'IOC':
      return { timeInForce: 'immediateOrCancel', expiresAt: null };
    case 'GTC':
      return { timeInForce: 'goodTillCancel', expiresAt: null };
    case 'GTD':
      return { timeInForce: 'goodTillTime', expiresAt: terms.gtdAt ?? now + 1 };
    case 'GFD':
      return Number.isFinite(state.nextRolloverAt)
        ? { timeInForce: 'goodTillTime', expiresAt: Math.max(now + 1, state.nextRolloverAt) }
        : { timeInForce: 'goodTillCancel', expiresAt: null };
  }
}
