/**
 * Why an engine did not do what was asked:
 * - `address`: the address is none of a queue
 * - `unreachable`: no queue answers there in time, or the credentials were refused
 * - `failed`: the queue answered with an error
 * - `full`: as many jobs wait as may
 * - `tooLarge`: the input has more bytes than it may
 * - `closed`: the engine has been closed
 */
export type JobEngineErrorCode = 'address' | 'unreachable' | 'failed' | 'full' | 'tooLarge' | 'closed';

/** Raised where an engine fails. The message never holds a secret of the address. */
export class JobEngineError extends Error {
  override readonly name = 'JobEngineError';
  readonly code: JobEngineErrorCode;

  constructor(code: JobEngineErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
