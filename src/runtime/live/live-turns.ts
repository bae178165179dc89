import type { Event } from '#domain/events.ts';
import { dueDeadline, nextDeadlineAt } from '#engine/deadlines.ts';
import { handle, type Loop } from '#engine/loop.ts';
import { checkedInput } from './checked-input.ts';
import type { DeskClock } from './desk-clock.ts';
import type { LiveInput } from './live-desk.ts';
import type { ToldMoney } from './told-money.ts';

/** Grid points that are made up for one by one; after a longer gap only the newest decides, so that no burst of late orders follows. */
const lateTicksMax = 2;
/** Deadlines that one look may pass; each pushes itself into the future. */
const deadlinesMax = 1_000;

export interface TurnParts {
  readonly loop: Loop;
  readonly clock: DeskClock;
  readonly toldMoney: ToldMoney;
  /** The time could not be trusted since the last look: what the engine is told of it before anything else. */
  troubleOf(reason: string): readonly LiveInput[];
}

/** The order in which a live desk's events come to be: grid points and deadlines that are due, then what has arrived. */
export class LiveTurns {
  readonly #loop: Loop;
  readonly #clock: DeskClock;
  readonly #toldMoney: ToldMoney;
  readonly #troubleOf: TurnParts['troubleOf'];
  #isTicking = false;

  constructor({ loop, clock, toldMoney, troubleOf }: TurnParts) {
    this.#loop = loop;
    this.#clock = clock;
    this.#toldMoney = toldMoney;
    this.#troubleOf = troubleOf;
  }

  /** From here on the clock's grid is followed. What was missed of it before is not made up for. */
  begin(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    const loop = this.#loop;
    const at = this.#clock.now();
    // Taking in history may have held everything up.
    this.#clock.takeTrouble();
    loop.nextTickAt = Math.max(
      Math.ceil(loop.engine.state.at / loop.gridMs) * loop.gridMs,
      Math.floor(at / loop.gridMs) * loop.gridMs,
    );
  }

  /** The present as the engine may be told it: while history is taken in, the time of the newest event. */
  at(): number {
    const { state } = this.#loop.engine;
    return state.isWarm ? Math.max(this.#clock.now(), state.at) : state.at;
  }

  /** When the desk has something to do by itself. */
  nextAt(): number {
    return Math.min(this.#loop.nextTickAt, nextDeadlineAt(this.#loop.engine.state));
  }

  /** Takes what is due at the present: grid points and the desk's own deadlines, in the order of their times. */
  advance(): void {
    if (!this.#isTicking) return;
    const loop = this.#loop;
    const at = this.at();
    const trouble = this.#clock.takeTrouble();
    if (trouble !== undefined) for (const input of this.#troubleOf(trouble)) this.take(input);
    if (at - loop.nextTickAt >= lateTicksMax * loop.gridMs)
      loop.nextTickAt = Math.floor(at / loop.gridMs) * loop.gridMs;
    for (let passed = 0; passed < deadlinesMax; ) {
      const deadline = dueDeadline(loop.engine.state, Math.min(at, loop.nextTickAt));
      if (deadline !== undefined) {
        passed += 1;
        handle(loop, deadline);
      } else if (loop.nextTickAt <= at) {
        const tickAt = Math.max(loop.nextTickAt, loop.engine.state.at);
        loop.nextTickAt += loop.gridMs;
        handle(loop, { type: 'time.ticked', at: tickAt });
      } else return;
    }
  }

  /** Hands one input in at the present. A movement of money that was told already is left out. */
  take(input: LiveInput): void {
    this.takeAt(input, this.at());
  }

  /** The same at a time of the past, as history is taken in. */
  takeAt(input: LiveInput, at: number): void {
    const checked = checkedInput(input);
    if (this.#toldMoney.isTold(checked)) return;
    handle(this.#loop, { ...checked, at: Math.max(at, this.#loop.engine.state.at) } as Event);
  }
}
