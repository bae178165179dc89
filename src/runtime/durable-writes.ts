import type { FileJournal } from '#adapters/journal/file-journal.ts';
import { JournalWriteError } from '#adapters/journal/journal-errors.ts';
import type { Event, EventByType } from '#domain/events.ts';
import type { Engine } from '#engine/engine.ts';
import type { Command, JournalPort, VenuePort } from '#engine/ports.ts';
import { DiskGuard } from './disk-guard.ts';
import { type PolicyKeeper, policyKeeper } from './policies/policy-keeper.ts';
import type { JournalTail } from './tail/journal-tail.ts';

export interface DurableWritesOptions {
  readonly folder: string;
  readonly journal: FileJournal;
  readonly engine: Engine;
  readonly tail: Pick<JournalTail, 'append' | 'advance' | 'durableSequence'>;
  readonly onProblem: ((problem: string) => void) | undefined;
  /** Milliseconds of a clock that only goes forward; the system's unless told. */
  readonly now?: () => number;
  /** Lets the journal write nothing any more: an order was refused here that it must not show as sent. */
  seal(): void;
}

/**
 * What happens between an entry and those who follow it, in this order: the journal keeps it, a change of policy is in its snapshot, and
 * only then the tail shows it.
 */
export class DurableWrites {
  readonly #options: DurableWritesOptions;
  readonly #guard: DiskGuard;
  readonly #keeper: PolicyKeeper;
  #switchSequence: number;
  #refusedIds: string[] = [];

  constructor(options: DurableWritesOptions) {
    const { folder, journal } = options;
    const onProblem = (problem: string): void => options.onProblem?.(problem);
    this.#options = options;
    this.#switchSequence = journal.lastSequence;
    this.#guard = new DiskGuard({ journal, onProblem });
    this.#keeper = policyKeeper({ folder, now: options.now ?? (() => performance.now()), onProblem });
  }

  /** What is wrong with the disk; undefined where nothing is. */
  get problem(): string | undefined {
    return this.#guard.problem;
  }

  /** Whether everything appended is durable. */
  get isDurable(): boolean {
    const { durableSequence, lastSequence } = this.#options.journal;
    return durableSequence === lastSequence;
  }

  /** Sequence of the last change of the kill switch; where there was none, of the last entry found at the opening. */
  get switchSequence(): number {
    return this.#switchSequence;
  }

  /** A journal whose entries are followed as they are appended. */
  entries(journal: JournalPort): JournalPort {
    return {
      get durableSequence() {
        return journal.durableSequence;
      },
      append: (entry) => {
        const sequence = journal.append(entry);
        const event = entry as Event;
        this.#options.tail.append(sequence, event);
        this.#keeper.note(event);
        if (event.type === 'kill.engaged' || event.type === 'kill.released') this.#switchSequence = sequence;
        return sequence;
      },
    };
  }

  /**
   * A venue that takes increases only with a durable intent. Reductions go on without one, and are adopted from the venue at the next
   * start. An increase that is refused is not sent later either: it is told by `takeRefusals`, and the journal ends before it.
   */
  venue(venue: VenuePort): VenuePort {
    return {
      send: (command) => {
        if (this.isDurable || !isIncrease(command)) return venue.send(command);
        this.#options.seal();
        this.#refusedIds.push(command.order.clientOrderId);
        return undefined;
      },
      observe: (event) => venue.observe(event),
      poll: (at) => venue.poll(at),
      report: () => venue.report(),
    };
  }

  /** What the engine must be told of the increases that were refused since the last call. */
  takeRefusals(at: number): readonly EventByType['order.rejected'][] {
    const ids = this.#refusedIds;
    if (ids.length === 0) return [];
    this.#refusedIds = [];
    const reason = `the order was not sent: ${this.problem ?? 'its intent is not durable'}`;
    return ids.map((clientOrderId) => ({ type: 'order.rejected', at, clientOrderId, code: 'NOT_DURABLE', reason }));
  }

  /** Makes everything appended durable and shows it. False where nothing keeps it: then only reductions may be sent. */
  make(): boolean {
    const isDurable = this.#guard.makeDurable();
    this.show();
    return isDurable;
  }

  /** Does the same aside while the disk works, and at once where it does not. */
  async makeAside(): Promise<void> {
    try {
      await this.#options.journal.flush();
      this.show();
    } catch (error) {
      if (!(error instanceof JournalWriteError)) throw error;
      this.make();
    }
  }

  /** Shows what is durable, once all of it is: the snapshot of the policies is that of the engine, which is ahead of a part. */
  show(): void {
    const { engine, journal, tail } = this.#options;
    if (!this.isDurable || journal.durableSequence === tail.durableSequence) return;
    this.#keeper.keep(engine);
    tail.advance(journal.durableSequence);
  }

  /** The last words of a run that stops in order. */
  end(): void {
    this.#keeper.end(this.#options.engine);
  }
}

/** Everything but an entry can only take exposure away. */
function isIncrease(command: Command): command is EventByType['order.submitted'] {
  return command.type === 'order.submitted' && !command.order.isReduceOnly;
}
