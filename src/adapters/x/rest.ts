import type { SocialTrouble } from '#domain/social.ts';
import type { HttpRequest, NetworkPort, TimePort } from '#engine/ports.ts';
import { CircuitBreaker } from '../wire/circuit-breaker.ts';
import { RateBudget } from '../wire/rate-budget.ts';
import { spreadMs } from '../wire/spread-ms.ts';
import { type VenueAnswer, VenueClient } from '../wire/venue-client.ts';
import { postsPerPageMax, type SearchPage, searchPage } from './mapper.ts';

export interface XRestOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  /** `https://api.x.com`. */
  readonly address: string;
  readonly token: string;
  readonly onNotice: (text: string) => void;
}

/** One page of a search. */
export interface PageQuestion {
  readonly query: string;
  /** Milliseconds UTC; what was posted before is not asked for. */
  readonly startAt: number;
  readonly nextToken?: string;
}

export type PageAnswer =
  | { readonly type: 'page'; readonly page: SearchPage }
  | { readonly type: 'trouble'; readonly trouble: SocialTrouble; readonly retryAt: number };

export type AskPage = (question: PageQuestion) => Promise<PageAnswer>;

const windowMs = 900_000;
const callsPerWindow = 450;
const attemptsMax = 4;
/** As many waits as there are tries after the first. */
const backoffMs = [500, 1_000, 2_000];
/** A longer wait than this is left to the caller. */
const waitMsMax = 5_000;
/** Two of their windows: a clock that is wrong must not silence us for a day. */
const pauseMsMax = 1_800_000;
const refusedMs = 900_000;

/**
 * Asks for pages. A page is tried four times at most, after a limit or a failure at the other side; a limit that is to last longer than
 * 5 seconds silences every question until its end, and is told at once.
 */
export function xRest({ network, time, address, token, onNotice }: XRestOptions): AskPage {
  const windows = [{ name: 'search', capacity: callsPerWindow, windowMs }];
  const budget = new RateBudget({ time, windows, reserveFraction: 0 });
  const client = new VenueClient({ network, time, budget, breaker: new CircuitBreaker({ time }), onNotice });
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  return async (question) => {
    const request: HttpRequest = { method: 'GET', url: pageUrl(address, question), headers };
    // Tries are counted here, since a limit counts among them.
    const call = { prepare: () => request, costs: { search: 1 }, priority: 'background', isIdempotent: false } as const;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await client.call({ ...call, deadlineAt: time.now() + waitMsMax });
      learn(answer, budget);
      const judgement = judged(answer, { time, budget, attempt });
      if (judgement.type !== 'again') return judgement;
      await passed(time, judgement.waitMs);
    }
  };
}

type Judgement = PageAnswer | { readonly type: 'again'; readonly waitMs: number };

interface Moment {
  readonly time: TimePort;
  readonly budget: RateBudget;
  readonly attempt: number;
}

function judged(answer: VenueAnswer, moment: Moment): Judgement {
  const now = moment.time.now();
  if (answer.type === 'denied') {
    if (answer.code === 'UNREACHABLE') return failed(moment);
    const trouble = answer.code === 'BREAKER' ? 'unreachable' : 'limited';
    return { type: 'trouble', trouble, retryAt: answer.retryAt };
  }
  if (answer.status === 429) return limited(answer, moment);
  if (answer.type === 'unknown') {
    const isSuccess = answer.status !== undefined && answer.status < 300;
    return isSuccess ? { type: 'trouble', trouble: 'unreadable', retryAt: now } : failed(moment);
  }
  if (answer.status >= 500) return failed(moment);
  if (answer.status >= 300) return { type: 'trouble', trouble: 'refused', retryAt: now + refusedMs };
  const page = searchPage(answer.body);
  return page === undefined ? { type: 'trouble', trouble: 'unreadable', retryAt: now } : { type: 'page', page };
}

function failed({ time, attempt }: Moment): Judgement {
  const waitMs = backoffMs[attempt - 1];
  if (waitMs === undefined) return { type: 'trouble', trouble: 'unreachable', retryAt: time.now() };
  return { type: 'again', waitMs: spreadMs(waitMs, time) };
}

/** The end of their window is told as an instant. Without it the few seconds hold that follow every limit. */
function limited(answer: VenueAnswer, { time, budget, attempt }: Moment): Judgement {
  const now = time.now();
  const resetAt = answer.type === 'answered' ? figure(answer.headers['x-rate-limit-reset']) : undefined;
  if (resetAt !== undefined) {
    budget.pause(Math.min(now + pauseMsMax, resetAt * 1_000), 'X has no calls left for us in this window');
  }
  const retryAt = budget.pausedUntil() ?? now;
  const canWait = retryAt - now <= waitMsMax && attempt < attemptsMax;
  return canWait ? { type: 'again', waitMs: retryAt - now } : { type: 'trouble', trouble: 'limited', retryAt };
}

/** Plans differ in their limit: what counts is the share that is used, by us and by others, which we read as that share of ours. */
function learn(answer: VenueAnswer, budget: RateBudget): void {
  if (answer.type !== 'answered') return;
  const limit = figure(answer.headers['x-rate-limit-limit']) ?? 0;
  const remaining = figure(answer.headers['x-rate-limit-remaining']);
  if (remaining === undefined || remaining >= limit) return;
  budget.learn('search', Math.ceil(((limit - remaining) / limit) * callsPerWindow));
}

function figure(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function pageUrl(address: string, { query, startAt, nextToken }: PageQuestion): string {
  const parameters = new URLSearchParams({
    query,
    max_results: String(postsPerPageMax),
    start_time: `${new Date(startAt).toISOString().slice(0, 19)}Z`,
    'tweet.fields': 'author_id,created_at,lang',
    ...(nextToken === undefined ? {} : { next_token: nextToken }),
  });
  return `${address}/2/tweets/search/recent?${parameters.toString()}`;
}

function passed(time: TimePort, ms: number): Promise<void> {
  return new Promise((done) => void time.after(ms, done));
}
