/**
 * Why the key store did not do what was asked:
 * - `unreachable`: nothing was done, since there is no connection or no file; it may be tried again
 * - `unknown`: the connection ended while the store worked, and whether it did it is known only by asking
 * - `wrongType`: a key holds something of another type than was expected; nothing was written
 * - `tooMany`: there is more than is read at most
 * - `failed`: the store answered with an error; nothing was written
 */
export type KeyStoreErrorCode = 'unreachable' | 'unknown' | 'wrongType' | 'tooMany' | 'failed';

/** Raised where the key store fails. The message never holds a secret of the address. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError';
  readonly code: KeyStoreErrorCode;

  constructor(code: KeyStoreErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
