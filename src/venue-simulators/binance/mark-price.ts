import { averagePrice, type Position, unrealizedQuote } from '#domain/position.ts';
import { mulDivRound, scaleOf } from '#domain/scale.ts';
import type { Market } from './markets.ts';
import { steadyFraction } from './venue-ids.ts';
import { serverNow, type World } from './world.ts';

/** Bid and ask of a market in ticks; undefined while the floor has no price. */
export function touchOf(world: World, market: Market): { bid: number; ask: number } | undefined {
  const book = world.floor.book(market.instrumentId);
  return book === undefined || book.bidPrice <= 0 ? undefined : { bid: book.bidPrice, ask: book.askPrice };
}

/** What a market's prices are margined at, in ticks and between them; 0 while nothing is known. */
export interface MarkPrices {
  readonly markPrice: number;
  readonly indexPrice: number;
}

/** The mark stands a little off the mid, the index a little off the mark: by how much depends on seed, symbol and quarter of an hour. */
export function markPrices(world: World, market: Market): MarkPrices {
  const touch = touchOf(world, market);
  if (touch === undefined) return { markPrice: 0, indexPrice: 0 };
  const mid = (touch.bid + touch.ask) / 2;
  const quarter = Math.floor(world.time.now() / quarterMs);
  const basis = noise(world, market, quarter) * basisMax;
  const indexBasis = noise(world, market, -quarter) * basisMax;
  const markPrice = mid * (1 + basis + market.markOffset);
  return { markPrice, indexPrice: mid * (1 + indexBasis) };
}

/** When funding is due next by the venue's clock, and at what rate: positive where longs pay. */
export function nextFunding(world: World, market: Market): { at: number; rate: number } {
  const at = (Math.floor(serverNow(world) / FUNDING_MS) + 1) * FUNDING_MS;
  return { at, rate: fundingRate(world, market, at) };
}

/** The rate paid at an instant of funding, to eight decimals. */
export function fundingRate(world: World, market: Market, at: number): number {
  const step = Math.round((baseRate + noise(world, market, Math.floor(at / FUNDING_MS)) * rateSpread) * 1e8);
  return step / 1e8;
}

/** Worth of a position at the mark in steps of money, with its sign; and what it has won there. */
export function positionAtMark(
  world: World,
  market: Market,
  position: Position,
): { notional: number; unrealizedPnl: number; entryPrice: number } {
  const { markPrice } = markPrices(world, market);
  const unit = scaleOf(world.ledger.moneyDecimals) / scaleOf(market.instrument.priceDecimals);
  const worth = (unit * market.instrument.contractSize) / scaleOf(market.instrument.quantityDecimals);
  return {
    notional: Math.round(position.signedQuantity * markPrice * worth),
    unrealizedPnl: Math.round(unrealizedQuote(position, markPrice) * worth),
    entryPrice: averagePrice(position),
  };
}

/** Ticks times steps of a market in steps of money. */
export function quoteMoney(world: World, market: Market, amount: number): number {
  const { priceDecimals, quantityDecimals, contractSize } = market.instrument;
  const scale = scaleOf(priceDecimals) * scaleOf(quantityDecimals);
  return mulDivRound(amount, scaleOf(world.ledger.moneyDecimals) * contractSize, scale, 'halfEven');
}

/** Funding is paid every eight hours. */
export const FUNDING_MS = 8 * 3_600_000;
const quarterMs = 15 * 60_000;
const basisMax = 0.0001;
const baseRate = 0.0001;
const rateSpread = 0.00008;

/** From -1 to 1. */
function noise(world: World, { symbol }: Market, index: number): number {
  return steadyFraction(world.ids.seed, symbol, index) * 2 - 1;
}
