import { scaleOf } from '#domain/scale.ts';
import { markPrices, touchOf } from './mark-price.ts';
import { type Market, priceMax, priceText, quoteUnit } from './markets.ts';
import type { OrderTerms, WireSide } from './order-store.ts';
import { limitPriceAbove, limitPriceBelow, notionalBelow, type Refusal, refusals } from './refusals.ts';
import type { World } from './world.ts';

/** The filter that an ordinary order does not pass, if any. */
export function filterRefusal(world: World, terms: OrderTerms): Refusal | undefined {
  const { market, side, type, quantity, price, isReduceOnly } = terms;
  const isMarket = type !== 'LIMIT';
  return (
    statusRefusal(market, isReduceOnly) ??
    quantityRefusal(market, quantity, isMarket) ??
    (isMarket ? takeRefusal(world, market, side) : priceRefusal(market, price)) ??
    (isMarket ? undefined : distanceRefusal(world, market, side, price)) ??
    (isReduceOnly ? undefined : notionalRefusal(world, market, quantity, price))
  );
}

/** What settles may only be reduced, what is closed takes nothing. */
export function statusRefusal({ status }: Market, isReduceOnly: boolean): Refusal | undefined {
  switch (status) {
    case 'TRADING':
      return undefined;
    case 'SETTLING':
      return isReduceOnly ? undefined : refusals.symbolStatus;
    case 'HALT':
    case 'CLOSE':
      return refusals.symbolClosed;
  }
}

/** LOT_SIZE, or MARKET_LOT_SIZE with its smaller maximum. */
export function quantityRefusal(market: Market, quantity: number, isMarket: boolean): Refusal | undefined {
  const { minimumQuantity, maximumQuantity, lotSize } = market.instrument;
  const quantityMax = isMarket ? Math.min(market.limits.marketQuantityMax, maximumQuantity) : maximumQuantity;
  if (quantity <= 0) return refusals.quantityZero;
  if (quantity < minimumQuantity) return refusals.quantityLow;
  if (quantity > quantityMax) return refusals.quantityHigh;
  return quantity % lotSize === 0 ? undefined : refusals.stepSize;
}

/** PRICE_FILTER. */
export function priceRefusal(market: Market, price: number): Refusal | undefined {
  const { tickSize } = market.instrument;
  if (price <= 0) return refusals.priceZero;
  if (price < tickSize) return refusals.priceLow;
  if (price > priceMax(market)) return refusals.priceHigh;
  return price % tickSize === 0 ? undefined : refusals.tickSize;
}

/** MIN_NOTIONAL, at the order's price or, without one, at the mark; what only reduces is exempt. */
export function notionalRefusal(world: World, market: Market, quantity: number, price: number): Refusal | undefined {
  const { minNotional } = market.limits;
  const at = price > 0 ? price : markPrices(world, market).markPrice;
  return quantity * at >= minNotional * quoteUnit(market) ? undefined : notionalBelow(String(minNotional));
}

/** PERCENT_PRICE: a buyer may not bid far above the mark, a seller not ask far below. */
function distanceRefusal(world: World, market: Market, side: WireSide, price: number): Refusal | undefined {
  const { markPrice } = markPrices(world, market);
  const { priceFactorUp, priceFactorDown } = market.limits;
  if (markPrice === 0) return undefined;
  const highest = Math.floor(markPrice * priceFactorUp);
  const lowest = Math.ceil(markPrice * priceFactorDown);
  if (side === 'BUY' && price > highest) return limitPriceAbove(priceText(market, highest));
  return side === 'SELL' && price < lowest ? limitPriceBelow(priceText(market, lowest)) : undefined;
}

/** An order at the market is not taken while the best price stands too far off the mark. */
function takeRefusal(world: World, market: Market, side: WireSide): Refusal | undefined {
  const touch = touchOf(world, market);
  const { markPrice } = markPrices(world, market);
  if (touch === undefined) return refusals.percentMarket;
  const facing = side === 'BUY' ? touch.ask : touch.bid;
  return Math.abs(facing / markPrice - 1) > market.limits.takeBound ? refusals.percentMarket : undefined;
}

/** The notional a market may hold at its leverage, in whole units of the quote currency: the higher the leverage, the less. */
export function positionNotionalMax(leverage: number): number {
  return leverageBrackets.findLast((bracket) => bracket.leverage >= leverage)?.notionalMax ?? 0;
}

/** Leverage and what may be held with it, from the smallest positions up. */
export const leverageBrackets = [
  { leverage: 125, notionalMax: 300_000, maintenance: 0.004, deduction: 0 },
  { leverage: 100, notionalMax: 800_000, maintenance: 0.005, deduction: 300 },
  { leverage: 75, notionalMax: 3_000_000, maintenance: 0.0065, deduction: 1_500 },
  { leverage: 50, notionalMax: 12_000_000, maintenance: 0.01, deduction: 12_000 },
  { leverage: 20, notionalMax: 70_000_000, maintenance: 0.025, deduction: 192_000 },
  { leverage: 10, notionalMax: 100_000_000, maintenance: 0.05, deduction: 1_942_000 },
  { leverage: 5, notionalMax: 230_000_000, maintenance: 0.1, deduction: 6_942_000 },
  { leverage: 2, notionalMax: 600_000_000, maintenance: 0.25, deduction: 41_442_000 },
  { leverage: 1, notionalMax: 1_200_000_000, maintenance: 0.5, deduction: 191_442_000 },
] as const;

/** The margin that a position of a worth must keep, in steps of money: notional times the bracket's rate, less its deduction. */
export function maintenanceMargin(notional: number, moneyDecimals: number): number {
  const unit = scaleOf(moneyDecimals);
  const bracket = leverageBrackets.find(({ notionalMax }) => notional <= notionalMax * unit) ?? leverageBrackets[8];
  return Math.round(notional * bracket.maintenance - bracket.deduction * unit);
}
