/** The desk did not start because the venue could not be asked, or its books could not be taken over. The message says which. */
export class LiveStartError extends Error {
  override readonly name = 'LiveStartError';
}
