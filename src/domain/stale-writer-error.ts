import type { ProjectionPosition } from './projection-position.ts';

/** What identifies a position: the run and the last sequence. */
type Standing = Pick<ProjectionPosition, 'runId' | 'sequence'>;

/** Raised where a projection's sink has another position than the writer went on from: somebody else has written. Nothing was written. */
export class StaleWriterError extends Error {
  override readonly name = 'StaleWriterError';
  readonly code = 'stale';

  constructor(projection: string, expected: Standing | undefined, found: Standing | undefined) {
    super(`'${projection}' has another writer: expected ${shown(expected)}, found ${shown(found)}`);
  }
}

function shown(standing: Standing | undefined): string {
  return standing === undefined ? 'no position' : `sequence '${standing.sequence}' of run '${standing.runId}'`;
}
