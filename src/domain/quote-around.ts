import type { PriceBasis } from './bar.ts';

/** How a series' prices become a quote: the side they were recorded on, and the tick they are rounded to. */
export interface QuoteBasis {
  readonly priceBasis: PriceBasis;
  readonly tickSize: number;
}

/** The bid that belongs to a bar's price; around a mid it is rounded down, so the spread is never narrower than stated. */
export function bidAround({ priceBasis, tickSize }: QuoteBasis, price: number, spread: number): number {
  if (priceBasis === 'bid') return price;
  return Math.max(tickSize, Math.floor((price - spread / 2) / tickSize) * tickSize);
}

/** The ask that belongs to a bar's price, rounded up to a tick. */
export function askAround({ priceBasis, tickSize }: QuoteBasis, price: number, spread: number): number {
  const distance = priceBasis === 'bid' ? spread : spread / 2;
  return Math.ceil((price + distance) / tickSize) * tickSize;
}
