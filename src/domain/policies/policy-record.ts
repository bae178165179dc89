/** Who wrote a version of a document, when and why. */
export interface PolicyCommit {
  /** Journal sequence of the change. */
  readonly sequence: number;
  /** Event time, ms UTC. */
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
  /** The W3C trace that the change was asked for in; null where it came in none. */
  readonly traceparent: string | null;
}

/** A policy document in force. Versions count from 1 and every accepted change adds one. */
export interface PolicyRecord {
  version: number;
  document: Record<string, unknown>;
  /** Absent in the snapshots of versions that did not keep it. */
  commit?: PolicyCommit;
}
