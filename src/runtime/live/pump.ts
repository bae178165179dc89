import type { TimePort } from '#engine/ports.ts';
import type { GuardedLoop } from '../guarded-loop.ts';
import type { DeskClock } from './desk-clock.ts';
import type { Inbox } from './inbox.ts';
import type { LiveTurns } from './live-turns.ts';

/** Inputs taken between two looks at the outside. */
export const sliceInputs = 1_000;
/** Longest sleep, so that a stall is told from a quiet time. */
const sleepMsMax = 10_000;
/** Shortest sleep between two looks at the clock: timers may come a little early. */
const sleepMsMin = 5;

export interface PumpParts {
  readonly time: TimePort;
  readonly clock: DeskClock;
  readonly guarded: GuardedLoop;
  readonly turns: LiveTurns;
  readonly inbox: Inbox;
  /** The run has failed. */
  onEnd(): void;
}

/** Takes what arrives, in slices: all of one slice is made durable together, and a command before it is sent. */
export class Pump {
  readonly #parts: PumpParts;
  #cancel: () => void = () => undefined;
  #isOn = false;
  #isAwake = false;
  #sliceMs: number | undefined;

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  /** How long the last slice took that had something to do. */
  get sliceMs(): number | undefined {
    return this.#sliceMs;
  }

  start(): void {
    this.#isOn = true;
    this.#isAwake = false;
    this.wake();
  }

  stop(): void {
    this.#isOn = false;
    this.#cancel();
  }

  /** Something has arrived. */
  wake(): void {
    if (!this.#isOn || this.#isAwake) return;
    this.#isAwake = true;
    this.#schedule(0);
  }

  #schedule(ms: number): void {
    this.#cancel();
    this.#cancel = this.#parts.time.after(ms, () => this.#slice());
  }

  #slice(): void {
    const { time, inbox, guarded, turns, clock } = this.#parts;
    this.#isAwake = false;
    const startedAt = time.monotonic();
    try {
      const taken = guarded.orEnd(() => this.#takeSlice());
      if (taken > 0) this.#sliceMs = time.monotonic() - startedAt;
    } catch {
      this.stop();
      this.#parts.onEnd();
      return;
    }
    if (!this.#isOn) return;
    if (inbox.size > 0) this.wake();
    else this.#schedule(Math.min(sleepMsMax, Math.max(sleepMsMin, turns.nextAt() - clock.now())));
  }

  #takeSlice(): number {
    const { guarded, turns, inbox } = this.#parts;
    guarded.require();
    turns.advance();
    let taken = 0;
    for (let input = inbox.take(); input !== undefined; input = taken < sliceInputs ? inbox.take() : undefined) {
      turns.take(input);
      guarded.hold();
      taken += 1;
    }
    guarded.makeDurable();
    return taken;
  }
}
