import { touchOf } from './mark-price.ts';
import { type Market, priceText, quantityText } from './markets.ts';
import { steadyFraction } from './venue-ids.ts';
import type { WireJson } from './wire-json.ts';
import type { World } from './world.ts';

/** How many levels of each side there are. */
export const DEPTH_LEVELS = 20;

/** One side of the book: price in ticks and quantity in steps, best first. */
export type DepthSide = readonly (readonly [price: number, quantity: number])[];

export interface DepthImage {
  readonly bids: DepthSide;
  readonly asks: DepthSide;
}

/** The book around the touch. What stands at a price depends on the price alone, so levels only come and go as the touch moves. */
export function depthImage(world: World, market: Market): DepthImage {
  const touch = touchOf(world, market);
  if (touch === undefined) return { bids: [], asks: [] };
  return { bids: sideFrom(world, market, touch.bid, -1), asks: sideFrom(world, market, touch.ask, 1) };
}

/** What stands at the best prices. */
export function touchQuantities(world: World, market: Market): { bid: string; ask: string } {
  const touch = touchOf(world, market);
  const text = (price: number): string => quantityText(market, quantityAt(world, market, price));
  return { bid: text(touch?.bid ?? 0), ask: text(touch?.ask ?? 0) };
}

/** The levels of a side as the wire writes them. */
export function levelTexts(market: Market, side: DepthSide): WireJson {
  return side.map(([price, quantity]) => [priceText(market, price), quantityText(market, quantity)]);
}

/** What has to be set at which price to make the one side the other: 0 for levels that have gone. */
export function depthChanges(before: DepthSide, after: DepthSide): DepthSide {
  const standing = new Map(before);
  const changes: [number, number][] = [];
  for (const [price, quantity] of after) {
    if (standing.get(price) !== quantity) changes.push([price, quantity]);
    standing.delete(price);
  }
  for (const price of standing.keys()) changes.push([price, 0]);
  return changes;
}

function sideFrom(world: World, market: Market, best: number, direction: 1 | -1): DepthSide {
  const { tickSize } = market.instrument;
  const levels: [number, number][] = [];
  for (let level = 0; level < DEPTH_LEVELS; level += 1) {
    const price = best + direction * level * tickSize;
    if (price > 0) levels.push([price, quantityAt(world, market, price)]);
  }
  return levels;
}

/** From one to a thousand smallest orders. */
function quantityAt({ ids }: World, { symbol, instrument }: Market, price: number): number {
  const lots = 1 + Math.floor(steadyFraction(ids.seed, symbol, price) * 1_000);
  const quantity = lots * Math.max(instrument.minimumQuantity, instrument.lotSize);
  return Math.floor(quantity / instrument.lotSize) * instrument.lotSize;
}
