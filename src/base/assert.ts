/** Raised when something that must be true is not: our own mistake, never a user's input. The process stops and recovers. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Stops with an `AssertionError` unless the condition holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Returns the value, or stops with an `AssertionError` where it is absent. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`'${what}' is absent`);
  return value;
}
