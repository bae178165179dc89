import { openOanda } from '#adapters/oanda/index.ts';
import type { OandaOptions } from '#adapters/oanda/oanda-options.ts';
import { formatVenueTime } from '#adapters/oanda/oanda-time.ts';
import type { Instrument } from '#domain/instrument.ts';
import { NetworkError } from '#domain/network-error.ts';
import type { LiveVenuePort, VenueInput } from '#engine/live-port.ts';
import type { HttpAnswer, HttpRequest, NetworkPort, StreamListener } from '#engine/ports.ts';
import { HandClock } from './hand-clock.ts';

const scriptedAccountId = '101-004-1435156-001';
const scriptedToken = 'CANARY-TOKEN';
/** Monday 2026-01-05 12:00:10 UTC. */
export const scriptStartAt = Date.UTC(2026, 0, 5, 12, 0, 10);

/** A whole answer, no answer after the request was carried out, none because nothing went out, or none at all. */
export type ScriptedAnswer = { readonly status: number; readonly body: unknown } | 'reset' | 'refused' | 'silence';

export interface ScriptedStream {
  readonly url: string;
  readonly isEnded: boolean;
  say(value: unknown): void;
  bytes(text: string): void;
  end(reason?: string): void;
}

export interface ScriptedOanda {
  readonly clock: HandClock;
  readonly venue: LiveVenuePort;
  /** `GET transactions/sinceid?id=5`: the method and what follows the account, or the version where it is not of the account. */
  readonly asked: string[];
  readonly requests: HttpRequest[];
  readonly streams: ScriptedStream[];
  readonly inputs: VenueInput[];
  readonly notices: string[];
  /** What history answers with, by the ids in them. */
  readonly transactions: Record<string, unknown>[];
  readonly account: Record<string, unknown>;
  /** Answers what matches from here on; the last rule that matches counts. */
  on(pattern: RegExp, answer: (asked: string, request: HttpRequest) => ScriptedAnswer): void;
  /** Lets what was just begun set its timers, and then lets time pass. */
  pass(ms: number): Promise<void>;
  /** Opens the venue for EUR_USD and lets both streams come up. */
  open(): Promise<Instrument>;
  /** The newest stream of prices, or of transactions. */
  stream(kind: 'pricing' | 'transactions'): ScriptedStream;
  ofType<T extends VenueInput['type']>(type: T): Extract<VenueInput, { type: T }>[];
}

export const listedEuro = {
  name: 'EUR_USD',
  type: 'CURRENCY',
  displayPrecision: 5,
  pipLocation: -4,
  tradeUnitsPrecision: 0,
  minimumTradeSize: '1',
  maximumOrderUnits: '100000000',
  marginRate: '0.05',
};

/** A venue that says what a test tells it to, on a clock that goes by hand. */
export function scriptOanda(options: Partial<OandaOptions> = {}): ScriptedOanda {
  const clock = new HandClock(scriptStartAt);
  const script = scriptedNetwork(clock);
  const venue = openOanda({
    network: script.network,
    time: clock,
    environment: 'simulated',
    accountId: scriptedAccountId,
    token: scriptedToken,
    desk: { accountCurrency: 'EUR', moneyDecimals: 6 },
    origins: { rest: 'https://rest.oanda.test', stream: 'https://stream.oanda.test' },
    ...options,
  });
  const inputs: VenueInput[] = [];
  const notices: string[] = [];
  const { asked, requests, streams, transactions, account, on } = script;
  const stream = (kind: 'pricing' | 'transactions'): ScriptedStream => {
    const found = streams.findLast(({ url }) => url.includes(`/${kind}/stream`));
    if (found === undefined) throw new Error(`no stream of '${kind}' was opened`);
    return found;
  };
  return {
    clock,
    venue,
    asked,
    requests,
    streams,
    inputs,
    notices,
    transactions,
    account,
    on,
    stream,
    pass: async (ms) => {
      await clock.pass(0);
      await clock.pass(ms);
    },
    open: async () => {
      const [instrument] = await settle(clock, venue.instruments(['EUR_USD']));
      if (instrument === undefined) throw new Error('no instrument was listed');
      venue.open([instrument], { onInput: (input) => inputs.push(input), onNotice: (text) => notices.push(text) });
      await clock.pass(2_000);
      return instrument;
    },
    ofType: <T extends VenueInput['type']>(type: T) =>
      inputs.filter((input): input is Extract<VenueInput, { type: T }> => input.type === type),
  };
}

/** Lets time pass until something has come of a promise. */
export async function settle<T>(clock: HandClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const done = promise.finally(() => {
    isSettled = true;
  });
  done.catch(() => undefined);
  for (let ms = 0; ms < 300_000 && !isSettled; ms += 10) await clock.pass(10);
  return done;
}

function scriptedNetwork(clock: HandClock) {
  const asked: string[] = [];
  const requests: HttpRequest[] = [];
  const streams: ScriptedStream[] = [];
  const transactions: Record<string, unknown>[] = [];
  const account = emptyAccount();
  const rules: { pattern: RegExp; answer: (asked: string, request: HttpRequest) => ScriptedAnswer }[] = [];
  const lastId = (): string => String(transactions.at(-1)?.['id'] ?? account['lastTransactionID']);
  const network: NetworkPort = {
    request: (request, timeoutMs) => {
      const place = placeOf(request);
      asked.push(place);
      requests.push(request);
      const rule = rules.findLast(({ pattern }) => pattern.test(place));
      const answer =
        rule?.answer(place, request) ?? usualAnswer(place, { clock, transactions, account, lastId: lastId() });
      return answered(clock, answer, timeoutMs);
    },
    stream: (request, listener) => {
      const stream = scriptedStream(clock, request, listener);
      streams.push(stream);
      return { close: () => stream.end('closed') };
    },
    socket: () => {
      throw new Error('this venue has no sockets');
    },
  };
  return {
    network,
    asked,
    requests,
    streams,
    transactions,
    account,
    on: (pattern: RegExp, answer: (typeof rules)[number]['answer']) => {
      rules.push({ pattern, answer });
    },
  };
}

function placeOf({ method, url }: HttpRequest): string {
  const path = url.slice(url.indexOf('/v3/') + 4).replace(`accounts/${scriptedAccountId}`, '');
  return `${method} ${decodeURIComponent(path.replace(/^\//, ''))}`;
}

interface Books {
  readonly clock: HandClock;
  readonly transactions: readonly Record<string, unknown>[];
  readonly account: Record<string, unknown>;
  readonly lastId: string;
}

function usualAnswer(asked: string, { clock, transactions, account, lastId }: Books): ScriptedAnswer {
  if (asked === 'GET accounts') return ok({ accounts: [{ id: scriptedAccountId, tags: [] }] });
  if (asked === 'GET ') return ok({ account: { ...account, lastTransactionID: lastId }, lastTransactionID: lastId });
  if (asked === 'GET instruments') return ok({ instruments: [listedEuro], lastTransactionID: lastId });
  if (asked.startsWith('GET pricing')) return ok({ time: formatVenueTime(clock.now()), prices: [] });
  if (asked.includes('/candles?')) return ok({ instrument: 'EUR/USD', granularity: 'M1', candles: [] });
  if (asked === 'GET pendingOrders') return ok({ orders: account['orders'], lastTransactionID: lastId });
  const since = /sinceid\?id=(\d+)$/.exec(asked)?.[1];
  if (since === undefined) return { status: 404, body: { errorMessage: 'nothing there' } };
  const later = transactions.filter(({ id }) => BigInt(String(id)) > BigInt(since));
  return ok({ transactions: later, lastTransactionID: lastId });
}

export function ok(body: unknown, status = 200): ScriptedAnswer {
  return { status, body };
}

function answered(clock: HandClock, answer: ScriptedAnswer, timeoutMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    if (answer === 'silence') {
      clock.after(timeoutMs, () => reject(new NetworkError('no answer in time', true)));
    } else if (answer === 'reset') clock.after(1, () => reject(new NetworkError('the connection was reset', true)));
    else if (answer === 'refused') clock.after(1, () => reject(new NetworkError('the connection was refused', false)));
    else {
      const { status, body } = answer;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      clock.after(1, () => resolve({ status, headers: { 'content-type': 'application/json' }, body: text }));
    }
  });
}

/** It comes up after a millisecond, with status 200. */
function scriptedStream(clock: HandClock, request: HttpRequest, listener: StreamListener): ScriptedStream {
  let isEnded = false;
  const encoder = new TextEncoder();
  clock.after(1, () => {
    if (!isEnded) listener.onOpen({ status: 200, headers: {} });
  });
  const bytes = (text: string): void => {
    if (!isEnded) listener.onBytes(encoder.encode(text));
  };
  return {
    url: request.url,
    get isEnded() {
      return isEnded;
    },
    bytes,
    say: (value) => bytes(`${JSON.stringify(value)}\n`),
    end: (reason = 'the other side ended it') => {
      if (isEnded) return;
      isEnded = true;
      listener.onClose(reason);
    },
  };
}

function emptyAccount(): Record<string, unknown> {
  return {
    id: scriptedAccountId,
    currency: 'EUR',
    balance: '1000.0000',
    hedgingEnabled: false,
    marginCloseoutPercent: '0.10000',
    lastTransactionID: '100',
    positions: [],
    orders: [],
    trades: [],
  };
}
