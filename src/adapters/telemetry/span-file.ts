import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { TimePort } from '#engine/ports.ts';
import { dayOf, removeOldFiles } from './dated-files.ts';
import { spanLine } from './span-line.ts';

export const spanFilePattern = /^spans-(\d{4}-\d{2}-\d{2})\.jsonl$/;

const daysKept = 7;

/** An exporter that adds spans to a file a day, one line each; what it cannot write it reports as not exported. */
export function createSpanFile(folder: string, time: TimePort): SpanExporter {
  let day = '';
  let writing: Promise<void> = Promise.resolve();
  const append = async (spans: readonly ReadableSpan[]): Promise<void> => {
    const at = time.now();
    if (dayOf(at) !== day) {
      await mkdir(folder, { recursive: true });
      removeOldFiles(folder, spanFilePattern, at, daysKept);
      day = dayOf(at);
    }
    const lines = spans.map((span) => `${JSON.stringify(spanLine(span))}\n`).join('');
    await appendFile(join(folder, `spans-${day}.jsonl`), lines, { mode: 0o640 });
  };
  return {
    export: (spans, report) => {
      const mine = writing.then(() => append(spans));
      // The next batch waits for this one, whatever became of it.
      writing = mine.catch(() => undefined);
      mine.then(
        () => report({ code: 0 }),
        (error: unknown) => report({ code: 1, error: error instanceof Error ? error : new Error(String(error)) }),
      );
    },
    shutdown: () => writing,
  };
}
