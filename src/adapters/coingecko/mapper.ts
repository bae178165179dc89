import type { z } from 'zod';
import { coinOfBaseCurrency, coinSymbol, isStableCoin } from '#domain/coin-symbol.ts';
import { foreignText } from '#domain/foreign-text.ts';
import type { CoinCategory, CoinMarket, TrendingCoin } from '#domain/social.ts';
import { formattedFigure } from './formatted-figure.ts';
import {
  type CategoryItem,
  categoryItemSchema,
  listAnswerSchema,
  type MarketItem,
  marketItemSchema,
  type TrendingItem,
  trendingAnswerSchema,
  trendingItemSchema,
} from './schema.ts';

const nameMax = 60;
const entriesMax = 1_000;
const trendingMax = 30;

/** Which base currency of ours a coin's symbol is, if any. */
export type BaseCurrencyOf = (symbol: string) => string | null;

/** Our base currencies by the coins behind them; the first of several that mean the same coin. */
export function baseCurrencyMap(baseCurrencies: readonly string[]): BaseCurrencyOf {
  const byCoin = new Map<string, string>();
  for (const currency of baseCurrencies) {
    const coin = coinOfBaseCurrency(currency);
    if (!byCoin.has(coin)) byCoin.set(coin, currency);
  }
  return (symbol) => byCoin.get(symbol) ?? null;
}

/** The trending coins in order, stable ones and all that cannot be read left out; undefined where the answer is no such list. */
export function trendingCoins(body: unknown, baseCurrencyOf: BaseCurrencyOf): readonly TrendingCoin[] | undefined {
  const answer = trendingAnswerSchema.safeParse(body);
  if (!answer.success) return undefined;
  const items = readEach(trendingItemSchema, answer.data.coins).sort((a, b) => a.item.score - b.item.score);
  const coins = items.flatMap((item) => coinOf(trendingCoin(item, baseCurrencyOf)));
  return distinct(coins).slice(0, trendingMax).map(ranked);
}

/** The coins by volume, stable ones and all that cannot be read left out; undefined where the answer is no such list. */
export function coinMarkets(body: unknown, baseCurrencyOf: BaseCurrencyOf): readonly CoinMarket[] | undefined {
  const answer = listAnswerSchema.safeParse(body);
  if (!answer.success) return undefined;
  const coins = readEach(marketItemSchema, answer.data).flatMap((item) => coinOf(coinMarket(item, baseCurrencyOf)));
  return distinct(coins.sort((a, b) => (b.volumeUsd ?? 0) - (a.volumeUsd ?? 0))).map(ranked);
}

/** The categories in the order given; undefined where the answer is no such list. */
export function coinCategories(body: unknown): readonly CoinCategory[] | undefined {
  const answer = listAnswerSchema.safeParse(body);
  return answer.success ? readEach(categoryItemSchema, answer.data).map(coinCategory) : undefined;
}

function readEach<T>(schema: z.ZodType<T>, entries: readonly unknown[]): T[] {
  return entries.slice(0, entriesMax).flatMap((entry) => {
    const read = schema.safeParse(entry);
    return read.success ? [read.data] : [];
  });
}

function coinOf<C extends { readonly symbol: string }>(coin: C | undefined): readonly C[] {
  return coin === undefined || isStableCoin(coin.symbol) ? [] : [coin];
}

/** Several coins may call themselves alike. The first is meant: the most sought, or the one with the most volume. */
function distinct<C extends { readonly symbol: string }>(coins: readonly C[]): readonly C[] {
  const seen = new Set<string>();
  return coins.filter(({ symbol }) => !seen.has(symbol) && seen.add(symbol));
}

function ranked<C extends { readonly rank: number }>(coin: C, place: number): C {
  return { ...coin, rank: place + 1 };
}

function trendingCoin({ item }: TrendingItem, baseCurrencyOf: BaseCurrencyOf): TrendingCoin | undefined {
  const symbol = coinSymbol(item.symbol);
  if (symbol === undefined) return undefined;
  return {
    rank: 0,
    symbol,
    baseCurrency: baseCurrencyOf(symbol),
    name: foreignText(item.name, nameMax),
    marketCapRank: item.market_cap_rank ?? null,
    volumeUsd: formattedFigure(item.data?.total_volume),
    changeFraction: fractionOf(item.data?.price_change_percentage_24h?.usd),
  };
}

function coinMarket(item: MarketItem, baseCurrencyOf: BaseCurrencyOf): CoinMarket | undefined {
  const symbol = coinSymbol(item.symbol);
  if (symbol === undefined) return undefined;
  return {
    rank: 0,
    symbol,
    baseCurrency: baseCurrencyOf(symbol),
    name: foreignText(item.name, nameMax),
    marketCapRank: item.market_cap_rank ?? null,
    marketCapUsd: formattedFigure(item.market_cap),
    priceUsd: formattedFigure(item.current_price),
    volumeUsd: formattedFigure(item.total_volume),
    changeFraction: fractionOf(item.price_change_percentage_24h),
  };
}

function coinCategory(item: CategoryItem): CoinCategory {
  return {
    id: foreignText(item.id, nameMax),
    name: foreignText(item.name, nameMax),
    marketCapUsd: formattedFigure(item.market_cap),
    volumeUsd: formattedFigure(item.volume_24h),
    changeFraction: fractionOf(item.market_cap_change_24h),
  };
}

function fractionOf(percent: number | null | undefined): number | null {
  return percent === null || percent === undefined ? null : percent / 100;
}
