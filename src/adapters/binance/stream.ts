import { KeptConnection } from '#adapters/wire/kept-connection.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';

/** The venue ends every socket after a day; ours are replaced an hour before, not all at once. */
const lifeMs = 23 * 3_600_000;
const lifeSpreadMs = 1_200_000;
/** For so long the old and the new one run side by side. */
export const overlapMs = 5_000;

export interface RenewedStreamOptions {
  readonly time: TimePort;
  readonly network: NetworkPort;
  readonly name: string;
  /** Asked for anew at each attempt, since it may hold a key that changes. */
  readonly url: () => string;
  readonly idleMs: number;
  /** Whether a ping proves that it lives: only for a stream that may have nothing to say. */
  readonly livesByPings: boolean;
  readonly onText: (text: string) => void;
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
}

/**
 * A socket that is kept open and replaced before the venue ends it: the new one is open before the old one goes, so that nothing is missed
 * and some things come twice.
 */
export class RenewedStream {
  readonly #options: RenewedStreamOptions;
  #current: KeptConnection;
  #next: KeptConnection | undefined;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(options: RenewedStreamOptions) {
    this.#options = options;
    this.#current = this.#connection();
  }

  open(): void {
    this.#current.open();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#next?.close();
    this.#current.close();
  }

  restart(reason: string): void {
    this.#dropNext();
    this.#current.restart(reason);
  }

  get isUp(): boolean {
    return this.#current.isUp;
  }

  #connection(): KeptConnection {
    const { time, network, name, url, idleMs, livesByPings, onText } = this.#options;
    const kept: KeptConnection = new KeptConnection({
      time,
      name,
      idleMs,
      connect: (events) =>
        network.socket(url(), {
          onOpen: () => events.onOpen(),
          onText: (text) => {
            kept.alive();
            onText(text);
          },
          onPing: () => {
            if (livesByPings) kept.alive();
          },
          onClose: (reason) => events.onClose(reason),
        }),
      onUp: () => this.#onUp(kept),
      onDown: (reason) => this.#onDown(kept, reason),
    });
    return kept;
  }

  #onUp(kept: KeptConnection): void {
    if (kept === this.#next) {
      this.#wait(overlapMs, () => this.#promote());
      return;
    }
    this.#wait(lifeMs + Math.floor(this.#options.time.random() * lifeSpreadMs), () => this.#renew());
    this.#options.onUp();
  }

  #onDown(kept: KeptConnection, reason: string): void {
    if (kept !== this.#current) return;
    if (this.#next?.isUp === true) {
      this.#promote();
      return;
    }
    this.#dropNext();
    this.#options.onDown(reason);
  }

  #renew(): void {
    this.#next = this.#connection();
    this.#next.open();
  }

  #promote(): void {
    const next = this.#next;
    if (next === undefined) return;
    this.#next = undefined;
    this.#current.close();
    this.#current = next;
    this.#wait(lifeMs, () => this.#renew());
  }

  #dropNext(): void {
    this.#cancelTimer();
    this.#next?.close();
    this.#next = undefined;
  }

  #wait(ms: number, act: () => void): void {
    this.#cancelTimer();
    if (!this.#isClosed) this.#cancelTimer = this.#options.time.after(ms, act);
  }
}
