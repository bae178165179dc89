import { StaleWriterError } from '#domain/stale-writer-error.ts';
import type { DatabaseAddress } from './database-address.ts';
import { RecordError, type RecordErrorCode } from './record-error.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const sqliteBusy = 5;
const sqliteLocked = 6;
const sqliteCannotOpen = 14;

/** Serialization failure and deadlock (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const retriedStates: ReadonlySet<string> = new Set(['40001', '40P01']);

/** Connections that fail or are refused: classes 08 and 28, shutdown, too many clients, no such database. */
const unreachableState = /^(?:08...|28...|57P0[1-5]|53300|3D000)$/;
const unreachableCode = /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH)/;
const unreachableText =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** True where somebody else writes to the file. */
export function isFileBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === sqliteBusy || code === sqliteLocked;
}

/** True where the server gave a transaction up that may succeed when it is tried again from its beginning. */
export function isGivenUp(error: unknown): boolean {
  return retriedStates.has(textOf(error, 'code'));
}

/** An error of ours as it is, any other as a `RecordError` that says what failed, where and why, without secrets. */
export function recordFailure(what: string, { shown, secrets }: DatabaseAddress, error: unknown): Error {
  if (error instanceof RecordError || error instanceof StaleWriterError || isOurMistake(error)) return error;
  const reason = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), messageOf(error));
  return new RecordError(failureCode(error), `${what} at '${shown}' failed: ${reason}`);
}

function failureCode(error: unknown): RecordErrorCode {
  if (isFileBusy(error) || sqliteCode(error) === sqliteCannotOpen) return 'unreachable';
  const code = textOf(error, 'code');
  if (unreachableState.test(code) || unreachableCode.test(code)) return 'unreachable';
  return unreachableText.test(messageOf(error)) ? 'unreachable' : 'failed';
}

function isOurMistake(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AssertionError';
}

function sqliteCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

function textOf(error: unknown, key: string): string {
  const value: unknown = error instanceof Error ? Reflect.get(error, key) : undefined;
  return typeof value === 'string' ? value : '';
}

/** Several addresses of a host are tried at once, and each fails with a reason of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
