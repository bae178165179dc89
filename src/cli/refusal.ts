import { CommanderError } from 'commander';
import { ImportError } from '#adapters/bars/import-error.ts';
import { FolderLockedError } from '#adapters/journal/folder-lock.ts';
import { JournalRefusedError, JournalWriteError } from '#adapters/journal/journal-errors.ts';
import { ListenError } from '#api/listen-error.ts';
import { RunError } from '#runtime/run-folder.ts';

/** Raised where an option or an argument is not as expected; the message says what was expected and found. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How a command ends that was thrown out of: its exit code, and what is said of it. */
export interface Ending {
  readonly code: number;
  readonly message: string;
}

const badInputs = [UsageError, RunError, ImportError, FolderLockedError, JournalRefusedError, ListenError];

/**
 * Bad input ends with 2 and one sentence; a disk that fails with 1 and one sentence; anything else is our own mistake and shows where it
 * happened. The parser of the command line has said its own sentence already.
 */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, message: '' };
  if (error instanceof JournalWriteError) return { code: 1, message: error.message };
  if (error instanceof Error && badInputs.some((kind) => error instanceof kind)) {
    return { code: 2, message: error.message };
  }
  return { code: 1, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
