import { PassThrough } from 'node:stream';
import { createOutput } from '#cli/output.ts';
import { createRunReporter, type RunReporter } from '#cli/run-reporter.ts';

/** A line that a run tells to programs. */
export interface RunLine {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Tells into lines that a test can look at while the run goes on. */
export function toldRun(): { readonly reporter: RunReporter; readonly lines: readonly RunLine[] } {
  const lines: RunLine[] = [];
  const result = new PassThrough();
  let text = '';
  result.on('data', (piece: Buffer) => {
    const parts = (text + piece.toString()).split('\n');
    text = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as RunLine);
  });
  return { reporter: createRunReporter(createOutput({ result, work: new PassThrough() }, {}), true), lines };
}
