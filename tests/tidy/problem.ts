/** One breach of a house rule, at a line a reader can open. Lines count from 1. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A file of the project: its path from the root, with forward slashes, and its whole text. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}
