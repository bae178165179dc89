import type { WireRequest } from '../wire-server.ts';
import { failed, type RouteAnswer } from './exchange.ts';

/** Streams that one address may have open (developer guide). */
export const STREAMS_MAX = 20;
const secondMs = 1_000;
/** How many addresses are counted at once; the oldest are forgotten first. */
const addressesMax = 10_000;

export interface GateCounters {
  readonly requests: number;
  readonly refusedByRate: number;
  readonly streamsOpened: number;
  readonly streamsRefused: number;
  /** The most streams that were opened within a second: the venue asks for no more than two. */
  readonly streamsPerSecondMax: number;
}

interface AddressCount {
  /** Instants of the requests of the last second, oldest first. */
  readonly requestsAt: number[];
  readonly streamsAt: number[];
  openStreams: number;
}

/** Who may come in, and how often. */
export class RequestGate {
  readonly #token: string;
  readonly #byAddress = new Map<string, AddressCount>();
  #counters = { requests: 0, refusedByRate: 0, streamsOpened: 0, streamsRefused: 0, streamsPerSecondMax: 0 };

  constructor(token: string) {
    this.#token = token;
  }

  get counters(): GateCounters {
    return { ...this.#counters };
  }

  /** Why a request is turned away, or undefined. A request that is turned away for its rate counts all the same. */
  refusal(
    request: WireRequest,
    moment: { now: number; perSecond: number; isTokenRevoked: boolean },
  ): RouteAnswer | undefined {
    this.#counters.requests += 1;
    const { requestsAt } = this.#countOf(request.address);
    keepLastSecond(requestsAt, moment.now);
    requestsAt.push(moment.now);
    if (requestsAt.length > moment.perSecond) {
      this.#counters.refusedByRate += 1;
      return failed(429, 'The request rate limit has been exceeded');
    }
    const isKnown = request.headers['authorization'] === `Bearer ${this.#token}`;
    // A token of the other environment is as unknown here as one that was made up.
    if (!isKnown || moment.isTokenRevoked) return failed(401, 'Insufficient authorization to perform request.');
    return undefined;
  }

  /** Counts a stream of an address; undefined where it has too many. */
  openStream(address: string, now: number): (() => void) | undefined {
    const count = this.#countOf(address);
    if (count.openStreams >= STREAMS_MAX) {
      this.#counters.streamsRefused += 1;
      return undefined;
    }
    count.openStreams += 1;
    keepLastSecond(count.streamsAt, now);
    count.streamsAt.push(now);
    this.#counters.streamsOpened += 1;
    this.#counters.streamsPerSecondMax = Math.max(this.#counters.streamsPerSecondMax, count.streamsAt.length);
    let isOpen = true;
    return () => {
      if (isOpen) count.openStreams -= 1;
      isOpen = false;
    };
  }

  #countOf(address: string): AddressCount {
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    const count: AddressCount = { requestsAt: [], streamsAt: [], openStreams: 0 };
    this.#byAddress.set(address, count);
    const oldest = this.#byAddress.keys().next();
    if (this.#byAddress.size > addressesMax && oldest.done === false) this.#byAddress.delete(oldest.value);
    return count;
  }
}

function keepLastSecond(instants: number[], now: number): void {
  while ((instants[0] ?? Infinity) <= now - secondMs) instants.shift();
}
