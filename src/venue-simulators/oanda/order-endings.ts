import type { Book } from '#sim/venue-state.ts';
import type { VenueFloor } from '../venue-floor.ts';
import { type AccountOrder, onFillPrice } from './account-order.ts';
import type { TradeBook } from './trade-book.ts';

/** How many orders and trades an account may have at once. */
export const PENDING_ORDERS_MAX = 900;
const OPEN_TRADES_MAX = 1_000;

/** What is looked at when an order comes. */
export interface EndingScene {
  readonly floor: VenueFloor;
  readonly trades: TradeBook;
  pendingOrders(): readonly AccountOrder[];
}

/** Why an order ends as soon as it was created, in the venue's words; undefined where the floor may have it. */
export function obstacleTo(order: AccountOrder, scene: EndingScene): string | undefined {
  const { terms } = order;
  const book = scene.floor.book(terms.instrument.id);
  if (book === undefined || book.bidPrice <= 0) return 'MARKET_HALTED';
  if (terms.units === null) return undefined;
  const tradeClientId = terms.tradeClientExtensions?.id;
  if (tradeClientId !== undefined && scene.trades.open().some((trade) => trade.clientExtensions?.id === tradeClientId))
    return 'CLIENT_TRADE_ID_ALREADY_EXISTS';
  if (terms.type !== 'MARKET' && scene.pendingOrders().length > PENDING_ORDERS_MAX)
    return 'PENDING_ORDERS_ALLOWED_EXCEEDED';
  if (scene.trades.open().length >= OPEN_TRADES_MAX && terms.positionFill !== 'REDUCE_ONLY')
    return 'OPEN_TRADES_ALLOWED_EXCEEDED';
  if (terms.positionFill === 'OPEN_ONLY' && book.position.signedQuantity * terms.units < 0) return 'FIFO_VIOLATION';
  return boundObstacle(order, book) ?? protectionObstacle(order, book);
}

/** What the floor's word for an order's end is called at the venue. */
export function cancelReasonOf(floorReason: string): string {
  switch (floorReason) {
    case 'INSUFFICIENT_MARGIN':
    case 'CLOSE_OUT':
      return 'INSUFFICIENT_MARGIN';
    case 'MARKET_HALTED':
    case 'NO_PRICE':
    case 'NO_CONVERSION':
      return 'MARKET_HALTED';
    case 'EXPIRES_AT':
      return 'TIME_IN_FORCE_EXPIRED';
    case 'POSITION_CLOSED':
    case 'POSITION_REDUCED':
      return 'LINKED_TRADE_CLOSED';
    case 'TOO_MANY_ORDERS':
      return 'PENDING_ORDERS_ALLOWED_EXCEEDED';
    // Nothing to fill against: too little of it, or nothing that a reduction could close.
    case 'FILL_OR_KILL':
    case 'IMMEDIATE_OR_CANCEL':
    case 'NOT_FILLABLE':
    case 'REDUCE_ONLY':
      return 'INSUFFICIENT_LIQUIDITY';
    case 'CLIENT_REQUEST':
      return 'CLIENT_REQUEST';
    default:
      return 'INTERNAL_SERVER_ERROR';
  }
}

export function fillReasonOf({ terms, reason }: AccountOrder): string {
  if (terms.type !== 'MARKET') return `${terms.type}_ORDER`;
  return reason === 'CLIENT_ORDER' || reason === 'REPLACEMENT' ? 'MARKET_ORDER' : `MARKET_ORDER_${reason}`;
}

function boundObstacle({ terms }: AccountOrder, book: Book): string | undefined {
  if (terms.type !== 'MARKET' || terms.priceBound === null || terms.units === null) return undefined;
  const isBuy = terms.units > 0;
  const price = isBuy ? book.askPrice + book.slippage : book.bidPrice - book.slippage;
  return (isBuy ? price > terms.priceBound : price < terms.priceBound) ? 'BOUNDS_VIOLATION' : undefined;
}

/** A stop that would close at once, or a target that would close at a loss. */
function protectionObstacle({ terms }: AccountOrder, book: Book): string | undefined {
  const { units, stopLossOnFill, takeProfitOnFill } = terms;
  if (units === null) return undefined;
  const sign = Math.sign(units);
  const opening = terms.price ?? (units > 0 ? book.askPrice : book.bidPrice);
  const closing = terms.price ?? (units > 0 ? book.bidPrice : book.askPrice);
  if (stopLossOnFill !== null && sign * (closing - onFillPrice(stopLossOnFill, opening, sign)) <= 0)
    return 'STOP_LOSS_ON_FILL_LOSS';
  if (takeProfitOnFill !== null && sign * (onFillPrice(takeProfitOnFill, opening, sign) - opening) <= 0)
    return 'TAKE_PROFIT_ON_FILL_LOSS';
  return undefined;
}
