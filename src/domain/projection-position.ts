/**
 * How far a projection has come, kept by its sink in one transaction with what it wrote: after a crash the two never disagree.
 * A sink whose position belongs to another run, another version or a later sequence than the journal has is emptied and filled anew.
 */
export interface ProjectionPosition {
  readonly runId: string;
  /** Version of the projection that wrote; a change of what it writes raises it. */
  readonly version: number;
  /** The last journal sequence that is folded in; 0 before the first. */
  readonly sequence: number;
  /** Event time of that entry, ms UTC. */
  readonly at: number;
  /** What the fold carries from event to event, as JSON text. */
  readonly state: string;
}
