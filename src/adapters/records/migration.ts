/**
 * One step of the schema and the step back. Statements are in the words both databases share; the five types of columns are spelled
 * in each database's own way when a table is made. What has been released is never edited: a later migration changes it.
 */
export interface Migration {
  /** From 1, without a gap. */
  readonly number: number;
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}
