import type { EventType } from '#domain/events.ts';
import type { VenueInput } from '#engine/live-port.ts';

/** From so many waiting inputs on, a newer price takes the place of the one that waits. */
export const inboxFull = 1_000;
/** More than this is a desk that does not keep up with its account: it stops, and starts anew from the venue's books. */
export const inboxMax = 50_000;

/** Of these only the newest counts. */
const replaceable: ReadonlySet<EventType> = new Set<EventType>(['quote.updated', 'mark.updated', 'depth.updated']);

/** What has arrived and was not taken yet, in the order of arrival. */
export class Inbox {
  #waiting: VenueInput[] = [];
  #next = 0;
  /** Where the newest price of each kind and instrument waits. */
  #placeByKey = new Map<string, number>();
  #replaced = 0;

  get size(): number {
    return this.#waiting.length - this.#next;
  }

  /** Prices that a newer one has taken the place of. */
  get replaced(): number {
    return this.#replaced;
  }

  /** Throws where too much waits. */
  push(input: VenueInput): void {
    const key = keyOf(input);
    const place = key === undefined ? undefined : this.#placeByKey.get(key);
    if (place !== undefined && this.size >= inboxFull) {
      this.#waiting[place] = input;
      this.#replaced += 1;
      return;
    }
    if (this.size >= inboxMax) throw new Error(`more than ${inboxMax} messages of the venue wait to be taken`);
    if (key !== undefined) this.#placeByKey.set(key, this.#waiting.length);
    this.#waiting.push(input);
  }

  take(): VenueInput | undefined {
    const input = this.#waiting[this.#next];
    if (input === undefined) return undefined;
    const key = keyOf(input);
    if (key !== undefined && this.#placeByKey.get(key) === this.#next) this.#placeByKey.delete(key);
    this.#next += 1;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    return input;
  }
}

function keyOf(input: VenueInput): string | undefined {
  return replaceable.has(input.type) && 'instrument' in input ? `${input.type} ${String(input.instrument)}` : undefined;
}
