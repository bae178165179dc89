import { assert } from '#base/assert.ts';
import type { HttpAnswer, TimePort } from '#engine/ports.ts';
import type { WireReply, WireRequest, WireServer } from '../wire-server.ts';
import { CallWindow } from './call-window.ts';
import { categoriesBody, marketsBody, trendingBody } from './coin-gecko-bodies.ts';
import { coinTable, type TableCoin } from './coin-table.ts';
import { jsonAnswer } from './json-answer.ts';

export interface CoinGeckoServerOptions {
  readonly time: TimePort;
  readonly coins?: readonly TableCoin[];
  /** How many coins trend; the real service shows 7 to 15. */
  readonly trendingCount?: number;
  readonly callsPerMinuteMax?: number;
  /** Keys that are accepted; without one, a key is never asked for. */
  readonly keys?: readonly string[];
}

const minuteMs = 60_000;

/** The public part of CoinGecko's API v3: trending coins, markets and categories, limited by the minute and address. */
export class CoinGeckoServer implements WireServer {
  readonly venue = 'coingecko';
  readonly #options: CoinGeckoServerOptions;
  readonly #window: CallWindow;
  /** Bodies that a script put in the place of the own ones, by path. */
  readonly #replaced = new Map<string, unknown>();
  #requestCount = 0;

  constructor(options: CoinGeckoServerOptions) {
    this.#options = options;
    this.#window = new CallWindow(options.time, minuteMs);
  }

  /** Requests that arrived, refused ones too. */
  get requestCount(): number {
    return this.#requestCount;
  }

  handle(request: WireRequest, reply: WireReply): void {
    this.#requestCount += 1;
    reply.answer(this.#answer(request));
  }

  openSocket(): { readonly status: number } {
    return { status: 404 };
  }

  close(): void {
    this.#replaced.clear();
  }

  /** `replace` answers a path with another body until `restore`. */
  act(action: string, parameters: Readonly<Record<string, unknown>>): void {
    assert(action === 'replace' || action === 'restore', `the actions are 'replace' and 'restore', found '${action}'`);
    const path = String(parameters['path']);
    if (action === 'replace') this.#replaced.set(path, parameters['body']);
    else this.#replaced.delete(path);
  }

  #answer(request: WireRequest): HttpAnswer {
    const { time, keys, callsPerMinuteMax = 30 } = this.#options;
    const key = request.headers['x-cg-demo-api-key'] ?? request.headers['x-cg-pro-api-key'];
    if (keys !== undefined && !keys.includes(key ?? '')) return refusal(401, 10_002, 'Missing or wrong API key');
    const { isAllowed, resetAt } = this.#window.count(key ?? request.address, callsPerMinuteMax);
    if (!isAllowed) {
      const seconds = Math.ceil((resetAt - time.now()) / 1_000);
      return refusal(429, 429, "You've exceeded the Rate Limit.", { 'retry-after': String(seconds) });
    }
    if (request.method !== 'GET') return jsonAnswer(404, { error: 'not found' });
    if (this.#replaced.has(request.path)) return jsonAnswer(200, this.#replaced.get(request.path));
    return this.#body(request);
  }

  #body({ path, query }: WireRequest): HttpAnswer {
    const { coins = coinTable, trendingCount = 15 } = this.#options;
    switch (path) {
      case '/api/v3/search/trending':
        return jsonAnswer(200, trendingBody(coins.slice(0, trendingCount)), { 'cache-control': 'max-age=30' });
      case '/api/v3/coins/markets':
        return marketsAnswer(coins, new URLSearchParams(query));
      case '/api/v3/coins/categories':
        return jsonAnswer(200, categoriesBody());
      default:
        return jsonAnswer(404, { error: 'not found' });
    }
  }
}

function marketsAnswer(coins: readonly TableCoin[], query: URLSearchParams): HttpAnswer {
  if (query.get('vs_currency') === null) return jsonAnswer(422, { error: 'Missing parameter vs_currency' });
  const count = Number(query.get('per_page') ?? '100');
  if (!Number.isInteger(count) || count < 1 || count > 250)
    return jsonAnswer(422, { error: 'Invalid value for per_page' });
  const sorted = [...coins].sort((left, right) =>
    query.get('order') === 'volume_desc' ? right.volumeUsd - left.volumeUsd : right.marketCapUsd - left.marketCapUsd,
  );
  return jsonAnswer(200, marketsBody(sorted.slice(0, count)));
}

function refusal(status: number, code: number, message: string, headers: Record<string, string> = {}): HttpAnswer {
  return jsonAnswer(status, { status: { error_code: code, error_message: message } }, headers);
}
