import type { Event } from '#domain/events.ts';
import type { Engine } from '#engine/engine.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { JournalTail } from './tail/journal-tail.ts';

/** What opening a run found. */
export interface OpenedRun {
  readonly isNew: boolean;
  readonly recoveredEvents: number;
  readonly notices: readonly string[];
}

/** How far a journal is, and what keeps it from being written. */
export interface JournalStanding {
  readonly lastSequence: number;
  readonly durableSequence: number;
  readonly problem: string | undefined;
}

/** What a run tells whoever opened it, and the right to trade that it was given. */
export interface DeskHooks {
  /** The right to trade the account, where somebody else could have it. Once it is over nothing is decided or sent any more. */
  readonly lease?: Pick<LeaseKeeper, 'require' | 'doubt'>;
  /** Shows every event after it was folded, those of a recovery too. */
  onEvent?(event: Event): void;
  onProgress?(stage: 'recovery' | 'warmup', done: number, total: number): void;
  /** Hears what is wrong beside the trading: a disk that is full, an order that nobody knows of. */
  onProblem?(problem: string): void;
  /** Hears what is worth a line in the log. */
  onNotice?(text: string): void;
}

/** A desk that runs, on paper or at a real venue, as everyone beside the kernel sees it. */
export interface DeskRun {
  readonly engine: Engine;
  readonly opened: OpenedRun;
  /** What is durable of this run, for whoever follows it. */
  readonly tail: JournalTail;
  /** Event time of the newest event. */
  readonly at: number;
  /** Why the run has ended by itself; undefined while it goes on. */
  readonly failure: Error | undefined;
  readonly journal: JournalStanding;
  /** How long the last slice of turns took, with the writing of what it caused; undefined before the first. */
  readonly sliceMs: number | undefined;
  /** Sequence of the last change of the kill switch, or of what was there when the run was opened. */
  readonly switchSequence: number;
  /** Takes in history up to the moment the desk goes live, or until told to stop. */
  warmUp(stop?: AbortSignal): Promise<void>;
  /** Lets time run until `stop`, or until the run ends by itself. */
  start(onEnd: () => void): void;
  /**
   * Gives the engine an operator's input at the current event time; durable when this returns. What only takes exposure away is carried
   * out even where the disk keeps nothing, and returns. Throws where anything else could not be kept.
   */
  request(input: (at: number) => Event): void;
  /** Why the desk may not be armed; undefined where it may. A desk on paper has nothing to arm. */
  armingRefusal?(): string | undefined;
  /** Compares our books with the venue's as soon as that can be done; a desk on paper has one set of books. */
  reconcile?(): void;
  /** Stops in order: everything durable, a last snapshot, the folder free again. */
  stop(): Promise<void>;
}
