import type { RecordedEvent } from '../read-run.ts';

/** Where a tail stands: the run it belongs to, and the last entry that is durable. */
export interface TailHead {
  readonly runId: string;
  /** 0 while nothing is durable. */
  readonly lastSequence: number;
}

/** A piece of a tail: entries ascending and without a gap, and how far it reached when they were read. */
export interface TailPiece {
  readonly entries: readonly RecordedEvent[];
  readonly lastSequence: number;
}

export interface TailLimits {
  readonly max: number;
  /** How long the first entry is waited for; a piece without entries is the answer after that. */
  readonly waitMs: number;
}

/**
 * The durable entries of one run's journal, in order, to whoever follows them: in the engine's own process, from a folder at rest, or
 * over the engine's endpoint. An entry is never given before it is durable, so what a follower has seen can not be undone by a crash.
 */
export interface TailSource {
  head(): Promise<TailHead>;
  read(fromSequence: number, limits: TailLimits): Promise<TailPiece>;
}
