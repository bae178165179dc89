/**
 * Why market data could not be taken:
 * - `notFound`: the file, folder or series is not there
 * - `unreadable`: the operating system refused it
 * - `tooLarge`: beyond the stated cap
 * - `truncatedGzip`, `corruptGzip`: the compressed file ends early or is damaged
 * - `empty`: no content at all
 * - `header`: a needed column is missing or doubled
 * - `timeUnit`: times are not milliseconds
 * - `syntax`: not JSON, or JSON of another shape
 * - `name`: a symbol that cannot name a folder
 * - `conflict`: rows that do not belong to the stored series
 * - `manifest`, `columns`, `hash`: a stored series is damaged
 * - `noInstrument`: none of the wanted instruments has data
 */
export type ImportErrorCode =
  | 'notFound'
  | 'unreadable'
  | 'tooLarge'
  | 'truncatedGzip'
  | 'corruptGzip'
  | 'empty'
  | 'header'
  | 'timeUnit'
  | 'syntax'
  | 'name'
  | 'conflict'
  | 'manifest'
  | 'columns'
  | 'hash'
  | 'noInstrument';

/** Raised where market data is refused as a whole. The message names the file, what was expected and what was found. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly code: ImportErrorCode;
  /** Rows read before the refusal; none of them is kept. */
  readonly rowsRead: number;

  constructor(code: ImportErrorCode, message: string, rowsRead = 0) {
    super(message);
    this.code = code;
    this.rowsRead = rowsRead;
  }
}
