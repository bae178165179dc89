import { CommanderError } from 'commander';
import { AuditDamagedError } from '#adapters/audit/audit-mark.ts';
import { ImportError } from '#adapters/bars/import-error.ts';
import { BusError } from '#adapters/bus/bus-error.ts';
import { JobEngineError } from '#adapters/jobs/job-engine-error.ts';
import { FolderLockedError } from '#adapters/journal/folder-lock.ts';
import { JournalRefusedError, JournalWriteError } from '#adapters/journal/journal-errors.ts';
import { LeaseStoreError } from '#adapters/lease/lease-error.ts';
import { RecordError } from '#adapters/records/record-error.ts';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { ListenError } from '#api/listen-error.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { LeaseLostError } from '#runtime/lease-keeper.ts';
import { LiveStartError } from '#runtime/live/live-start-error.ts';
import { RunError } from '#runtime/run-folder.ts';
import { OpenEndpointError } from '#runtime/tail/engine-endpoint.ts';
import { RemoteEngineError } from '#runtime/tail/remote-engine.ts';

/** Raised where an option or an argument is not as expected; the message says what was expected and found. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How a command ends that was thrown out of: its exit code, and what is said of it. */
export interface Ending {
  readonly code: number;
  readonly message: string;
}

const badInputs = [
  UsageError,
  RunError,
  ImportError,
  FolderLockedError,
  JournalRefusedError,
  ListenError,
  OpenEndpointError,
  LeaseLostError,
];

/** What stands elsewhere and fails: the address it is looked for at may be bad input, everything else is the world's. */
const failures = [
  JournalWriteError,
  LeaseStoreError,
  StoreError,
  KeyStoreError,
  RecordError,
  BusError,
  JobEngineError,
  RemoteEngineError,
  AuditDamagedError,
  LiveStartError,
];
const badInputCodes: readonly unknown[] = ['address', 'newer'];

/**
 * Bad input ends with 2 and one sentence; a disk or a server that fails with 1 and one sentence; anything else is our own mistake and
 * shows where it happened. The parser of the command line has said its own sentence already.
 */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, message: '' };
  if (!(error instanceof Error)) return { code: 1, message: String(error) };
  if (badInputs.some((kind) => error instanceof kind)) return { code: 2, message: error.message };
  if (failures.some((kind) => error instanceof kind)) {
    return { code: 'code' in error && badInputCodes.includes(error.code) ? 2 : 1, message: error.message };
  }
  return { code: 1, message: error.stack ?? error.message };
}
