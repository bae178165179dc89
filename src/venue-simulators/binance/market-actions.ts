import type { ActionName } from './action-parameters.ts';
import { type Actions, actionMarket, actionSteps } from './action-scene.ts';
import { checkTriggers } from './algo-trigger.ts';
import { intervalAround, type Kline, klineAround, klineEvent } from './kline-rows.ts';
import { touchOf } from './mark-price.ts';
import { bookTickerEvent, contractInfoEvent, markPriceEvent } from './market-payloads.ts';
import { type Market, type MarketStatus, priceText } from './markets.ts';
import { serverNow, type World } from './world.ts';

/** What becomes of markets, and what is said of them that is not so. */
export const marketActions: Actions<
  Extract<
    ActionName,
    | 'haltSymbol'
    | 'settling'
    | 'changeFilters'
    | 'reviseKline'
    | 'openKline'
    | 'futureKline'
    | 'absurdPrice'
    | 'crossedBook'
    | 'emptyBook'
    | 'divergeMark'
    | 'gapMarket'
    | 'dropDepthDiff'
  >
> = {
  haltSymbol: (world, { symbol, on }) => {
    const market = actionMarket(world, symbol);
    if (on) world.floor.halt(market.instrumentId);
    else world.floor.resume(market.instrumentId);
    setStatus(world, market, on ? 'HALT' : 'TRADING');
  },
  settling: (world, { symbol, status }) => setStatus(world, actionMarket(world, symbol), status),
  changeFilters: (world, { symbol, ...filters }) => {
    const market = actionMarket(world, symbol);
    const { priceDecimals, quantityDecimals } = market.instrument;
    const price = (text: string | undefined, now: number): number =>
      text === undefined ? now : actionSteps(text, priceDecimals);
    const quantity = (text: string | undefined, now: number): number =>
      text === undefined ? now : actionSteps(text, quantityDecimals);
    market.instrument = {
      ...market.instrument,
      tickSize: price(filters.tickSize, market.instrument.tickSize),
      lotSize: quantity(filters.stepSize, market.instrument.lotSize),
      minimumQuantity: quantity(filters.minQuantity, market.instrument.minimumQuantity),
      maximumQuantity: quantity(filters.maxQuantity, market.instrument.maximumQuantity),
    };
    market.limits.marketQuantityMax = quantity(filters.marketMaxQuantity, market.limits.marketQuantityMax);
    market.limits.minNotional = filters.minNotional ?? market.limits.minNotional;
    world.floor.setInstrument(market.instrument);
    world.hub.publish('!contractInfo', JSON.stringify(contractInfoEvent(world, market)));
  },
  reviseKline: (world, { symbol, interval, ticks }) => {
    const market = actionMarket(world, symbol);
    const kline = lastClosed(world, market, interval);
    if (kline === undefined) return;
    const close = kline.close + ticks * market.instrument.tickSize;
    const revised = { ...kline, close, high: Math.max(kline.high, close), low: Math.min(kline.low, close) };
    tellKline(world, market, interval, { kline: revised, isClosed: true });
  },
  openKline: (world, { symbol, interval }) => {
    const market = actionMarket(world, symbol);
    const kline = klineAround(world, market, interval, world.time.now()) ?? lastClosed(world, market, interval);
    if (kline !== undefined) tellKline(world, market, interval, { kline, isClosed: false });
  },
  futureKline: (world, { symbol, interval, ms, factor }) => {
    const market = actionMarket(world, symbol);
    const kline = lastClosed(world, market, interval);
    if (kline === undefined) return;
    const future = { ...kline, openAt: (kline.openAt + ms) * factor, endAt: (kline.endAt + ms) * factor };
    tellKline(world, market, interval, { kline: future, isClosed: true });
  },
  absurdPrice: (world, { symbol, price, stream }) => {
    const market = actionMarket(world, symbol);
    if (stream === 'bookTicker') tellTouch(world, market, { bid: price, ask: price });
    else tellMark(world, market, price);
  },
  crossedBook: (world, { symbol, ticks }) => {
    const market = actionMarket(world, symbol);
    const touch = touchOf(world, market);
    if (touch === undefined) return;
    const bid = touch.ask + ticks * market.instrument.tickSize;
    tellTouch(world, market, { bid: priceText(market, bid), ask: priceText(market, touch.ask) });
  },
  emptyBook: (world, { symbol, side }) => {
    const market = actionMarket(world, symbol);
    const now = serverNow(world);
    const sides = { b: side === 'asks' ? [['1', '1']] : [], a: side === 'bids' ? [['1', '1']] : [] };
    for (const name of world.hub.names) {
      const isPartial = name.startsWith(`${market.streamName}@depth`) && /@depth(5|10|20)/.test(name);
      if (!isPartial) continue;
      const ids = { U: market.updateId, u: market.updateId, pu: market.updateId };
      const event = { e: 'depthUpdate', E: now, T: now, s: market.symbol, ...ids, ...sides, st: 1 };
      world.hub.publish(name, JSON.stringify(event));
    }
  },
  divergeMark: (world, { symbol, fraction }) => {
    const market = actionMarket(world, symbol);
    market.markOffset = fraction;
    checkTriggers(world, market);
  },
  gapMarket: (world, { symbol, ticks }) => {
    const market = actionMarket(world, symbol);
    world.floor.gap(market.instrumentId, ticks * market.instrument.tickSize);
  },
  dropDepthDiff: (world, { symbol, count }) => {
    world.script.droppedDepths.set(actionMarket(world, symbol).symbol, count);
  },
};

function setStatus(world: World, market: Market, status: MarketStatus): void {
  market.status = status;
  world.hub.publish('!contractInfo', JSON.stringify(contractInfoEvent(world, market)));
}

function lastClosed(world: World, market: Market, interval: string): Kline | undefined {
  const { openAt } = intervalAround(interval, world.time.now());
  return klineAround(world, market, interval, openAt - 1);
}

function tellKline(
  world: World,
  market: Market,
  interval: string,
  { kline, isClosed }: { kline: Kline; isClosed: boolean },
): void {
  const event = klineEvent(market, kline, { interval, isClosed, now: serverNow(world), isContinuous: false });
  world.hub.publish(`${market.streamName}@kline_${interval}`, JSON.stringify(event));
}

function tellTouch(world: World, market: Market, prices: { bid: string; ask: string }): void {
  market.updateId += 1;
  const text = JSON.stringify(bookTickerEvent(world, market, prices));
  world.hub.publish(`${market.streamName}@bookTicker`, text);
  world.hub.publish('!bookTicker', text);
}

function tellMark(world: World, market: Market, price: string): void {
  const text = JSON.stringify({ ...markPriceEvent(world, market), p: price, ap: price });
  world.hub.publish(`${market.streamName}@markPrice`, text);
  world.hub.publish(`${market.streamName}@markPrice@1s`, text);
}
