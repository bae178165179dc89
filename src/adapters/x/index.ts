import type {
  ScoredPost,
  SentimentMeasure,
  SentimentProvider,
  SentimentReading,
  SentimentScorer,
  SocialSource,
  SocialTrouble,
} from '#domain/social.ts';
import { collectPosts } from './collect-posts.ts';
import { type AskPage, type XRestOptions, xRest } from './rest.ts';
import { searchQuery } from './search-query.ts';

export interface XSentimentOptions extends Omit<XRestOptions, 'token'> {
  /** Without a token nothing is asked, and every reading is neutral with quality 0. */
  readonly token?: string;
  readonly scorer: SentimentScorer;
}

const freshMs = 30_000;
/** After a failure a symbol is not asked for again before. */
const holdMs = 60_000;
/** Symbols that are remembered; beyond it the one longest not asked for is forgotten. */
const symbolsMax = 300;
/** Recent search goes back seven days; a minute less keeps clear of its edge. */
const searchedMs = 7 * 86_400_000 - 60_000;
/** Posts may become visible late: what was there already comes again and is not counted twice. */
const overlapMs = 120_000;
/** The service refuses a start that is closer to now than ten seconds. */
const startMsMin = 30_000;

/**
 * How the crowd talks of a coin, from the posts that recent search finds. A reading younger than 30 seconds is given as it is; one
 * question at most is under way for a symbol; where none can be answered, the last reading fades towards neutral.
 */
export function xSentiment(options: XSentimentOptions): SentimentProvider {
  const { token, ...rest } = options;
  const ask = token === undefined || token === '' ? undefined : xRest({ ...rest, token });
  const crowd: Crowd = { options, ask, heard: new Map(), underWay: new Map() };
  return { sentiment: (symbol) => sentiment(crowd, symbol) };
}

/** What is known of a symbol: the posts that count, and what they came to. Nothing that anyone has written. */
interface HeardSymbol {
  readonly posts: readonly ScoredPost[];
  /** Undefined until a search went well. */
  readonly measure: SentimentMeasure | undefined;
  readonly measuredAt: number;
  readonly trouble: SocialTrouble | null;
  /** Not asked again before, milliseconds UTC. */
  readonly notBefore: number;
}

const unheardSymbol: HeardSymbol = { posts: [], measure: undefined, measuredAt: 0, trouble: null, notBefore: 0 };

interface Crowd {
  readonly options: XSentimentOptions;
  readonly ask: AskPage | undefined;
  /** By symbol, the one longest not asked for first. */
  readonly heard: Map<string, HeardSymbol>;
  readonly underWay: Map<string, Promise<void>>;
}

async function sentiment(crowd: Crowd, asked: string): Promise<SentimentReading> {
  const { time } = crowd.options;
  const query = searchQuery(asked);
  if (query === undefined) return neutral(shownSymbol(asked), time.now(), 'refused');
  const symbol = asked.trim().toUpperCase();
  if (crowd.ask === undefined) return neutral(symbol, time.now(), 'noToken');
  const before = crowd.heard.get(symbol) ?? unheardSymbol;
  const now = time.now();
  const isFresh = before.measure !== undefined && now - before.measuredAt < freshMs;
  if (!isFresh && now >= before.notBefore) await heardOnce(crowd, symbol, query);
  return reading(crowd, symbol);
}

function heardOnce(crowd: Crowd, symbol: string, query: string): Promise<void> {
  const running = crowd.underWay.get(symbol);
  if (running !== undefined) return running;
  const started = hear(crowd, symbol, query).finally(() => crowd.underWay.delete(symbol));
  crowd.underWay.set(symbol, started);
  return started;
}

async function hear({ options, ask, heard }: Crowd, symbol: string, query: string): Promise<void> {
  if (ask === undefined) return;
  const { time, scorer } = options;
  const before = heard.get(symbol) ?? unheardSymbol;
  const collected = await collectPosts(ask, { query, startAt: startAt(before, time.now()) });
  const now = time.now();
  const { trouble, retryAt } = collected;
  const notBefore = trouble === null ? 0 : Math.max(retryAt, now + holdMs);
  if (collected.pageCount === 0) {
    remember(heard, symbol, { ...before, trouble, notBefore });
    return;
  }
  const posts = scorer.keep(before.posts, collected.posts, now);
  const measure = scorer.measure(posts, now);
  const quality = measure.quality * collected.completeness;
  remember(heard, symbol, { posts, measure: { ...measure, quality }, measuredAt: now, trouble, notBefore });
}

function startAt({ posts }: HeardSymbol, now: number): number {
  const newest = posts[0]?.createdAt ?? 0;
  return Math.min(now - startMsMin, Math.max(now - searchedMs, newest - overlapMs));
}

function remember(heard: Map<string, HeardSymbol>, symbol: string, known: HeardSymbol): void {
  heard.delete(symbol);
  heard.set(symbol, known);
  const [oldest] = heard.keys();
  if (heard.size > symbolsMax && oldest !== undefined) heard.delete(oldest);
}

function reading({ options, heard }: Crowd, symbol: string): SentimentReading {
  const now = options.time.now();
  const { measure, measuredAt, trouble } = heard.get(symbol) ?? unheardSymbol;
  if (measure === undefined) return neutral(symbol, now, trouble);
  const ageMs = Math.max(0, now - measuredAt);
  const source: SocialSource = ageMs < freshMs ? 'asked' : 'kept';
  const held = source === 'asked' ? measure : options.scorer.decayed(measure, ageMs);
  return { symbol, ...held, source, measuredAt, ageMs, trouble };
}

function neutral(symbol: string, now: number, trouble: SocialTrouble | null): SentimentReading {
  const nothing = { score: 0, quality: 0, postCount: 0, authorCount: 0 };
  return { symbol, ...nothing, source: 'none', measuredAt: now, ageMs: 0, trouble };
}

/** What is no symbol may be anything, and is not given back. */
function shownSymbol(asked: string): string {
  return /^[A-Za-z0-9]{1,15}$/.test(asked) ? asked.toUpperCase() : '';
}
