/** Why a journal is not opened or read. */
export type JournalRefusal =
  | 'magic'
  | 'version'
  | 'header'
  | 'name'
  | 'run'
  | 'chain'
  | 'frame'
  | 'payload'
  | 'size'
  | 'missing'
  | 'reserve';

/** Where a journal is damaged, and the two hashes where they differ. */
export type JournalPlace = { segment: string; offset: number; expectedHash?: string; foundHash?: string };

/** Raised when a journal's files are not what was written, or belong elsewhere. Nothing was changed; a person decides what to do. */
export class JournalRefusedError extends Error {
  override readonly name = 'JournalRefusedError';
  readonly code: JournalRefusal;
  readonly place: JournalPlace;

  constructor(code: JournalRefusal, place: JournalPlace, problem: string) {
    const hashes =
      place.expectedHash === undefined
        ? ''
        : `; expected hash '${place.expectedHash}', found '${place.foundHash ?? ''}'`;
    super(`journal segment '${place.segment}' is refused at byte ${place.offset}: ${problem}${hashes}`);
    this.code = code;
    this.place = place;
  }
}

/**
 * Raised when entries could not be made durable. The code is the system's ('ENOSPC', 'EIO', …), or 'RESERVE_FULL' or 'NO_RESERVE'. With
 * `isRetryable` the same flush may be tried again; without it only the reserve or a new start helps, since after a failed sync nobody
 * knows what the disk holds.
 */
export class JournalWriteError extends Error {
  override readonly name = 'JournalWriteError';
  readonly code: string;
  readonly isRetryable: boolean;

  constructor(code: string, isRetryable: boolean, problem: string, cause?: unknown) {
    super(`the journal is not durable: ${problem} (${code})`, { cause });
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

/** Turns what a write or an opening threw into a `JournalWriteError`; only a lack of space is worth another try. */
export function writeErrorOf(error: unknown, problem: string): JournalWriteError {
  if (error instanceof JournalWriteError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return new JournalWriteError(code, code === 'ENOSPC' || code === 'EDQUOT', problem, error);
}

/** Turns what a sync threw into a `JournalWriteError` that is never tried again, since the system may have dropped the bytes. */
export function syncErrorOf(error: unknown): JournalWriteError {
  const { code } = writeErrorOf(error, '');
  return new JournalWriteError(code, false, 'a sync failed', error);
}
