import type { ProjectionPosition } from '#domain/projection-position.ts';

/** Where a projection's changes go: a store that keeps them and the position in one transaction. */
export interface ProjectionSink<C> {
  /** Where a projection stands; undefined where it has written nothing yet. */
  position(name: string): Promise<ProjectionPosition | undefined>;
  /**
   * All changes and the new position, or none of them. Refuses with a `StaleWriterError` where the stored position is not the one the
   * fold went on from, so that two writers never interleave.
   */
  apply(
    name: string,
    changes: readonly C[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void>;
  /** Removes everything that a projection has written, and its position. */
  wipe(name: string): Promise<void>;
  close(): Promise<void>;
}
