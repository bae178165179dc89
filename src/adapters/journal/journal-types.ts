/** One fact of the journal: a plain event under its sequence number. The first number is 1, and none is left out. */
export type JournalEntry = { readonly sequence: number; readonly value: unknown };

/** `group`: a flush waits for the disk. `none`: frames go to the system in full size and survive the process, not the machine. */
export type JournalSync = 'group' | 'none';

/** What opening a journal mended. Bytes that were cut off lie in the file `savedAs` of the same folder. */
export type JournalRepair =
  | { type: 'tailCut'; segment: string; offset: number; bytes: number; reason: string; savedAs: string }
  | { type: 'segmentRemoved'; segment: string; bytes: number; savedAs: string }
  | { type: 'reserveApplied'; records: number; bytes: number };

/** The writing side of a journal. */
export type Journal = {
  /** The number of the entry appended last; 0 in an empty journal. */
  readonly lastSequence: number;
  /** Every entry up to this number survives a crash. */
  readonly durableSequence: number;
  /** Gives the value the next number. Never touches the disk in group mode; without sync it writes full frames and may throw as a flush does. */
  append(value: unknown): number;
  /** Resolves when everything appended before the call is durable; rejects with a `JournalWriteError`. */
  flush(): Promise<void>;
  /** Does the same before it returns. */
  flushSync(): void;
  /** Switches to the preallocated reserve, after a `JournalWriteError`. */
  openReserve(): void;
  close(): Promise<void>;
};

export type SegmentInfo = { readonly name: string; readonly firstSequence: number; readonly bytes: number };

/** What lies in a journal's folder. A torn tail is counted in `tornBytes`; the next opening cuts it off. */
export type JournalInfo = {
  readonly runId: string | undefined;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly lastHash: string;
  readonly bytes: number;
  readonly tornBytes: number;
  readonly isReserveInUse: boolean;
  readonly segments: readonly SegmentInfo[];
};
