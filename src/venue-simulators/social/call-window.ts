import type { TimePort } from '#engine/ports.ts';

/** How a window stands after a call. */
export interface CallCount {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** When the window ends, milliseconds UTC. */
  readonly resetAt: number;
}

const callersMax = 10_000;

/** Calls of each caller in windows that begin with the first call of each. Where too many callers are counted, the count begins anew. */
export class CallWindow {
  readonly #time: TimePort;
  readonly #windowMs: number;
  readonly #calls = new Map<string, { endAt: number; count: number }>();

  constructor(time: TimePort, windowMs: number) {
    this.#time = time;
    this.#windowMs = windowMs;
  }

  count(caller: string, callsMax: number): CallCount {
    const now = this.#time.now();
    const held = this.#calls.get(caller);
    const window = held !== undefined && held.endAt > now ? held : { endAt: now + this.#windowMs, count: 0 };
    if (held === undefined && this.#calls.size >= callersMax) this.#calls.clear();
    this.#calls.set(caller, window);
    const isAllowed = window.count < callsMax;
    if (isAllowed) window.count += 1;
    return { isAllowed, remaining: Math.max(0, callsMax - window.count), resetAt: window.endAt };
  }
}
