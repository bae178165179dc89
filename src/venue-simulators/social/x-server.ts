import { assert } from '#base/assert.ts';
import type { HttpAnswer, TimePort } from '#engine/ports.ts';
import type { WireReply, WireRequest, WireServer } from '../wire-server.ts';
import { CallWindow } from './call-window.ts';
import { jsonAnswer } from './json-answer.ts';
import type { SimulatedPost } from './simulated-post.ts';

export interface XServerOptions {
  readonly time: TimePort;
  readonly token: string;
  /** What is posted about a coin, newest first. */
  readonly postsOf: (symbol: string) => readonly SimulatedPost[];
  /** Calls in fifteen minutes. */
  readonly callsMax?: number;
}

const windowMs = 900_000;
const searchedMs = 7 * 86_400_000;

/** Recent search of the X API v2: pages, limits with their headers, posts withheld, and no `data` where nothing is found. */
export class XServer implements WireServer {
  readonly venue = 'x';
  readonly #options: XServerOptions;
  readonly #window: CallWindow;
  readonly #queries: string[] = [];
  /** Posts of each page that are withheld with an error beside the rest. */
  #withheldCount = 0;

  constructor(options: XServerOptions) {
    this.#options = options;
    this.#window = new CallWindow(options.time, windowMs);
  }

  /** Every query that arrived, as it was written. */
  get queries(): readonly string[] {
    return this.#queries;
  }

  handle(request: WireRequest, reply: WireReply): void {
    this.#queries.push(request.query);
    reply.answer(this.#answer(request));
  }

  openSocket(): { readonly status: number } {
    return { status: 404 };
  }

  close(): void {
    this.#queries.length = 0;
  }

  /** `withhold` leaves so many posts out of each page, told as errors. */
  act(action: string, parameters: Readonly<Record<string, unknown>>): void {
    assert(action === 'withhold', `the action is 'withhold', found '${action}'`);
    this.#withheldCount = Number(parameters['count']);
  }

  #answer(request: WireRequest): HttpAnswer {
    if (request.headers['authorization'] !== `Bearer ${this.#options.token}`) return problem(401, 'Unauthorized');
    const callsMax = this.#options.callsMax ?? 450;
    const { isAllowed, remaining, resetAt } = this.#window.count(request.address, callsMax);
    const headers = {
      'x-rate-limit-limit': String(callsMax),
      'x-rate-limit-remaining': String(remaining),
      'x-rate-limit-reset': String(Math.ceil(resetAt / 1_000)),
    };
    if (!isAllowed) return problem(429, 'Too Many Requests', headers);
    const isSearch = request.method === 'GET' && request.path === '/2/tweets/search/recent';
    if (!isSearch) return problem(404, 'Not Found', headers);
    return this.#search(new URLSearchParams(request.query), headers);
  }

  #search(query: URLSearchParams, headers: Readonly<Record<string, string>>): HttpAnswer {
    const symbol = /[$#](?<symbol>[A-Z0-9]+)/.exec(query.get('query') ?? '')?.groups?.['symbol'];
    const count = Number(query.get('max_results') ?? '10');
    const oldestAt = this.#options.time.now() - searchedMs;
    const startAt = Date.parse(query.get('start_time') ?? new Date(oldestAt).toISOString());
    if (symbol === undefined) return invalid('query', headers);
    if (!(count >= 10 && count <= 100)) return invalid('max_results', headers);
    if (!(startAt >= oldestAt && startAt < this.#options.time.now() - 10_000)) return invalid('start_time', headers);
    const offset = offsetOf(query.get('next_token'));
    if (offset === undefined) return invalid('next_token', headers);
    const found = this.#options.postsOf(symbol).filter(({ createdAt }) => createdAt >= startAt);
    const page = found.slice(offset, offset + count);
    const next = offset + count < found.length ? `b26v89c19zqg8o3f${offset + count}` : undefined;
    return jsonAnswer(200, searchBody(page, next, this.#withheldCount), headers);
  }
}

function searchBody(page: readonly SimulatedPost[], next: string | undefined, withheldCount: number): object {
  const [newest] = page;
  if (newest === undefined) return { meta: { result_count: 0 } };
  const shown = page.slice(withheldCount);
  const errors = page.slice(0, withheldCount).map(({ id }) => ({
    resource_type: 'tweet',
    resource_id: id,
    title: 'Authorization Error',
    detail: `Sorry, you are not authorized to see the Tweet with ids: [${id}].`,
    type: 'https://api.twitter.com/2/problems/not-authorized-for-resource',
  }));
  const data = shown.map(({ id, authorId, text, createdAt }) => ({
    ...{ id, text, author_id: authorId, created_at: new Date(createdAt).toISOString() },
    edit_history_tweet_ids: [id],
    lang: 'en',
  }));
  return {
    ...(data.length === 0 ? {} : { data }),
    includes: { users: shown.map(({ authorId }) => ({ id: authorId, name: 'Somebody', username: `user${authorId}` })) },
    ...(errors.length === 0 ? {} : { errors }),
    meta: {
      newest_id: newest.id,
      oldest_id: page.at(-1)?.id,
      result_count: shown.length,
      ...(next === undefined ? {} : { next_token: next }),
    },
  };
}

function offsetOf(token: string | null): number | undefined {
  if (token === null) return 0;
  const offset = /^b26v89c19zqg8o3f(?<offset>\d+)$/.exec(token)?.groups?.['offset'];
  return offset === undefined ? undefined : Number(offset);
}

function problem(status: number, title: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return jsonAnswer(status, { title, detail: title, type: 'about:blank', status }, headers);
}

function invalid(parameter: string, headers: Readonly<Record<string, string>>): HttpAnswer {
  const body = {
    errors: [{ parameters: { [parameter]: [] }, message: `The '${parameter}' query parameter value is invalid` }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: 'https://api.twitter.com/2/problems/invalid-request',
  };
  return jsonAnswer(400, body, headers);
}
