/** The names under which the bus keeps its own affairs in a store, beside the streams themselves. */
export const busKeys = {
  /** Set: every stream that was ever written. */
  streams: 'quantum:bus:streams',
  /** Set: every dead-letter stream that was ever written. */
  deadLetters: 'quantum:bus:dead-letters',
  /** Hash: the patterns a group was last subscribed with. */
  patterns: 'quantum:bus:patterns',
  /** The last entry id given. */
  clock: 'quantum:bus:clock',
  /** Stream: what was dropped before a group had taken it. */
  dropped: 'quantum:bus:dropped',
} as const;

/** Hash: how far a publishing projection has come. */
export function positionKey(name: string): string {
  return `quantum:bus:position:${name}`;
}

/** Sorted set: ids of the envelopes that a group has handled, by the time it did. */
export function processedKey(group: string): string {
  return `processed:${group}`;
}
