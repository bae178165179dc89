/** Times are whole milliseconds UTC, prices and money decimals of the instrument or the account, JSON kept as it was written. */
export type RecordColumnType = 'text' | 'integer' | 'real' | 'boolean' | 'json';

export interface RecordTable {
  /** What one row is. */
  readonly meaning: string;
  /** In order; every column may be empty but those of the key. */
  readonly columns: Readonly<Record<string, RecordColumnType>>;
  /** What tells rows of one run apart. The run's id stands before it in every table and is filled in by the store. */
  readonly key: readonly string[];
  /** The column whose time dates a row: retention counts from it. */
  readonly datedBy: string;
  /** Days a row is kept at least; null keeps it for good. */
  readonly retentionDays: number | null;
  /** The projection that fills the table and empties it to begin again; null where rows come from elsewhere than the journal. */
  readonly projection: string | null;
  /** The issue of the plan that brings the table; null where it is there. */
  readonly plannedIn: number | null;
  /** Names the seeds have for what it holds. */
  readonly seedNames: readonly string[];
}
