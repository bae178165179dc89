import { parseExactJson } from '#adapters/wire/exact-json.ts';
import { type ConnectionEvents, KeptConnection } from '#adapters/wire/kept-connection.ts';
import { LineSplitter } from '#adapters/wire/line-splitter.ts';
import type { RateBudget } from '#adapters/wire/rate-budget.ts';
import { WireError } from '#adapters/wire/wire-error.ts';
import type { Connection, NetworkPort, TimePort } from '#engine/ports.ts';
import { withoutSecrets } from './excerpt.ts';
import { list, requestHeaders } from './rest.ts';

/** The venue says something every five seconds; two of these missing are a dead stream (oanda/v20-python#8). */
const streamIdleMs = 10_000;
const connectTimeoutMs = 10_000;

export interface LineStreamOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  readonly budget: Pick<RateBudget, 'take'>;
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly onUp: () => void;
  /** Also for each attempt that fails. */
  readonly onDown: (reason: string) => void;
  /** A line that was JSON, heartbeats included. */
  readonly onValue: (value: unknown) => void;
  readonly onBadLine: (line: string) => void;
  /** The venue answered with another status than 200. */
  readonly onStatus: (status: number) => void;
}

export interface LineStream {
  open(): void;
  close(): void;
  restart(reason: string): void;
}

/**
 * A stream of JSON lines that is kept open. Any line shows that it is alive, and each stream has a watch of its own, so that a healthy one
 * does not stand in for a dead one.
 */
export function lineStream(options: LineStreamOptions): LineStream {
  const kept: KeptConnection = new KeptConnection({
    time: options.time,
    name: options.name,
    idleMs: streamIdleMs,
    connectTimeoutMs,
    onUp: options.onUp,
    onDown: options.onDown,
    connect: (events) => beginStream(options, events, () => kept.alive()),
  });
  return {
    open: () => kept.open(),
    close: () => kept.close(),
    restart: (reason) => kept.restart(reason),
  };
}

export function pricingStreamUrl(origin: string, accountId: string, symbols: readonly string[]): string {
  const account = encodeURIComponent(accountId);
  return `${origin}/v3/accounts/${account}/pricing/stream?instruments=${list(symbols)}&snapshot=true`;
}

export function transactionStreamUrl(origin: string, accountId: string): string {
  return `${origin}/v3/accounts/${encodeURIComponent(accountId)}/transactions/stream`;
}

/** One attempt: what comes after its end is not heard. */
interface Attempt {
  readonly options: LineStreamOptions;
  readonly events: ConnectionEvents;
  readonly alive: () => void;
  readonly splitter: LineSplitter;
  connection: Connection | undefined;
  isOpen: boolean;
  isEnded: boolean;
}

/** Connections are counted too, so the stream begins when there is room for one more. */
function beginStream(options: LineStreamOptions, events: ConnectionEvents, alive: () => void): Connection {
  const splitter = new LineSplitter();
  const attempt: Attempt = { options, events, alive, splitter, connection: undefined, isOpen: false, isEnded: false };
  options.budget
    .take({ connections: 1 }, 'normal', connectTimeoutMs)
    .then((taken) => {
      if (attempt.isEnded) return;
      if (taken === 'taken') openStream(attempt);
      else endAttempt(attempt, taken.reason);
    })
    .catch((error: unknown) => endAttempt(attempt, error instanceof Error ? error.message : String(error)));
  return { close: () => endAttempt(attempt, 'closed') };
}

function openStream(attempt: Attempt): void {
  const { options, events } = attempt;
  const connection = options.network.stream(
    { method: 'GET', url: options.url, headers: requestHeaders(options.token) },
    {
      onOpen: ({ status }) => {
        if (attempt.isEnded) return;
        options.onStatus(status);
        attempt.isOpen = status === 200;
        if (attempt.isOpen) events.onOpen();
        else endAttempt(attempt, `'${options.name}' was answered with status '${status}'`);
      },
      onBytes: (bytes) => takeBytes(attempt, bytes),
      onClose: (reason) => endAttempt(attempt, reason),
    },
  );
  attempt.connection = connection;
  if (attempt.isEnded) connection.close();
}

function endAttempt(attempt: Attempt, reason: string): void {
  if (attempt.isEnded) return;
  attempt.isEnded = true;
  attempt.connection?.close();
  attempt.events.onClose(reason);
}

function takeBytes(attempt: Attempt, bytes: Uint8Array): void {
  if (!attempt.isOpen || attempt.isEnded) return;
  let lines: string[];
  try {
    lines = attempt.splitter.push(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    endAttempt(attempt, error.message);
    return;
  }
  for (const line of lines) {
    if (attempt.isEnded) return;
    attempt.alive();
    takeLine(attempt.options, withoutSecrets(line, [attempt.options.token]));
  }
}

function takeLine(options: LineStreamOptions, line: string): void {
  let value: unknown;
  try {
    value = parseExactJson(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    options.onBadLine(line);
    return;
  }
  options.onValue(value);
}
