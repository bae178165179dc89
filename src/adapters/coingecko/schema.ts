import { z } from 'zod';

/** CoinGecko API v3, the public part that we read: https://docs.coingecko.com/reference. Loose: what we do not read may be anything. */

const text = z.string().max(10_000);
/** Beyond the exact whole numbers it comes as a string, and no coin's figures belong there. */
const figure = z.number().nullish().catch(null);

/** `score` is the place in the list from 0. Fields of `data` are formatted for the eye in places, so that each may be a number or a text. */
export const trendingItemSchema = z.looseObject({
  item: z.looseObject({
    id: text,
    name: text,
    symbol: text,
    market_cap_rank: z.int().positive().nullish().catch(null),
    score: z.int().min(0).max(1_000),
    data: z
      .looseObject({
        total_volume: z.union([z.number(), text]).nullish().catch(null),
        price_change_percentage_24h: z.looseObject({ usd: figure }).nullish().catch(null),
      })
      .nullish()
      .catch(null),
  }),
});

/** Entries are read one by one, so that a bad one does not cost the others. */
export const trendingAnswerSchema = z.looseObject({ coins: z.array(z.unknown()) });

export const marketItemSchema = z.looseObject({
  id: text,
  symbol: text,
  name: text,
  current_price: figure,
  market_cap: figure,
  market_cap_rank: z.int().positive().nullish().catch(null),
  total_volume: figure,
  price_change_percentage_24h: figure,
});

export const categoryItemSchema = z.looseObject({
  id: text,
  name: text,
  market_cap: figure,
  market_cap_change_24h: figure,
  volume_24h: figure,
});

export const listAnswerSchema = z.array(z.unknown());

export type TrendingItem = z.infer<typeof trendingItemSchema>;
export type MarketItem = z.infer<typeof marketItemSchema>;
export type CategoryItem = z.infer<typeof categoryItemSchema>;
