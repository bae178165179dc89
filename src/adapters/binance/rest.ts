import type { z } from 'zod';
import type { CallPriority } from '#adapters/wire/call-priority.ts';
import { CircuitBreaker } from '#adapters/wire/circuit-breaker.ts';
import { ClockOffset } from '#adapters/wire/clock-offset.ts';
import type { RateBudget } from '#adapters/wire/rate-budget.ts';
import { type VenueAnswer, VenueClient } from '#adapters/wire/venue-client.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { HttpRequest, NetworkPort, TimePort } from '#engine/ports.ts';
import { costsOf, type Endpoint, type EndpointName, endpoints, usedHeaders } from './endpoints.ts';
import { classify, classifyStatus, type Measure, type Verdict } from './outcome.ts';
import { serverTimeSchema } from './schema.ts';
import { type Parameters, queryText, type Signer, signedQuery, signerOf } from './signing.ts';

/** How old a request may be when it reaches the venue; what is older is refused there. */
const receiveWindowMs = 5_000;
/** Where the venue does not want to talk to us, we do not ask again for so long. */
const forbiddenPauseMs = 300_000;

export interface RestOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  /** The futures' host, and the wallet's where there is one to ask about the key. */
  readonly origins: { readonly rest: string; readonly wallet: string | undefined };
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly budget: RateBudget;
  readonly onNotice: (text: string) => void;
  /** Told of everything that an answer asks of us beyond the call itself, and of each signed call that was let in. */
  readonly onMeasure: (measure: Measure, verdict: Verdict) => void;
}

export interface CallOptions {
  readonly priority?: CallPriority;
  /** Milliseconds UTC of our clock, after which it must not leave any more. */
  readonly deadlineAt?: number;
}

/** What came of a call. `denied` never left; `unknown` may have been carried out. */
export type CallAnswer =
  | { readonly type: 'confirmed'; readonly body: unknown }
  | ({ readonly type: 'refused' } & Verdict)
  | { readonly type: 'unknown'; readonly code: string; readonly reason: string }
  | { readonly type: 'denied'; readonly code: string; readonly reason: string; readonly retryAt: number };

/** The venue's questions and answers. Nothing but questions is ever sent twice. */
export class BinanceRest {
  readonly #options: RestOptions;
  readonly #client: VenueClient;
  readonly #clock = new ClockOffset();
  readonly #signer: Signer;

  constructor(options: RestOptions) {
    const { network, time, budget, onNotice } = options;
    const breaker = new CircuitBreaker({ time });
    this.#options = options;
    this.#signer = signerOf(options.apiSecret);
    this.#client = new VenueClient({ network, time, budget, breaker, onNotice, usedHeaders });
  }

  /** The venue's time as far as we know it. */
  venueNow(): number {
    return this.#options.time.now() + Math.round(this.#clock.offsetMs ?? 0);
  }

  /** The venue's time less ours; undefined before it was asked for. */
  get offsetMs(): number | undefined {
    return this.#clock.offsetMs;
  }

  /** Forgets what was known of the venue's time, as after a step of ours. */
  forgetClock(): void {
    this.#clock.reset();
  }

  /** Asks for the venue's time; rejects with a `VenueError` where it does not answer. */
  async syncClock(): Promise<void> {
    let sentAt = 0;
    const answer = await this.#send('time', {}, {}, () => {
      sentAt = this.#options.time.now();
    });
    const { serverTime } = read('time', this.#judge(endpoints.time, answer), serverTimeSchema);
    this.#clock.sample({ sentAt, serverAt: serverTime, receivedAt: this.#options.time.now() });
  }

  /** Makes one call and says what came of it; never rejects. */
  async call(name: EndpointName, parameters: Parameters, options: CallOptions = {}): Promise<CallAnswer> {
    return this.#judge(endpoints[name], await this.#send(name, parameters, options, () => undefined));
  }

  /** Asks a question; rejects with a `VenueError` where there is no whole, readable answer. */
  async ask<S extends z.ZodType>(
    name: EndpointName,
    parameters: Parameters,
    schema: S,
    options: CallOptions = {},
  ): Promise<z.output<S>> {
    const answer = await this.call(name, parameters, options);
    if (answer.type !== 'refused' || answer.measure !== 'resyncClock') return read(name, answer, schema);
    this.#clock.reset();
    await this.syncClock();
    return read(name, await this.call(name, parameters, options), schema);
  }

  #send(name: EndpointName, parameters: Parameters, options: CallOptions, onLeave: () => void): Promise<VenueAnswer> {
    const endpoint: Endpoint = endpoints[name];
    const { priority = 'normal', deadlineAt } = options;
    return this.#client.call({
      prepare: () => {
        onLeave();
        return this.#request(endpoint, parameters);
      },
      costs: costsOf(endpoint, parameters),
      priority,
      isIdempotent: endpoint.method === 'GET',
      ...(deadlineAt === undefined ? {} : { deadlineAt }),
    });
  }

  #request(endpoint: Endpoint, parameters: Parameters): HttpRequest {
    const { origins, apiKey } = this.#options;
    const origin = endpoint.path.startsWith('/sapi/') ? (origins.wallet ?? origins.rest) : origins.rest;
    const { method, path, authority } = endpoint;
    const isSigned = authority === 'signature';
    const query = queryText(
      isSigned ? { ...parameters, recvWindow: receiveWindowMs, timestamp: this.venueNow() } : parameters,
    );
    const text = isSigned ? signedQuery(query, '', this.#signer) : query;
    const url = text === '' ? `${origin}${path}` : `${origin}${path}?${text}`;
    return { method, url, headers: authority === 'none' ? {} : { 'x-mbx-apikey': apiKey } };
  }

  #judge({ authority }: Endpoint, answer: VenueAnswer): CallAnswer {
    if (answer.type === 'denied') {
      const { code, reason, retryAt } = answer;
      return { type: 'denied', code: `DENIED_${code}`, reason, retryAt };
    }
    const verdict =
      answer.type === 'answered' ? classify(answer.status, answer.body) : classifyStatus(answer.status, answer.reason);
    this.#pauseWhenForbidden(verdict);
    if (verdict.measure !== 'none' || (verdict.outcome === 'confirmed' && authority === 'signature')) {
      this.#options.onMeasure(verdict.measure, verdict);
    }
    if (verdict.outcome === 'confirmed' && answer.type === 'answered') return { type: 'confirmed', body: answer.body };
    if (verdict.outcome === 'refused') return { type: 'refused', ...verdict };
    return { type: 'unknown', code: verdict.code, reason: verdict.reason };
  }

  /** Bans that the venue names are kept by the client; a closed door is not knocked at either. */
  #pauseWhenForbidden({ measure, reason }: Verdict): void {
    if (measure !== 'forbidden') return;
    const { budget, time, onNotice } = this.#options;
    try {
      budget.pause(time.now() + forbiddenPauseMs, `the venue does not let us in: ${reason}`);
    } catch {
      onNotice('a pause could not be kept for the next start');
    }
  }
}

function read<S extends z.ZodType>(name: EndpointName, answer: CallAnswer, schema: S): z.output<S> {
  switch (answer.type) {
    case 'denied':
      throw new VenueError('denied', answer.code, `'${name}' was not asked: ${answer.reason}`);
    case 'refused':
      throw new VenueError('refused', answer.code, `'${name}' was refused with '${answer.code}': ${answer.reason}`);
    case 'unknown':
      throw new VenueError('unreachable', answer.code, `'${name}' has no usable answer: ${answer.reason}`);
    case 'confirmed':
      return parsed(name, answer.body, schema);
  }
}

function parsed<S extends z.ZodType>(name: EndpointName, body: unknown, schema: S): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  throw new VenueError(
    'unreachable',
    'UNREADABLE',
    `the answer to '${name}' is not as expected at '${place}': ${issue?.message}`,
  );
}
