import { parseExactJson } from '#adapters/wire/exact-json.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import type { BinanceRest } from './rest.ts';
import { listenKeySchema } from './schema.ts';
import { RenewedStream } from './stream.ts';

/** The venue pings every three minutes: a socket without pings and payloads for so long is dead. */
const idleMs = 600_000;
/** A key lives an hour. It is extended, and thereby looked after, far more often than it must be. */
export const extendEveryMs = 60_000;
const keyRetryMs = [1_000, 2_000, 5_000, 10_000, 30_000];
/** Messages that are remembered to know a repeated one by: after a renewal some come over two sockets. */
export const seenMessagesMax = 2_000;

export interface UserStreamOptions {
  readonly time: TimePort;
  readonly network: NetworkPort;
  readonly rest: BinanceRest;
  readonly origin: string;
  readonly onNotice: (text: string) => void;
  /** A payload, each one once; `text` is as it came. */
  readonly onPayload: (payload: unknown, text: string) => void;
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
}

/**
 * The account's own stream under its key. All processes of an account share one key, so that it is never deleted, only given up. The
 * address carries no list of events: one that is not on such a list is never heard of, the end of the key among them.
 */
export class UserStream {
  readonly #options: UserStreamOptions;
  readonly #stream: RenewedStream;
  readonly #seen = new Set<string>();
  #key: string | undefined;
  #isRotating = false;
  #isClosed = false;
  #isOpen = false;
  #cancelTimer: () => void = () => undefined;
  #cancelWait: () => void = () => undefined;

  constructor(options: UserStreamOptions) {
    const { time, network, origin, onUp, onDown } = options;
    this.#options = options;
    this.#stream = new RenewedStream({
      time,
      network,
      name: 'the account stream',
      url: () => `${origin}/private/ws?listenKey=${this.#key ?? ''}`,
      idleMs,
      livesByPings: true,
      onText: (text) => this.#onText(text),
      onUp,
      onDown,
    });
  }

  open(): void {
    void this.rotate('begin');
    this.#extendLater();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#cancelWait();
    this.#stream.close();
  }

  get isUp(): boolean {
    return this.#stream.isUp;
  }

  /** Gets the key that is valid now and connects with it; keeps trying until the venue gives one. */
  async rotate(reason: string): Promise<void> {
    if (this.#isRotating || this.#isClosed) return;
    this.#isRotating = true;
    if (this.#isOpen) this.#options.onDown(reason);
    for (let tries = 0; !this.#isClosed; tries++) {
      const key = await this.#createKey();
      if (key !== undefined) {
        this.#key = key;
        break;
      }
      await this.#wait(keyRetryMs[Math.min(tries, keyRetryMs.length - 1)] ?? 0);
    }
    this.#isRotating = false;
    if (this.#isClosed) return;
    if (this.#isOpen) this.#stream.restart(reason);
    else this.#stream.open();
    this.#isOpen = true;
  }

  async #createKey(): Promise<string | undefined> {
    try {
      const { listenKey } = await this.#options.rest.ask('createListenKey', {}, listenKeySchema);
      return listenKey;
    } catch (error) {
      this.#options.onNotice(`no key for the account stream: ${error instanceof Error ? error.message : 'no reason'}`);
      return undefined;
    }
  }

  #extendLater(): void {
    this.#cancelTimer = this.#options.time.after(extendEveryMs, () => {
      void this.#extend();
      this.#extendLater();
    });
  }

  async #extend(): Promise<void> {
    if (this.#key === undefined || this.#isRotating) return;
    const answer = await this.#options.rest.call('extendListenKey', {}, { priority: 'reduction' });
    if (answer.type === 'refused' && answer.code === '-1125') {
      await this.rotate('the key of the account stream is not known to the venue');
      return;
    }
    if (answer.type !== 'confirmed') {
      this.#options.onNotice(`the key of the account stream was not extended: ${answer.reason}`);
      return;
    }
    const told = listenKeySchema.safeParse(answer.body);
    if (told.success && told.data.listenKey !== this.#key) await this.rotate('the account stream has another key');
  }

  #onText(text: string): void {
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    const oldest = this.#seen.size > seenMessagesMax ? this.#seen.values().next().value : undefined;
    if (oldest !== undefined) this.#seen.delete(oldest);
    this.#options.onPayload(parsed(text), text);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((done) => {
      this.#cancelWait = this.#options.time.after(ms, done);
    });
  }
}

/** The payload itself, whichever way the stream wraps it; undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    const payload = parseExactJson(text);
    const data: unknown = Reflect.get(Object(payload), 'data');
    return data === undefined ? payload : data;
  } catch {
    return undefined;
  }
}
