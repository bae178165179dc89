import { coinOfBaseCurrency, isStableCoin } from '#domain/coin-symbol.ts';
import type {
  CoinCategory,
  CoinCategoryList,
  CoinMarket,
  CoinMarketList,
  SocialSource,
  TrendingCoin,
  TrendingList,
  TrendingProvider,
  VolumeRanking,
} from '#domain/social.ts';
import type { TimePort } from '#engine/ports.ts';
import { KeptAnswer, type KeptReading, type Outcome } from './kept-answer.ts';
import { type BaseCurrencyOf, baseCurrencyMap, coinCategories, coinMarkets, trendingCoins } from './mapper.ts';
import { type AskCoinGecko, type CoinGeckoRestOptions, coinGeckoRest } from './rest.ts';

export interface CoinGeckoOptions extends CoinGeckoRestOptions {
  /** Base currencies of the instruments that we know. */
  readonly baseCurrencies: readonly string[];
  /** What stands in for both lists while CoinGecko cannot be asked: base currencies by volume at the venue. */
  readonly volumeRanking?: VolumeRanking;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** For how long each answer is fresh, and given at all. */
const trendingLife = { freshMs: 10 * minuteMs, keptMs: 6 * hourMs };
const marketsLife = { freshMs: 24 * hourMs, keptMs: 168 * hourMs };
/** Volume tells what is traded, not what is sought: a poor stand-in, and said to be one. */
const volumeQuality = 0.3;
const trendingFromVolumeMax = 15;
const marketsQuery = {
  ...{ vs_currency: 'usd', order: 'volume_desc' },
  ...{ per_page: '250', page: '1', sparkline: 'false' },
};

/**
 * What the crowd seeks and trades, as CoinGecko tells it: trending coins and categories asked every 10 minutes at most, markets every 24
 * hours. A fresh answer has quality 1, one that could not be renewed less and less until it is too old to be given; then, and before
 * the first answer, the venue's volume ranking stands in.
 */
export function coinGecko(options: CoinGeckoOptions): TrendingProvider {
  const { time, volumeRanking } = options;
  const ask = coinGeckoRest(options);
  const baseCurrencyOf = baseCurrencyMap(options.baseCurrencies);
  const trending = kept(time, trendingLife, () => askTrending(ask, baseCurrencyOf));
  const markets = kept(time, marketsLife, () => askMarkets(ask, baseCurrencyOf));
  const categories = kept(time, trendingLife, () => askCategories(ask));
  return {
    trending: async () => trendingList(await trending.read(), time.now(), volumeRanking),
    markets: async () => marketList(await markets.read(), time.now(), volumeRanking),
    categories: async () => categoryList(await categories.read(), time.now()),
  };
}

interface Life {
  readonly freshMs: number;
  readonly keptMs: number;
}

function kept<T>(time: TimePort, life: Life, ask: () => Promise<Outcome<T>>): KeptAnswer<T> {
  return new KeptAnswer({ time, ...life, ask });
}

async function askTrending(
  ask: AskCoinGecko,
  baseCurrencyOf: BaseCurrencyOf,
): Promise<Outcome<readonly TrendingCoin[]>> {
  const answer = await ask('/search/trending');
  return answer.type === 'trouble' ? answer : outcomeOf(trendingCoins(answer.body, baseCurrencyOf));
}

async function askMarkets(ask: AskCoinGecko, baseCurrencyOf: BaseCurrencyOf): Promise<Outcome<readonly CoinMarket[]>> {
  const answer = await ask('/coins/markets', marketsQuery);
  return answer.type === 'trouble' ? answer : outcomeOf(coinMarkets(answer.body, baseCurrencyOf));
}

async function askCategories(ask: AskCoinGecko): Promise<Outcome<readonly CoinCategory[]>> {
  const answer = await ask('/coins/categories', { order: 'market_cap_desc' });
  return answer.type === 'trouble' ? answer : outcomeOf(coinCategories(answer.body));
}

/** A list with nothing in it that can be read tells as little as no list. */
function outcomeOf<T>(list: readonly T[] | undefined): Outcome<readonly T[]> {
  if (list === undefined || list.length === 0) return { type: 'trouble', trouble: 'unreadable', retryAt: 0 };
  return { type: 'value', value: list };
}

function trendingList(
  { held, trouble }: KeptReading<readonly TrendingCoin[]>,
  now: number,
  volumeRanking: VolumeRanking | undefined,
): TrendingList {
  if (held !== undefined) return { ...measured(held.askedAt, now, trendingLife), trouble, coins: held.value };
  const coins = rankedByVolume(volumeRanking).slice(0, trendingFromVolumeMax);
  return { ...standIn(coins.length, now), trouble, coins };
}

function marketList(
  { held, trouble }: KeptReading<readonly CoinMarket[]>,
  now: number,
  volumeRanking: VolumeRanking | undefined,
): CoinMarketList {
  if (held !== undefined) return { ...measured(held.askedAt, now, marketsLife), trouble, coins: held.value };
  const coins = rankedByVolume(volumeRanking).map((coin) => ({ ...coin, marketCapUsd: null, priceUsd: null }));
  return { ...standIn(coins.length, now), trouble, coins };
}

function categoryList({ held, trouble }: KeptReading<readonly CoinCategory[]>, now: number): CoinCategoryList {
  if (held !== undefined) return { ...measured(held.askedAt, now, trendingLife), trouble, categories: held.value };
  return { ...standIn(0, now), trouble, categories: [] };
}

interface Standing {
  readonly source: SocialSource;
  readonly quality: number;
  readonly measuredAt: number;
  readonly ageMs: number;
}

/** Full quality while fresh, then less by a straight line down to nothing at the end. */
function measured(measuredAt: number, now: number, { freshMs, keptMs }: Life): Standing {
  const ageMs = now - measuredAt;
  const quality = Math.max(0, Math.min(1, (keptMs - ageMs) / (keptMs - freshMs)));
  return { source: ageMs < freshMs ? 'asked' : 'kept', quality, measuredAt, ageMs };
}

function standIn(count: number, now: number): Standing {
  const isEmpty = count === 0;
  return { source: isEmpty ? 'none' : 'volume', quality: isEmpty ? 0 : volumeQuality, measuredAt: now, ageMs: 0 };
}

function rankedByVolume(volumeRanking: VolumeRanking | undefined): readonly TrendingCoin[] {
  const ranking = volumeRanking?.() ?? [];
  return ranking
    .map((baseCurrency) => ({ baseCurrency, symbol: coinOfBaseCurrency(baseCurrency) }))
    .filter(({ symbol }) => !isStableCoin(symbol))
    .map(({ baseCurrency, symbol }, place) => ({
      ...{ rank: place + 1, symbol, baseCurrency, name: symbol },
      ...{ marketCapRank: null, volumeUsd: null, changeFraction: null },
    }));
}
