import type { TimePort } from '#engine/ports.ts';
import { nextIdText, type VenueIds } from './venue-ids.ts';
import { type WireJson, wireJson } from './wire-json.ts';

/** An event of the account's own stream. */
export type UserEvent = { readonly [key: string]: WireJson } & { readonly e: string; readonly E: number | string };

/** A connection that has asked for the account's events. */
export interface UserListener {
  readonly listenKey: string;
  /** The only events it wants, or all. */
  readonly events: ReadonlySet<string> | undefined;
  send(text: string): void;
}

/** How long a key lives unless it is extended. */
export const LISTEN_KEY_LIFE_MS = 60 * 60_000;

/** How many fills can be told once more. */
export const FILLS_MAX = 100;

interface ListenKey {
  readonly text: string;
  readonly forgetTimer: () => void;
}

/** The account's one listen key and whoever listens by it. A key that has ended leaves its connections open and silent. */
export class UserStream {
  readonly #time: TimePort;
  readonly #ids: VenueIds;
  readonly #serverNow: () => number;
  readonly #listeners = new Set<UserListener>();
  #key: ListenKey | undefined;
  /** Some of the venue's servers write the time of an expiry as a text. */
  isExpiryTimeText = true;
  /** The latest fills as they were told, oldest first. */
  readonly #fills: string[] = [];
  /** How many of the next events are lost, and how many fills are told twice. */
  dropCount = 0;
  duplicateCount = 0;

  constructor({ time, ids, serverNow }: { time: TimePort; ids: VenueIds; serverNow: () => number }) {
    this.#time = time;
    this.#ids = ids;
    this.#serverNow = serverNow;
  }

  /** The account's key, a new one where none lives; either way it lives another hour. */
  create(): string {
    const text = this.#key?.text ?? nextIdText(this.#ids, 64);
    this.#keep(text);
    return text;
  }

  /** False where no key lives. */
  extend(): boolean {
    if (this.#key === undefined) return false;
    this.#keep(this.#key.text);
    return true;
  }

  /** Ends the key for everybody who uses it, without a word. */
  remove(): boolean {
    const wasLiving = this.#key !== undefined;
    this.#key?.forgetTimer();
    this.#key = undefined;
    return wasLiving;
  }

  /** Ends the key as its age would, and says so on its connections. */
  expire(): void {
    const text = this.#key?.text;
    if (text === undefined) return;
    const now = this.#serverNow();
    this.send({ e: 'listenKeyExpired', E: this.isExpiryTimeText ? String(now) : now, listenKey: text });
    this.remove();
  }

  isLiving(listenKey: string): boolean {
    return this.#key?.text === listenKey;
  }

  /** Takes back the listening. A key that does not live is taken too, and stays silent. */
  listen(listener: UserListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(event: UserEvent): void {
    if (event.e !== 'listenKeyExpired' && this.dropCount > 0) {
      this.dropCount -= 1;
      return;
    }
    const times = this.#timesOf(event);
    const wanting = this.#wanting(event.e);
    const isKept = isFill(event);
    if (wanting.length === 0 && !isKept) return;
    const text = wireJson(event);
    if (isKept) this.#keepFill(text);
    for (let time = 0; time < times; time += 1) for (const listener of wanting) listener.send(text);
  }

  /** Tells the latest fills once more, as they were told then. */
  replayFills(count: number): void {
    if (count === 0) return;
    for (const text of this.#fills.slice(-count)) {
      for (const listener of this.#wanting('ORDER_TRADE_UPDATE')) listener.send(text);
    }
  }

  close(): void {
    this.remove();
    this.#listeners.clear();
  }

  #wanting(type: string): UserListener[] {
    return [...this.#listeners].filter(
      ({ listenKey, events }) => this.isLiving(listenKey) && (events === undefined || events.has(type)),
    );
  }

  #keepFill(text: string): void {
    this.#fills.push(text);
    if (this.#fills.length > FILLS_MAX) this.#fills.shift();
  }

  #timesOf(event: UserEvent): number {
    if (!isFill(event) || this.duplicateCount === 0) return 1;
    this.duplicateCount -= 1;
    return 2;
  }

  #keep(text: string): void {
    this.#key?.forgetTimer();
    this.#key = { text, forgetTimer: this.#time.after(LISTEN_KEY_LIFE_MS, () => this.expire()) };
  }
}

function isFill({ e, o: order }: UserEvent): boolean {
  if (e !== 'ORDER_TRADE_UPDATE') return false;
  return typeof order === 'object' && order !== null && 'x' in order && order.x === 'TRADE';
}
