import type { TimePort } from '#engine/ports.ts';

/** Longest time between two looks; more means that the process or the whole machine stood still. */
export const stallMsMax = 60_000;
/** How far the system's clock may part from the monotonic one between two looks before that is a step. */
const stepMsMax = 1_000;

/**
 * The time of a live desk: that of the system's clock while it goes forward. Where it steps back, the desk's time goes on at half speed
 * until the clock has caught up, so that nothing is of a past that is over, and deadlines still come.
 */
export class DeskClock {
  readonly #time: TimePort;
  #at: number;
  #wall: number;
  #monotonic: number;
  #trouble: string | undefined;

  /** `fromAt` is the newest time that the desk knows already. */
  constructor(time: TimePort, fromAt: number) {
    this.#time = time;
    this.#wall = time.now();
    this.#monotonic = time.monotonic();
    this.#at = Math.max(fromAt, this.#wall);
  }

  /** Whole milliseconds UTC, never fewer than before. */
  now(): number {
    const wall = this.#time.now();
    const monotonic = this.#time.monotonic();
    const elapsedMs = Math.max(0, monotonic - this.#monotonic);
    const stepMs = wall - this.#wall - elapsedMs;
    if (elapsedMs > stallMsMax) this.#trouble = `nothing was done for ${Math.round(elapsedMs)} ms`;
    else if (Math.abs(stepMs) > stepMsMax) this.#trouble = `the clock stepped by ${Math.round(stepMs)} ms`;
    this.#wall = wall;
    this.#monotonic = monotonic;
    this.#at = Math.max(wall, this.#at + elapsedMs / 2);
    return Math.floor(this.#at);
  }

  /** What was wrong with the time since this was asked last. */
  takeTrouble(): string | undefined {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    return trouble;
  }
}
