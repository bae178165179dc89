/**
 * Why the records could not be read or written:
 * - `address`: the address is none of a database
 * - `unreachable`: no connection, no answer in time, a database in use for too long, or credentials that were refused
 * - `failed`: the database answered with an error, or the connection broke while it worked
 * - `newer`: the database was written by a newer version, and nothing in it is touched
 */
export type RecordErrorCode = 'address' | 'unreachable' | 'failed' | 'newer';

/** Raised where the database fails. The message never holds a secret of the address. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code: RecordErrorCode;

  constructor(code: RecordErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
