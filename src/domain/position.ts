import { assert } from '#base/assert.ts';
import type { InstrumentId } from './instrument.ts';
import { type Side, signOf } from './order.ts';
import { mulDivRound } from './scale.ts';

/**
 * A netted position. `signedQuantity` is in the instrument's quantity decimals, `cost` is the entry price times the
 * unsigned quantity (price ticks × quantity steps), so that no average price is ever rounded.
 */
export interface Position {
  instrument: InstrumentId;
  signedQuantity: number;
  cost: number;
  openedAt: number;
  increasedAt: number;
  strategy: string;
}

/** What a fill did to a position: the quantity it closed and the profit in the quote currency (ticks × steps). */
export interface FillEffect {
  readonly closedQuantity: number;
  readonly openedQuantity: number;
  readonly realizedQuote: number;
}

/** The part of a fill that a position needs: unsigned quantity in steps, price in ticks. */
export interface PositionFill {
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  readonly at: number;
}

export function flatPosition(instrument: InstrumentId): Position {
  return { instrument, signedQuantity: 0, cost: 0, openedAt: 0, increasedAt: 0, strategy: '' };
}

/**
 * Applies a fill in place. A fill against the position closes first and opens the rest on the other side.
 * The closed share of the cost is rounded half to even, so a position closed to zero leaves no remainder.
 */
export function applyFill(position: Position, fill: PositionFill): FillEffect {
  const { side, quantity, price, at } = fill;
  assert(quantity > 0, `a fill has a positive quantity, found '${quantity}'`);
  assert(price > 0, `a fill has a positive price, found '${price}'`);
  const sign = signOf(side);
  const held = Math.abs(position.signedQuantity);
  const isOpposite = position.signedQuantity * sign < 0;
  const closedQuantity = isOpposite ? Math.min(quantity, held) : 0;
  const openedQuantity = quantity - closedQuantity;
  let realizedQuote = 0;
  if (closedQuantity > 0) {
    const closedCost = mulDivRound(position.cost, closedQuantity, held, 'halfEven');
    realizedQuote = (closedQuantity * price - closedCost) * -sign;
    position.cost -= closedCost;
    position.signedQuantity += sign * closedQuantity;
  }
  if (openedQuantity > 0) {
    if (position.signedQuantity === 0) position.openedAt = at;
    position.increasedAt = at;
    position.cost += openedQuantity * price;
    position.signedQuantity += sign * openedQuantity;
  }
  assert(Number.isSafeInteger(position.cost), `the cost of '${position.instrument}' is beyond 2^53`);
  assert(
    position.signedQuantity !== 0 || position.cost === 0,
    `a flat position of '${position.instrument}' has a cost`,
  );
  return { closedQuantity, openedQuantity, realizedQuote: realizedQuote === 0 ? 0 : realizedQuote };
}

/** Unrealised profit in the quote currency (ticks × steps) if the whole position were closed at a price. */
export function unrealizedQuote(position: Readonly<Position>, closePrice: number): number {
  const sign = position.signedQuantity < 0 ? -1 : 1;
  const result = position.signedQuantity * closePrice - sign * position.cost;
  return result === 0 ? 0 : result;
}

/** Average entry price in ticks as a plain number, for display and thresholds only. */
export function averagePrice(position: Readonly<Position>): number {
  return position.signedQuantity === 0 ? 0 : position.cost / Math.abs(position.signedQuantity);
}
