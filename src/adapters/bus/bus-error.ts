/**
 * Why the bus did not do what was asked:
 * - `address`: the address is none of a store
 * - `unreachable`: no connection, no answer in time, or the credentials were refused; the same call may be tried again
 * - `noGroup`: the store does not know the group, as after it came back empty; the group is to be made again
 * - `malformed`: what was to be published is no envelope
 * - `pattern`: a subscription asks for something that is no pattern
 * - `closed`: the bus was closed before or meanwhile
 * - `failed`: the store answered with an error
 */
export type BusErrorCode = 'address' | 'unreachable' | 'noGroup' | 'malformed' | 'pattern' | 'closed' | 'failed';

/** Raised where the bus fails. The message never holds a secret of the address. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: BusErrorCode;

  constructor(code: BusErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
