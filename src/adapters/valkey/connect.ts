import { Redis } from 'ioredis';
import { StoreError } from './store-error.ts';

export interface ConnectOptions {
  /** Longest wait for the connection and its handshake; 3 s unless told. */
  readonly connectTimeoutMs?: number;
  /** Longest wait for one answer; 10 s unless told. */
  readonly commandTimeoutMs?: number;
}

const schemes: Readonly<Record<string, string>> = {
  'redis:': 'redis:',
  'rediss:': 'rediss:',
  'valkey:': 'redis:',
  'valkeys:': 'rediss:',
};

/**
 * A connection to the store, ready to use. It is tried once, and a connection that breaks is not mended: a command that runs
 * once is better told than kept waiting. Throws a `StoreError` of code `address` or `unreachable`; end it with `disconnect`.
 */
export async function connectValkey(url: string, options: ConnectOptions = {}): Promise<Redis> {
  const { connectTimeoutMs = 3_000, commandTimeoutMs = 10_000 } = options;
  const client = new Redis(plainAddress(url), {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    disableClientInfo: true,
    protocol: 2,
  });
  let problem = '';
  client.on('error', (error: Error) => {
    problem = error.message;
  });
  try {
    await within(connectTimeoutMs, client.connect());
    return client;
  } catch (error) {
    client.disconnect();
    const reason = withoutSecrets(problem === '' ? messageOf(error) : problem, url);
    throw new StoreError('unreachable', `no store answers at '${shownAddress(url)}': ${reason}`);
  }
}

/** The address without its user, password and options, fit to be printed. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url)) return 'an address that is none';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** What went wrong with a command, as a `StoreError` of code `failed`. */
export function commandFailure(what: string, error: unknown): StoreError {
  return error instanceof StoreError ? error : new StoreError('failed', `${what} failed: ${messageOf(error)}`);
}

function plainAddress(url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  const scheme = schemes[protocol];
  if (scheme === undefined) {
    const found = protocol === '' ? 'a text that is no address' : `'${protocol}//'`;
    throw new StoreError('address', `a store's address begins with 'redis://' or 'rediss://', found ${found}`);
  }
  return scheme + url.slice(protocol.length);
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    // A connection that fails after the wait is over has nobody left to tell.
    work.catch(() => undefined);
  }
}

function withoutSecrets(text: string, url: string): string {
  const { username, password } = new URL(url);
  return [password, decodeURIComponent(password), username]
    .filter((secret) => secret.length > 3)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
