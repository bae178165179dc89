import { bracketOrderId, PARENT_ID_MAX } from '#domain/bracket-id.ts';
import { isMarketOpen } from '#domain/calendar.ts';
import { type OrderRequest, signOf } from '#domain/order.ts';
import { accountRate, canAfford, closableQuantity } from './venue-account.ts';
import { type Book, type VenueState, WORKING_ORDERS_MAX } from './venue-state.ts';
import { isIdUsed } from './venue-working.ts';

/** Why the venue does not take an order. The code is for machines, the reason says what was expected and found. */
export interface Refusal {
  readonly code:
    | 'UNKNOWN_INSTRUMENT'
    | 'DUPLICATE_ID'
    | 'ID_TOO_LONG'
    | 'TOO_MANY_ORDERS'
    | 'INVALID_QUANTITY'
    | 'INVALID_PRICE'
    | 'INVALID_BRACKET'
    | 'INVALID_TIME_IN_FORCE'
    | 'MARKET_HALTED'
    | 'NO_PRICE'
    | 'NO_CONVERSION'
    | 'REDUCE_ONLY'
    | 'CLOSE_OUT'
    | 'INSUFFICIENT_MARGIN';
  readonly reason: string;
}

/** The first thing wrong with an order when it arrives, or undefined where the venue takes it. */
export function refusalOf(state: VenueState, request: OrderRequest, at: number): Refusal | undefined {
  const book = state.books.get(request.instrument);
  if (book === undefined) return { code: 'UNKNOWN_INSTRUMENT', reason: `'${request.instrument}' is not listed` };
  return (
    idRefusal(state, request) ??
    quantityRefusal(book, request) ??
    priceRefusal(book, request) ??
    timeRefusal(request, at) ??
    marketRefusal(state, book, at) ??
    bracketRefusal(book, request) ??
    accountRefusal(state, book, request)
  );
}

/** Whether a price of this instrument can stand in an order. */
export function isOrderPrice(book: Book, price: number | null): price is number {
  return price !== null && Number.isSafeInteger(price) && price > 0 && price % book.instrument.tickSize === 0;
}

function idRefusal(state: VenueState, request: OrderRequest): Refusal | undefined {
  const { clientOrderId, bracket } = request;
  if (bracket !== null && clientOrderId.length > PARENT_ID_MAX) {
    return {
      code: 'ID_TOO_LONG',
      reason: `the id of an order with a bracket has at most ${PARENT_ID_MAX} characters, found '${clientOrderId}'`,
    };
  }
  const ids =
    bracket === null
      ? [clientOrderId]
      : [clientOrderId, bracketOrderId(clientOrderId, 'stop'), bracketOrderId(clientOrderId, 'limit')];
  const used = ids.find((id) => isIdUsed(state, id));
  if (used !== undefined) return { code: 'DUPLICATE_ID', reason: `'${used}' was used before` };
  if (state.workingById.size < WORKING_ORDERS_MAX) return undefined;
  return { code: 'TOO_MANY_ORDERS', reason: `at most ${WORKING_ORDERS_MAX} orders work at once` };
}

function quantityRefusal(book: Book, { quantity }: OrderRequest): Refusal | undefined {
  const { minimumQuantity, maximumQuantity, lotSize } = book.instrument;
  if (quantity >= minimumQuantity && quantity <= maximumQuantity && quantity % lotSize === 0) return undefined;
  const expected = `${minimumQuantity} to ${maximumQuantity} in lots of ${lotSize}`;
  return { code: 'INVALID_QUANTITY', reason: `a quantity is ${expected}, found '${quantity}'` };
}

function priceRefusal(book: Book, request: OrderRequest): Refusal | undefined {
  const { orderType, limitPrice, stopPrice } = request;
  const own = orderType === 'limit' ? limitPrice : stopPrice;
  const other = orderType === 'limit' ? stopPrice : limitPrice;
  const isOwnRight = orderType === 'market' ? own === null : isOrderPrice(book, own);
  if (isOwnRight && other === null) return undefined;
  const found = `limit '${limitPrice}' and stop '${stopPrice}'`;
  return {
    code: 'INVALID_PRICE',
    reason: `a ${orderType} order has no price but its own, on a tick of ${book.instrument.tickSize}, found ${found}`,
  };
}

/** An order that ends at once cannot wait for a stop to be touched. */
function timeRefusal({ timeInForce, expiresAt, orderType }: OrderRequest, at: number): Refusal | undefined {
  const isTimed = timeInForce === 'goodTillTime';
  if (isTimed !== (expiresAt !== null)) {
    return {
      code: 'INVALID_TIME_IN_FORCE',
      reason: `goodTillTime and nothing else has an expiry, found '${timeInForce}' and '${expiresAt}'`,
    };
  }
  if (expiresAt !== null && expiresAt <= at)
    return { code: 'INVALID_TIME_IN_FORCE', reason: `the expiry '${expiresAt}' is over at '${at}'` };
  const isAtOnce = timeInForce === 'fillOrKill' || timeInForce === 'immediateOrCancel';
  if (orderType !== 'stop' || !isAtOnce) return undefined;
  return { code: 'INVALID_TIME_IN_FORCE', reason: `a stop order waits, found '${timeInForce}'` };
}

function marketRefusal(state: VenueState, book: Book, at: number): Refusal | undefined {
  if (state.calendar !== null && !isMarketOpen(state.calendar, at))
    return { code: 'MARKET_HALTED', reason: `the market is closed at '${at}'` };
  if (book.bidPrice <= 0) return { code: 'NO_PRICE', reason: `'${book.instrument.id}' has no price yet` };
  const { quoteCurrency } = book.instrument;
  if (accountRate(state, quoteCurrency) !== undefined) return undefined;
  return { code: 'NO_CONVERSION', reason: `no rate from '${quoteCurrency}' into '${state.accountCurrency}' is known` };
}

/** The stop lies on the losing and the target on the winning side of the entry; at the market, of the price at which it could be closed. */
function bracketRefusal(book: Book, request: OrderRequest): Refusal | undefined {
  if (request.bracket === null) return undefined;
  const { stopPrice, targetPrice } = request.bracket;
  const sign = signOf(request.side);
  const closing = request.side === 'buy' ? book.bidPrice : book.askPrice;
  const entry = request.limitPrice ?? request.stopPrice ?? closing;
  const isStopRight = stopPrice === null || (isOrderPrice(book, stopPrice) && sign * (entry - stopPrice) > 0);
  const isTargetRight = targetPrice === null || (isOrderPrice(book, targetPrice) && sign * (targetPrice - entry) > 0);
  if (isStopRight && isTargetRight) return undefined;
  const found = `stop '${stopPrice}' and target '${targetPrice}' around '${entry}'`;
  return {
    code: 'INVALID_BRACKET',
    reason: `a ${request.side} has its stop and target on either side, on ticks, found ${found}`,
  };
}

function accountRefusal(state: VenueState, book: Book, request: OrderRequest): Refusal | undefined {
  const { side, quantity, isReduceOnly } = request;
  if (isReduceOnly) {
    return closableQuantity(book, side) > 0
      ? undefined
      : { code: 'REDUCE_ONLY', reason: `there is nothing that a ${side} could reduce` };
  }
  if (state.pendingCloseOuts > 0) return { code: 'CLOSE_OUT', reason: 'the account is being closed out' };
  if (canAfford(state, book, side, quantity)) return undefined;
  return { code: 'INSUFFICIENT_MARGIN', reason: `the equity does not cover the margin of '${quantity}' more` };
}
