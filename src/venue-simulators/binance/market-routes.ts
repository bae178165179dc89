import type { CallParameters } from './call-parameters.ts';
import { dayReport } from './day-statistics.ts';
import { depthImage, levelTexts } from './depth-image.ts';
import { exchangeInfo } from './exchange-info.ts';
import { isInterval, klineRow, klines } from './kline-rows.ts';
import { FUNDING_MS, fundingRate, markPrices, touchOf } from './mark-price.ts';
import { bookTickerReport, premiumReport } from './market-payloads.ts';
import { finePriceText, type Market, priceText } from './markets.ts';
import { readMarket } from './order-reading.ts';
import { isRefusal, missingParameter, refusals } from './refusals.ts';
import { bySymbol, type CallResult, numberOf, type Route, type Routes, rowWindow } from './routes.ts';
import type { WireJson } from './wire-json.ts';
import { serverNow, type World } from './world.ts';

/** What anybody may ask. */
export const marketRoutes: Routes = {
  'GET /fapi/v1/ping': open(1, () => ({})),
  'GET /fapi/v1/time': open(1, (world) => ({ serverTime: serverNow(world) })),
  'GET /fapi/v1/exchangeInfo': open(1, exchangeInfo),
  'GET /fapi/v1/klines': open(klineWeight, answerKlines),
  'GET /fapi/v1/depth': open(depthWeight, answerDepth),
  'GET /fapi/v1/premiumIndex': open(bySymbol(1, 10), (world, call) => each(world, call, premiumReport)),
  'GET /fapi/v1/ticker/bookTicker': open(bySymbol(2, 5), (world, call) => each(world, call, bookTickerReport)),
  'GET /fapi/v1/ticker/price': open(bySymbol(1, 2), (world, call) => each(world, call, priceReport)),
  'GET /fapi/v2/ticker/price': open(bySymbol(1, 2), (world, call) => each(world, call, priceReport)),
  'GET /fapi/v1/ticker/24hr': open(bySymbol(1, 40), (world, call) => each(world, call, dayReport)),
  'GET /fapi/v1/fundingRate': open(1, answerFundingRates),
  'GET /fapi/v1/fundingInfo': open(1, (world) => [...world.marketBySymbol.values()].map(fundingTerms)),
};

function open(weight: Route['weight'], act: Route['act']): Route {
  return { security: 'none', weight, act };
}

/** One answer for a symbol that is named, a list for all without one. */
function each(world: World, call: CallParameters, report: (world: World, market: Market) => WireJson): CallResult {
  if (!call.has('symbol')) return [...world.marketBySymbol.values()].map((market) => report(world, market));
  const market = readMarket(world, call);
  return isRefusal(market) ? market : report(world, market);
}

function klineWeight(call: CallParameters): number {
  const limit = numberOf(call, 'limit') ?? 500;
  if (limit < 100) return 1;
  if (limit < 500) return 2;
  return limit <= 1_000 ? 5 : 10;
}

function answerKlines(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const interval = call.get('interval');
  if (interval === undefined) return missingParameter('interval');
  if (!isInterval(interval)) return refusals.badInterval;
  const rows = klines(world, market, {
    interval,
    startAt: numberOf(call, 'startTime'),
    endAt: numberOf(call, 'endTime'),
    limit: numberOf(call, 'limit'),
  });
  return rows.map((row) => klineRow(market, row));
}

function depthWeight(call: CallParameters): number {
  const limit = numberOf(call, 'limit') ?? 500;
  if (limit <= 50) return 2;
  if (limit <= 100) return 5;
  return limit <= 500 ? 10 : 20;
}

/** The snapshot takes a number of its own, so that the next difference of every stream begins before and ends after it. */
function answerDepth(world: World, call: CallParameters): CallResult {
  const market = readMarket(world, call);
  if (isRefusal(market)) return market;
  const limit = numberOf(call, 'limit') ?? 500;
  const { bids, asks } = depthImage(world, market);
  market.updateId += 1;
  const now = serverNow(world);
  return {
    lastUpdateId: market.updateId,
    E: now,
    T: now,
    bids: levelTexts(market, bids.slice(0, limit)),
    asks: levelTexts(market, asks.slice(0, limit)),
  };
}

function priceReport(world: World, market: Market): WireJson {
  return {
    symbol: market.symbol,
    price: priceText(market, touchOf(world, market)?.bid ?? 0),
    time: serverNow(world),
  };
}

/** Rates are known for every instant of funding, whether or not anybody paid. */
function answerFundingRates(world: World, call: CallParameters): CallResult {
  const window = rowWindow(call, { usual: 100, most: 1_000 });
  const lastAt = Math.floor(Math.min(window.endAt, serverNow(world)) / FUNDING_MS) * FUNDING_MS;
  const earliestAt = lastAt - (window.limit - 1) * FUNDING_MS;
  const firstAt = window.startAt === -Infinity ? earliestAt : Math.ceil(window.startAt / FUNDING_MS) * FUNDING_MS;
  const asked = call.has('symbol') ? readMarket(world, call) : undefined;
  if (asked !== undefined && isRefusal(asked)) return asked;
  const markets = asked === undefined ? [...world.marketBySymbol.values()] : [asked];
  const rows: WireJson[] = [];
  for (let at = firstAt; at <= lastAt; at += FUNDING_MS) {
    for (const market of markets) if (rows.length < window.limit) rows.push(fundingRow(world, market, at));
  }
  return rows;
}

function fundingRow(world: World, market: Market, at: number): WireJson {
  return {
    symbol: market.symbol,
    fundingTime: at,
    fundingRate: fundingRate(world, market, at).toFixed(8),
    markPrice: finePriceText(market, markPrices(world, market).markPrice),
    rateType: 'NORMAL',
  };
}

function fundingTerms({ symbol }: Market): WireJson {
  return {
    symbol,
    adjustedFundingRateCap: '0.02000000',
    adjustedFundingRateFloor: '-0.02000000',
    fundingIntervalHours: FUNDING_MS / 3_600_000,
    disclaimer: false,
  };
}
