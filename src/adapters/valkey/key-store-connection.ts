import type { Redis } from 'ioredis';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type { TimePort } from '#engine/ports.ts';
import { connectValkey, shownAddress } from './connect.ts';
import { refusalOf } from './key-store-replies.ts';
import { StoreError } from './store-error.ts';

/** The connection came up or was lost. */
export type ConnectionNews = { readonly type: 'up' } | { readonly type: 'down'; readonly reason: string };

export interface ConnectionOptions {
  readonly time: TimePort;
  /** Longest wait for one answer; 10 s unless told. A store that takes longer counts as lost. */
  readonly commandTimeoutMs?: number;
  /** Hears each change, from the first connection on. */
  onConnection?(news: ConnectionNews): void;
}

/** Whether a command that was sent and not answered may have changed something. */
export type CommandKind = 'read' | 'write';

const firstRetryMs = 100;
/** A store that is away is asked this often, for as long as the process lives: well within the time after which an unread switch stops a desk. */
const retryMsMax = 1_000;

/**
 * A connection that is mended whenever it breaks. While it is down every command fails at once: nothing is kept waiting, since by then
 * the caller may know better.
 */
export class LastingConnection {
  readonly #url: string;
  readonly #options: ConnectionOptions;
  #client: Redis | undefined;
  #problem = 'not connected yet';
  #isClosed = false;
  #retries = 0;
  #cancelRetry: (() => void) | undefined;
  #connecting: Promise<void> = Promise.resolve();

  private constructor(url: string, options: ConnectionOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** Comes back after the first try, up or down. Throws a `StoreError` of code `address` where the address is none. */
  static async open(url: string, options: ConnectionOptions): Promise<LastingConnection> {
    const connection = new LastingConnection(url, options);
    await connection.#connect();
    return connection;
  }

  /**
   * Sends a command. Throws a `KeyStoreError`: `unreachable` where nothing was done, `unknown` where a write was sent and the connection
   * ended before its answer, `failed` where the store answered with an error.
   */
  async run<T>(kind: CommandKind, what: string, send: (client: Redis) => Promise<T>): Promise<T> {
    const client = this.#client;
    if (client === undefined || client.status !== 'ready') {
      throw new KeyStoreError('unreachable', `${what}: the store at '${this.#shown}' is away: ${this.#problem}`);
    }
    try {
      return await send(client);
    } catch (error) {
      if (error instanceof KeyStoreError) throw error;
      throw this.#failure(client, { kind, what, error });
    }
  }

  /** Ends the connection and the attempts to mend it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#problem = 'closed';
    this.#cancelRetry?.();
    this.#client?.disconnect();
    this.#client = undefined;
    await this.#connecting;
  }

  get #shown(): string {
    return shownAddress(this.#url);
  }

  #failure(client: Redis, { kind, what, error }: { kind: CommandKind; what: string; error: unknown }): KeyStoreError {
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#lose(client, reason);
      const code = kind === 'write' ? 'unknown' : 'unreachable';
      return new KeyStoreError(code, `${what}: the store at '${this.#shown}' did not answer: ${reason}`);
    }
    // A replica answers so after a failover; its address may lead elsewhere by now.
    if (refusal.startsWith('READONLY')) this.#lose(client, refusal);
    return new KeyStoreError('failed', `${what} failed: ${refusal}`);
  }

  async #connect(): Promise<void> {
    try {
      const { commandTimeoutMs = 10_000 } = this.#options;
      const client = await connectValkey(this.#url, { commandTimeoutMs });
      client.on('close', () => this.#lose(client, 'the connection ended'));
      this.#greet(client);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'address') throw error;
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #greet(client: Redis): void {
    // It may have ended between its being ready and being listened to.
    if (this.#isClosed || client.status !== 'ready') {
      client.disconnect();
      this.#fail('the connection ended');
      return;
    }
    this.#client = client;
    this.#retries = 0;
    this.#options.onConnection?.({ type: 'up' });
  }

  #lose(client: Redis, reason: string): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.disconnect();
    this.#fail(reason);
  }

  #fail(reason: string): void {
    if (this.#isClosed) return;
    this.#problem = reason;
    if (this.#retries === 0) this.#options.onConnection?.({ type: 'down', reason });
    const { time } = this.#options;
    // The exponent is bounded so that years of absence do no harm.
    const spanMs = Math.min(retryMsMax, firstRetryMs * 2 ** Math.min(this.#retries, 16));
    this.#retries += 1;
    this.#cancelRetry = time.after(spanMs * (0.5 + time.random() / 2), () => {
      this.#connecting = this.#connect();
    });
  }
}
