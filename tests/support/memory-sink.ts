import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { ProjectionSink } from '#runtime/mirror/projection-sink.ts';

/** What the world does to one transaction of the sink: it works, it is refused, or it works and its answer is lost. */
export type SinkFate = 'kept' | 'refused' | 'keptUnheard';

/** A sink in memory: what a projection has written since it was last emptied, in order, with faults as the test wants them. */
export class MemorySink<C> implements ProjectionSink<C> {
  readonly changes: C[] = [];
  wipes = 0;
  stored: ProjectionPosition | undefined;
  #fateOf: () => SinkFate;

  constructor(fateOf: () => SinkFate = () => 'kept') {
    this.#fateOf = fateOf;
  }

  async position(): Promise<ProjectionPosition | undefined> {
    return this.stored;
  }

  async apply(
    _name: string,
    changes: readonly C[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void> {
    if (this.stored?.sequence !== from?.sequence) {
      throw new Error(`stale: expected ${from?.sequence}, found ${this.stored?.sequence}`);
    }
    const fate = this.#fateOf();
    if (fate === 'refused') throw new Error('the store does not answer');
    this.changes.push(...changes);
    this.stored = to;
    if (fate === 'keptUnheard') throw new Error('the connection ended before the answer');
  }

  async wipe(): Promise<void> {
    this.changes.length = 0;
    this.stored = undefined;
    this.wipes += 1;
  }

  async close(): Promise<void> {
    return undefined;
  }
}
