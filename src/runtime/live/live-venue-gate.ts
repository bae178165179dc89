import { assert } from '#base/assert.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import type { Command, VenuePort } from '#engine/ports.ts';

/** Commands that may wait for the streams to be opened. */
const heldMax = 1_000;

/**
 * The way of commands to a real venue. A recovery shows old ones again, which are not sent; what is decided between it and the opening of
 * the streams waits for them, since nobody would hear what came of it.
 */
export class LiveVenueGate implements VenuePort {
  readonly #venue: Pick<LiveVenuePort, 'send'>;
  #isRecovering = true;
  #held: Command[] | undefined = [];
  #sent = 0;

  constructor(venue: Pick<LiveVenuePort, 'send'>) {
    this.#venue = venue;
  }

  /** Commands that were sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Recovery is over: what comes from here on has never been sent. */
  endRecovery(): void {
    this.#isRecovering = false;
  }

  /** The streams are open. */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const command of held) this.send(command);
  }

  send(command: Command): void {
    if (this.#isRecovering) return;
    if (this.#held !== undefined) {
      assert(this.#held.length < heldMax, `at most ${heldMax} commands wait for the streams`);
      this.#held.push(command);
      return;
    }
    this.#sent += 1;
    this.#venue.send(command);
  }

  observe(): void {
    // A real venue has a market of its own.
  }

  /** What a real venue answers arrives in the inbox. */
  poll(): undefined {
    return undefined;
  }

  report(): never {
    assert(false, 'a real venue is asked for its books aside');
  }
}
