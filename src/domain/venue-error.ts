/** Why a venue gave no answer that can be used. */
export type VenueErrorKind =
  /** The venue refuses, and would refuse again: wrong key, no permission, unknown instrument. */
  | 'refused'
  /** We did not ask: limits, a ban or an open breaker. */
  | 'denied'
  /** No answer, or one that cannot be read. */
  | 'unreachable';

/** A question to a venue that has no usable answer. */
export class VenueError extends Error {
  override readonly name = 'VenueError';
  readonly kind: VenueErrorKind;
  /** The venue's own code where it gave one. */
  readonly code: string;

  constructor(kind: VenueErrorKind, code: string, message: string) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}
