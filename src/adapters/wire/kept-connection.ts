import { assert } from '#base/assert.ts';
import type { Connection, TimePort } from '#engine/ports.ts';
import { spreadMs } from './spread-ms.ts';

/** A connection that stayed up for so long was a good one: the waits begin anew after it. */
const goodMs = 60_000;

/** What a connection under way tells of itself. */
export interface ConnectionEvents {
  onOpen(): void;
  onClose(reason: string): void;
}

export interface KeptConnectionOptions {
  readonly time: TimePort;
  readonly name: string;
  /** Begins a connection and lets it tell of its opening and its end. */
  readonly connect: (events: ConnectionEvents) => Connection;
  /** It is dead when no payload came for so long. */
  readonly idleMs: number;
  readonly connectTimeoutMs?: number;
  /** After so long it is replaced as planned, at once. */
  readonly lifeMs?: number;
  /** The waits before one attempt after another; the last one is kept. */
  readonly backoffMs?: readonly number[];
  readonly onUp: () => void;
  /** A connection ended or an attempt failed, also several times in a row; `renewal` where that was planned. Not called for our own close. */
  readonly onDown: (reason: string) => void;
}

/** All instants are of the clock that only goes forward, so that a step of the time of day neither ends nor keeps a connection. */
type State =
  | { readonly type: 'closed' }
  | { readonly type: 'waiting'; readonly untilAt: number }
  | { readonly type: 'connecting'; readonly untilAt: number }
  | { readonly type: 'up'; readonly sinceAt: number; payloadAt: number };

/**
 * Keeps a stream or socket open: connects again with growing waits when it ends, gives up on one that carries nothing (pings and
 * acknowledgements are no payloads), and replaces it before the venue would. Has one timer at most.
 */
export class KeptConnection {
  readonly #options: KeptConnectionOptions;
  readonly #time: TimePort;
  readonly #connectTimeoutMs: number;
  readonly #lifeMs: number;
  readonly #backoffMs: readonly number[];
  #state: State = { type: 'closed' };
  #connection: Connection | undefined;
  /** Counts attempts, so that what an earlier one still tells is not heard. */
  #attempt = 0;
  #failures = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: KeptConnectionOptions) {
    assert(Number.isFinite(options.idleMs), `an idle time has an end, found '${options.idleMs}'`);
    this.#options = options;
    this.#time = options.time;
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
    this.#lifeMs = options.lifeMs ?? Number.POSITIVE_INFINITY;
    this.#backoffMs = options.backoffMs ?? [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
  }

  /** Begins to connect; does nothing where it has begun. */
  open(): void {
    if (this.#state.type === 'closed') this.#connect();
  }

  /** Ends it for good, until it is opened again; nothing is told of that. */
  close(): void {
    this.#state = { type: 'closed' };
    this.#failures = 0;
    this.#drop();
  }

  /** Gives the connection up and makes another after a wait. */
  restart(reason: string): void {
    if (this.#state.type === 'up' || this.#state.type === 'connecting') this.#lose(reason);
  }

  /** A payload arrived. */
  alive(): void {
    if (this.#state.type === 'up') this.#state.payloadAt = this.#time.monotonic();
  }

  get isUp(): boolean {
    return this.#state.type === 'up';
  }

  /** Milliseconds since the last payload, or since it came up; infinite while it is down. */
  get payloadAgeMs(): number {
    return this.#state.type === 'up' ? this.#time.monotonic() - this.#state.payloadAt : Number.POSITIVE_INFINITY;
  }

  #connect(): void {
    this.#drop();
    const attempt = this.#attempt;
    this.#state = { type: 'connecting', untilAt: this.#time.monotonic() + this.#connectTimeoutMs };
    this.#arm();
    const connection = this.#options.connect({
      onOpen: () => {
        if (attempt === this.#attempt && this.#state.type === 'connecting') this.#rise();
      },
      onClose: (reason) => {
        if (attempt === this.#attempt) this.#lose(reason);
      },
    });
    if (attempt === this.#attempt) this.#connection = connection;
    else connection.close();
  }

  #rise(): void {
    const now = this.#time.monotonic();
    this.#state = { type: 'up', sinceAt: now, payloadAt: now };
    this.#arm();
    this.#options.onUp();
  }

  #lose(reason: string): void {
    const now = this.#time.monotonic();
    if (this.#state.type === 'up' && now - this.#state.sinceAt >= goodMs) this.#failures = 0;
    const waitMs = this.#backoffMs[Math.min(this.#failures, this.#backoffMs.length - 1)] ?? 0;
    this.#failures++;
    this.#state = { type: 'waiting', untilAt: now + spreadMs(waitMs, this.#time) };
    this.#drop();
    this.#arm();
    this.#options.onDown(reason);
  }

  #renew(): void {
    const between: State = { type: 'waiting', untilAt: this.#time.monotonic() };
    this.#failures = 0;
    this.#state = between;
    this.#drop();
    this.#options.onDown('renewal');
    if (this.#state === between) this.#connect();
  }

  /** Whatever the attempt under way still tells is of no account from here on. */
  #drop(): void {
    this.#cancelTimer();
    this.#attempt++;
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
  }

  #arm(): void {
    this.#cancelTimer();
    const dueAt = this.#dueAt();
    if (dueAt === undefined) return;
    const ms = Math.max(0, Math.ceil(dueAt - this.#time.monotonic()));
    this.#cancelTimer = this.#time.after(ms, () => this.#look());
  }

  #dueAt(): number | undefined {
    const state = this.#state;
    switch (state.type) {
      case 'closed':
        return undefined;
      case 'waiting':
      case 'connecting':
        return state.untilAt;
      case 'up':
        return Math.min(state.payloadAt + this.#options.idleMs, state.sinceAt + this.#lifeMs);
    }
  }

  /** Payloads do not move the timer; when it comes too early for that it is set anew. */
  #look(): void {
    const state = this.#state;
    const now = this.#time.monotonic();
    if (now < (this.#dueAt() ?? Number.POSITIVE_INFINITY)) this.#arm();
    else if (state.type === 'waiting') this.#connect();
    else if (state.type === 'connecting')
      this.#lose(`'${this.#options.name}' did not open within '${this.#connectTimeoutMs}' ms`);
    else if (state.type === 'up' && now - state.payloadAt >= this.#options.idleMs) {
      this.#lose(`'${this.#options.name}' carried nothing for '${Math.round(now - state.payloadAt)}' ms`);
    } else this.#renew();
  }
}
