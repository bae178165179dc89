import { Presets, SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import picocolors from 'picocolors';

type Colors = ReturnType<typeof picocolors.createColors>;

/** How far something long has come; drawn on a terminal only. */
export interface Progress {
  /** Figures in any unit; a total of 0 stands for one that is not known. */
  update(done: number, total: number): void;
  end(): void;
}

/** Where commands print: results to the standard output, everything about the work itself to the error output. */
export interface Output {
  readonly colors: Colors;
  /** A line of the result. */
  line(text?: string): void;
  /** A line about the work: a warning, a stage, where something lies. */
  note(text: string): void;
  /** A result for programs: one line of JSON. */
  json(value: unknown): void;
  /** Columns of figures are aligned to the right. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  progress(title: string): Progress;
}

export interface OutputStreams {
  readonly result: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly work: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

const figurePattern = /^[-+]?[\d.,]+\s?(?:%|bps|s|d|[A-Z]{3})?$|^[-–]?$/;
const borderless = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** An output over two streams. Colour and progress are for terminals: into a file goes plain text. */
export function createOutput(
  streams: OutputStreams,
  environment: Readonly<Record<string, string | undefined>> = {},
): Output {
  const { result, work } = streams;
  const isColored = result.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  const colors = picocolors.createColors(isColored);
  return {
    colors,
    line: (text = '') => void result.write(`${text}\n`),
    note: (text) => void work.write(`${text}\n`),
    json: (value) => void result.write(`${JSON.stringify(value)}\n`),
    table: (head, rows) => void result.write(`${tableText(head, rows, colors)}\n`),
    progress: (title) => (work.isTTY === true ? barOn(work, title) : silent),
  };
}

const silent: Progress = { update: () => undefined, end: () => undefined };

function tableText(head: readonly string[], rows: readonly (readonly string[])[], colors: Colors): string {
  const colAligns = head.map((_, column): 'left' | 'right' =>
    rows.length > 0 && rows.every((row) => figurePattern.test(row[column] ?? '')) ? 'right' : 'left',
  );
  const table = new Table({
    head: head.map((title) => colors.dim(title)),
    colAligns,
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function barOn(stream: NodeJS.WritableStream, title: string): Progress {
  const bar = new SingleBar(
    { stream, format: `${title} {bar} {percentage}%  {eta_formatted} left`, clearOnComplete: true, hideCursor: true },
    Presets.rect,
  );
  let isStarted = false;
  return {
    update: (done, total) => {
      if (total <= 0) return;
      if (isStarted) bar.update(Math.min(done, total));
      else bar.start(total, Math.min(done, total));
      isStarted = true;
    },
    end: () => {
      if (isStarted) bar.stop();
    },
  };
}
