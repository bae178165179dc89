import { JournalWriteError } from '#adapters/journal/journal-errors.ts';

/** The journal as the guard needs it. */
export interface GuardedJournal {
  flushSync(): void;
  openReserve(): void;
}

export interface DiskGuardOptions {
  readonly journal: GuardedJournal;
  /** Hears of every new trouble once. */
  onProblem(problem: string): void;
}

/**
 * Makes the journal durable where the disk does not: what a lack of space refused is tried once more at once, then the reserve takes
 * over for the rest of the run. Where that fails, too, the answer is no, and whoever has something to send decides what may go without.
 */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #problem: string | undefined;
  #told: string | undefined;
  #isReserveOpen = false;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  /** What is wrong with the disk since this run was opened. It stays: only a new start brings the journal back to its segments. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether everything appended is durable now, be it in the reserve. */
  makeDurable(): boolean {
    const failure = this.#flush();
    if (failure === undefined) return true;
    if (this.#isReserveOpen) return this.#hold(failure);
    if (failure.isRetryable && this.#flush() === undefined) {
      this.#tell(failure);
      return true;
    }
    this.#hold(failure);
    this.#isReserveOpen = true;
    const next = this.#openReserve() ?? this.#flush();
    return next === undefined || this.#hold(next);
  }

  #flush(): JournalWriteError | undefined {
    return failureOf(() => this.#options.journal.flushSync());
  }

  #openReserve(): JournalWriteError | undefined {
    return failureOf(() => this.#options.journal.openReserve());
  }

  #hold(failure: JournalWriteError): false {
    this.#problem = failure.message;
    this.#tell(failure);
    return false;
  }

  #tell({ message }: JournalWriteError): void {
    if (this.#told === message) return;
    this.#told = message;
    this.#options.onProblem(message);
  }
}

/** The failure of a write; our own mistakes go on to whoever can stop. */
function failureOf(act: () => void): JournalWriteError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof JournalWriteError) return error;
    throw error;
  }
}
