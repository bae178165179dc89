import { Redis } from 'ioredis';
import { BusError, messageOf } from './bus-error.ts';

export interface ValkeyConnectionOptions {
  /** Longest wait for the connection and its handshake; 3 s unless told. */
  readonly connectTimeoutMs?: number;
  /** Longest wait for one answer; 15 s unless told, which is above the longest blocking read. */
  readonly commandTimeoutMs?: number;
}

const schemes: Readonly<Record<string, string>> = {
  'redis:': 'redis:',
  'rediss:': 'rediss:',
  'valkey:': 'redis:',
  'valkeys:': 'rediss:',
};

/**
 * A connection that is made when it is first needed, and anew after it broke. It neither waits nor tries again by itself: a call during an
 * outage rejects at once, and the caller, who has a clock, decides when to come back.
 */
export class ValkeyConnection {
  readonly #url: string;
  readonly #address: string;
  readonly #options: ValkeyConnectionOptions;
  #opening: Promise<Redis> | undefined;
  #client: Redis | undefined;
  #isClosed = false;

  /** Throws a `BusError` of code `address` where the address is none of a store. */
  constructor(url: string, options: ValkeyConnectionOptions = {}) {
    this.#url = url;
    this.#address = plainAddress(url);
    this.#options = options;
  }

  /** Does one piece of work; what goes wrong is a `BusError` that says what was tried. */
  async use<T>(what: string, work: (client: Redis) => Promise<T>): Promise<T> {
    const client = this.#client?.status === 'ready' ? this.#client : await this.#opened();
    try {
      return await work(client);
    } catch (error) {
      throw this.#failure(what, error);
    }
  }

  /** Whatever waits for an answer rejects. */
  close(): void {
    this.#isClosed = true;
    this.#client?.disconnect();
  }

  #opened(): Promise<Redis> {
    if (this.#isClosed) return Promise.reject(new BusError('closed', 'the bus is closed'));
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(): Promise<Redis> {
    const { connectTimeoutMs = 3_000, commandTimeoutMs = 15_000 } = this.#options;
    const client = new Redis(this.#address, {
      lazyConnect: true,
      connectTimeout: connectTimeoutMs,
      commandTimeout: commandTimeoutMs,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      disableClientInfo: true,
      protocol: 2,
    });
    let problem = '';
    client.on('error', (error: Error) => {
      problem = error.message;
    });
    this.#client?.disconnect();
    this.#client = client;
    try {
      await within(connectTimeoutMs, client.connect());
    } catch (error) {
      client.disconnect();
      throw this.#failure('connecting', problem === '' ? error : new Error(problem));
    }
    if (!this.#isClosed) return client;
    client.disconnect();
    throw new BusError('closed', 'the bus is closed');
  }

  #failure(what: string, error: unknown): BusError {
    if (error instanceof BusError) return error;
    const message = withoutSecrets(messageOf(error), this.#url);
    if (message.startsWith('NOGROUP')) return new BusError('noGroup', `${what}: ${message}`);
    const isAnswer = error instanceof Error && error.name === 'ReplyError';
    // A store that loads its file, or has just become a replica, does not serve yet; it is asked again like one that is away.
    if (isAnswer && !/^(?:LOADING|READONLY|MASTERDOWN|NOAUTH|WRONGPASS)/.test(message)) {
      return new BusError('failed', `${what} failed: ${message}`);
    }
    if (this.#isClosed) return new BusError('closed', 'the bus is closed');
    return new BusError('unreachable', `no store answers at '${shownAddress(this.#url)}' (${what}): ${message}`);
  }
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

function plainAddress(url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  const scheme = schemes[protocol];
  if (scheme !== undefined) return scheme + url.slice(protocol.length);
  const found = protocol === '' ? 'a text that is no address' : `'${protocol}//'`;
  throw new BusError('address', `a store's address begins with 'redis://' or 'rediss://', found ${found}`);
}

/** The address without its user, password and options, fit to be printed. */
function shownAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function withoutSecrets(text: string, url: string): string {
  const { username, password } = new URL(url);
  return [password, decodeURIComponent(password), username]
    .filter((secret) => secret.length > 3)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
