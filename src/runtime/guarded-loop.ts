import { JournalWriteError } from '#adapters/journal/journal-errors.ts';
import type { Event, EventType } from '#domain/events.ts';
import { handle, type Loop } from '#engine/loop.ts';
import type { DurableWrites } from './durable-writes.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { RunError } from './run-folder.ts';

/** What is carried out even where the journal can keep nothing: it only takes exposure away. */
const reducingInputs: ReadonlySet<EventType> = new Set(['kill.engaged', 'flatten.requested', 'reduction.requested']);

export interface GuardedLoopParts {
  readonly loop: Loop;
  readonly durable: DurableWrites;
  /** The right to trade the account, where somebody else could have it. Once it is over nothing is decided or sent any more. */
  readonly lease: Pick<LeaseKeeper, 'require' | 'doubt'> | undefined;
  /** The time of an operator's input; that of the newest event unless told. */
  readonly at?: () => number;
}

/** A loop with what every run of a desk holds to: what is asked for is kept, a disk that fails and a lease in doubt add nothing. */
export class GuardedLoop {
  readonly #parts: GuardedLoopParts;
  #failure: Error | undefined;

  constructor(parts: GuardedLoopParts) {
    this.#parts = parts;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** What breaks off within a step has left the loop between two instants: nothing may follow it but a new start. */
  orEnd<T>(act: () => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return act();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      throw this.#failure;
    }
  }

  /** Looked at before every turn: throws where the lease is over, and holds where it is in doubt. */
  require(): void {
    this.#parts.lease?.require();
    this.hold(this.#parts.lease?.doubt);
  }

  /**
   * A disk that fails, or a lease that is in doubt, leaves the desk with what it holds: the switch is engaged between two turns, and
   * reductions go on.
   */
  hold(doubt?: string): void {
    const { loop, durable } = this.#parts;
    const { problem } = durable;
    const { at, kill } = loop.engine.state;
    if (problem !== undefined) for (const refusal of durable.takeRefusals(at)) handle(loop, refusal);
    const reason = problem ?? doubt;
    if (reason === undefined || kill.isEngaged) return;
    handle(loop, { type: 'kill.engaged', at, actor: 'house', reason });
    durable.make();
  }

  makeDurable(): boolean {
    const { durable } = this.#parts;
    durable.make();
    this.hold();
    return durable.isDurable;
  }

  /**
   * Gives the engine an operator's input at the current event time; durable when this returns. What only takes exposure away is carried
   * out even where the disk keeps nothing, and returns. Throws a `JournalWriteError` where anything else could not be kept, and refuses
   * to release the switch once the disk has failed. A run that has ended refuses everything.
   */
  request(input: (at: number) => Event): void {
    const { loop, durable, lease } = this.#parts;
    const event = input(this.#parts.at?.() ?? loop.engine.state.at);
    const { problem } = durable;
    if (event.type === 'kill.released' && problem !== undefined)
      throw new RunError(`the kill switch stays engaged: ${problem}; a start with a disk that works may release it`);
    const mustBeKept = !reducingInputs.has(event.type);
    this.orEnd(() => lease?.require());
    if (mustBeKept && !this.orEnd(() => this.makeDurable())) throw this.#notKept();
    const isKept = this.orEnd(() => {
      handle(loop, event);
      return this.makeDurable();
    });
    if (mustBeKept && !isKept) throw this.#notKept();
  }

  #notKept(): JournalWriteError {
    const { problem } = this.#parts.durable;
    return new JournalWriteError('NOT_DURABLE', false, problem ?? 'nothing keeps what was asked for');
  }
}
