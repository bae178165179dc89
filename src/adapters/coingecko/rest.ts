import type { SocialTrouble } from '#domain/social.ts';
import type { HttpRequest, NetworkPort, TimePort } from '#engine/ports.ts';
import { CircuitBreaker } from '../wire/circuit-breaker.ts';
import { RateBudget } from '../wire/rate-budget.ts';
import { type VenueAnswer, VenueClient } from '../wire/venue-client.ts';

export interface CoinGeckoRestOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  /** `https://api.coingecko.com`; the host of paying customers takes its key in another header. */
  readonly address: string;
  readonly apiKey?: string;
  readonly onNotice: (text: string) => void;
}

/** What came of a question: a body to be read, or why there is none and when, ms UTC, to ask again at the earliest. */
export type CoinGeckoAnswer =
  | { readonly type: 'answered'; readonly body: unknown }
  | { readonly type: 'trouble'; readonly trouble: SocialTrouble; readonly retryAt: number };

export type AskCoinGecko = (path: string, query?: Readonly<Record<string, string>>) => Promise<CoinGeckoAnswer>;

const minuteMs = 60_000;
/** What was refused for good is not asked again before someone may have changed a key. */
const refusedMs = 15 * minuteMs;
/** A call waits so long for its turn within the limits. */
const patienceMs = 5_000;
/** Without a key the limit moves between 10 and 30 a minute, with the traffic of others. */
const callsPerMinute = { withKey: 30, withoutKey: 10 };

/**
 * Asks, within the limits, and again after a failure at the other side. Told by a 429 how long to be silent it asks nothing for as long,
 * three days at most; a minute where it is not told.
 */
export function coinGeckoRest(options: CoinGeckoRestOptions): AskCoinGecko {
  const { network, time, address, apiKey, onNotice } = options;
  const capacity = apiKey === undefined ? callsPerMinute.withoutKey : callsPerMinute.withKey;
  const windows = [{ name: 'calls', capacity, windowMs: minuteMs }];
  const budget = new RateBudget({ time, windows, reserveFraction: 0 });
  const client = new VenueClient({ network, time, budget, breaker: new CircuitBreaker({ time }), onNotice });
  const headers = { accept: 'application/json', ...keyHeader(address, apiKey) };
  return async (path, query = {}) => {
    const request: HttpRequest = { method: 'GET', url: `${address}/api/v3${path}${queryText(query)}`, headers };
    const answer = await client.call({
      prepare: () => request,
      costs: { calls: 1 },
      priority: 'background',
      isIdempotent: true,
      deadlineAt: time.now() + patienceMs,
    });
    return judged(answer, time.now(), budget);
  };
}

function judged(answer: VenueAnswer, now: number, budget: RateBudget): CoinGeckoAnswer {
  if (answer.type === 'denied') {
    const isLimit = answer.code !== 'BREAKER' && answer.code !== 'UNREACHABLE';
    return { type: 'trouble', trouble: isLimit ? 'limited' : 'unreachable', retryAt: answer.retryAt };
  }
  const { status } = answer;
  if (status === 429) {
    const hasTold = answer.type === 'answered' && answer.headers['retry-after'] !== undefined;
    if (!hasTold) budget.pause(now + minuteMs, 'CoinGecko has no calls left for us in this minute');
    return { type: 'trouble', trouble: 'limited', retryAt: budget.pausedUntil() ?? now };
  }
  if (answer.type === 'unknown') {
    const isSuccess = status !== undefined && status < 300;
    return { type: 'trouble', trouble: isSuccess ? 'unreadable' : 'unreachable', retryAt: now };
  }
  if (answer.status >= 500) return { type: 'trouble', trouble: 'unreachable', retryAt: now };
  if (answer.status >= 300) return { type: 'trouble', trouble: 'refused', retryAt: now + refusedMs };
  return { type: 'answered', body: answer.body };
}

function keyHeader(address: string, apiKey: string | undefined): Readonly<Record<string, string>> {
  if (apiKey === undefined) return {};
  const isPaying = new URL(address).hostname.startsWith('pro-');
  return { [isPaying ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key']: apiKey };
}

function queryText(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}
