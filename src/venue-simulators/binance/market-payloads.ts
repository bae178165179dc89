import { touchQuantities } from './depth-image.ts';
import { markPrices, nextFunding, touchOf } from './mark-price.ts';
import { finePriceText, type Market, priceText } from './markets.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** The best prices of a market for streams; prices of a script's own where it gives them. */
export function bookTickerEvent(
  world: World,
  market: Market,
  prices?: { readonly bid: string; readonly ask: string },
): WireJson {
  const touch = touchOf(world, market);
  const quantities = touchQuantities(world, market);
  const now = serverNow(world);
  return {
    e: 'bookTicker',
    u: market.updateId,
    E: now,
    T: now,
    s: market.symbol,
    b: prices?.bid ?? priceText(market, touch?.bid ?? 0),
    B: quantities.bid,
    a: prices?.ask ?? priceText(market, touch?.ask ?? 0),
    A: quantities.ask,
    ps: market.symbol,
    st: 1,
  };
}

/** The same for whoever asks over HTTP. */
export function bookTickerReport(world: World, market: Market): WireJson {
  const touch = touchOf(world, market);
  const quantities = touchQuantities(world, market);
  return {
    symbol: market.symbol,
    bidPrice: priceText(market, touch?.bid ?? 0),
    bidQty: quantities.bid,
    askPrice: priceText(market, touch?.ask ?? 0),
    askQty: quantities.ask,
    time: serverNow(world),
    lastUpdateId: market.updateId,
  };
}

export function markPriceEvent(world: World, market: Market): { readonly [key: string]: WireJson } {
  const { markPrice, indexPrice } = markPrices(world, market);
  const funding = nextFunding(world, market);
  return {
    e: 'markPriceUpdate',
    E: serverNow(world),
    s: market.symbol,
    p: finePriceText(market, markPrice),
    ap: finePriceText(market, markPrice),
    i: finePriceText(market, indexPrice),
    P: finePriceText(market, indexPrice),
    r: funding.rate.toFixed(8),
    T: funding.at,
    st: 1,
  };
}

export function premiumReport(world: World, market: Market): WireJson {
  const { markPrice, indexPrice } = markPrices(world, market);
  const funding = nextFunding(world, market);
  return {
    symbol: market.symbol,
    markPrice: finePriceText(market, markPrice),
    indexPrice: finePriceText(market, indexPrice),
    estimatedSettlePrice: finePriceText(market, indexPrice),
    lastFundingRate: funding.rate.toFixed(8),
    interestRate: '0.00010000',
    nextFundingTime: funding.at,
    time: serverNow(world),
  };
}

/** A trade between others, made up when the touch moves: the venue's own trades are not simulated. */
export function aggregateTradeEvent(world: World, market: Market, isDown: boolean): WireJson {
  const touch = touchOf(world, market);
  const quantities = touchQuantities(world, market);
  const now = serverNow(world);
  return {
    e: 'aggTrade',
    E: now,
    s: market.symbol,
    a: market.updateId,
    p: priceText(market, (isDown ? touch?.bid : touch?.ask) ?? 0),
    q: isDown ? quantities.bid : quantities.ask,
    nq: isDown ? quantities.bid : quantities.ask,
    f: market.updateId,
    l: market.updateId,
    T: now,
    m: isDown,
    st: 1,
  };
}

/** Streams of all symbols also carry contracts of the coin-margined product, told apart by one field. */
export function coinMarginedRow(world: World, event: WireJson): WireJson {
  return typeof event === 'object' && event !== null && !Array.isArray(event)
    ? { ...event, E: serverNow(world), s: 'BTCUSD_PERP', ps: 'BTCUSD', st: 2 }
    : event;
}

export function contractInfoEvent(world: World, market: Market): WireJson {
  return {
    e: 'contractInfo',
    E: serverNow(world),
    s: market.symbol,
    ps: market.symbol,
    ct: 'PERPETUAL',
    dt: market.deliveryAt,
    ot: 1_569_398_400_000,
    cs: market.status,
    st: 1,
  };
}
