/**
 * What the crowd looks at and how it talks: never a reason to trade by itself. Every answer says how good it is (`quality`, from 0, which
 * is to be ignored, to 1) and how old (`ageMs`), so that who uses it can weigh it. Coins are named by their symbol in capital letters,
 * as base currencies of instruments are; names were written by strangers and are for the eye only.
 */

/** Where an answer comes from: asked lately, kept from before, put together from something else, or from nowhere. */
export type SocialSource = 'asked' | 'kept' | 'volume' | 'none';

/** Why an answer is not a fresh one. */
export type SocialTrouble =
  /** No token is set, so nothing is asked. */
  | 'noToken'
  /** The other side refuses: a wrong token, or no permission. */
  | 'refused'
  /** Limits, theirs or ours, or a pause they asked for. */
  | 'limited'
  /** No answer came. */
  | 'unreachable'
  /** An answer came that cannot be read. */
  | 'unreadable';

interface Answer {
  readonly source: SocialSource;
  readonly quality: number;
  /** Milliseconds UTC; of an answer out of nothing the time of the question. */
  readonly measuredAt: number;
  readonly ageMs: number;
  readonly trouble: SocialTrouble | null;
}

export interface TrendingCoin {
  /** From 1, the most sought. */
  readonly rank: number;
  readonly symbol: string;
  /** The base currency of ours that it is; null where we trade none. */
  readonly baseCurrency: string | null;
  readonly name: string;
  readonly marketCapRank: number | null;
  /** Over 24 hours, in dollars. */
  readonly volumeUsd: number | null;
  /** The change of price over 24 hours as a fraction. */
  readonly changeFraction: number | null;
}

export interface TrendingList extends Answer {
  readonly coins: readonly TrendingCoin[];
}

export interface CoinMarket {
  /** From 1, the one with the most volume. */
  readonly rank: number;
  readonly symbol: string;
  readonly baseCurrency: string | null;
  readonly name: string;
  readonly marketCapRank: number | null;
  readonly marketCapUsd: number | null;
  readonly priceUsd: number | null;
  readonly volumeUsd: number | null;
  readonly changeFraction: number | null;
}

export interface CoinMarketList extends Answer {
  readonly coins: readonly CoinMarket[];
}

export interface CoinCategory {
  readonly id: string;
  readonly name: string;
  readonly marketCapUsd: number | null;
  readonly volumeUsd: number | null;
  readonly changeFraction: number | null;
}

export interface CoinCategoryList extends Answer {
  readonly categories: readonly CoinCategory[];
}

/** How the crowd talks of one coin. The score runs from -1, all against, to 1, all for; without knowledge it is 0 with quality 0. */
export interface SentimentReading extends Answer {
  readonly symbol: string;
  readonly score: number;
  /** Posts and authors that the score counts. */
  readonly postCount: number;
  readonly authorCount: number;
}

/** Never rejects: who cannot answer says so in the answer. */
export interface TrendingProvider {
  trending(): Promise<TrendingList>;
  markets(): Promise<CoinMarketList>;
  categories(): Promise<CoinCategoryList>;
}

/** Never rejects: who cannot answer says so in the answer. */
export interface SentimentProvider {
  sentiment(symbol: string): Promise<SentimentReading>;
}

/** Symbols by their volume at the venue, the greatest first; undefined where the venue cannot tell either. */
export type VolumeRanking = () => readonly string[] | undefined;

/** A text by a stranger, cleaned and cut. It goes nowhere but into a score. */
export interface SocialPost {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** What is kept of a post once it is scored: nothing that anyone has written. */
export interface ScoredPost {
  readonly id: string;
  readonly author: string;
  /** The same for texts that say the same. */
  readonly textKey: number;
  /** From -1 to 1. */
  readonly score: number;
  readonly createdAt: number;
}

/** How posts talk, at a time. */
export interface SentimentMeasure {
  readonly score: number;
  readonly quality: number;
  readonly postCount: number;
  readonly authorCount: number;
}

/** How texts become a measure: pure, so that the same posts at the same time give the same score. */
export interface SentimentScorer {
  /** The posts to keep from now on: those kept and the new ones, each once, oldest dropped beyond the bound. */
  keep(kept: readonly ScoredPost[], posts: readonly SocialPost[], at: number): readonly ScoredPost[];
  measure(kept: readonly ScoredPost[], at: number): SentimentMeasure;
  /** What is left of a measure that nobody could renew. */
  decayed(measure: SentimentMeasure, ageMs: number): SentimentMeasure;
}
