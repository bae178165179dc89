/**
 * Why the store did not do what was asked:
 * - `address`: the address is none of a store
 * - `unreachable`: no connection, no answer in time, or the credentials were refused
 * - `failed`: the store answered with an error, or the connection broke while it worked
 * - `tooMany`: the store holds more than is read at most
 */
export type StoreErrorCode = 'address' | 'unreachable' | 'failed' | 'tooMany';

/** Raised where the store fails. The message never holds a secret of the address. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
