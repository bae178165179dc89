import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { logFileName, logFilePattern } from './log-file.ts';
import { type LogLine, logLineSchema } from './log-line.ts';
import { spanFilePattern } from './span-file.ts';
import { type SpanLine, spanLineSchema } from './span-line.ts';

/** The lines of one trace, and how many were left out because there were too many. */
export interface FoundLines<T> {
  readonly lines: readonly T[];
  readonly leftOut: number;
}

/** The log lines of a trace in a folder, oldest file first; none where there is no folder. */
export function findLogLines(folder: string, traceId: string, max: number): Promise<FoundLines<LogLine>> {
  const isLog = (name: string): boolean => name === logFileName || logFilePattern.test(name);
  return findLines(folder, { isWanted: isLog, traceId, schema: logLineSchema, max });
}

/** The spans of a trace in a folder, in the order in which they ended. */
export function findSpanLines(folder: string, traceId: string, max: number): Promise<FoundLines<SpanLine>> {
  return findLines(folder, { isWanted: (name) => spanFilePattern.test(name), traceId, schema: spanLineSchema, max });
}

interface Search<T> {
  isWanted(name: string): boolean;
  readonly traceId: string;
  readonly schema: z.ZodType<T>;
  readonly max: number;
}

async function findLines<T extends { readonly trace_id: string | null }>(
  folder: string,
  { isWanted, traceId, schema, max }: Search<T>,
): Promise<FoundLines<T>> {
  const lines: T[] = [];
  let leftOut = 0;
  const names = existsSync(folder) ? readdirSync(folder).filter(isWanted).sort() : [];
  for (const name of names) {
    for await (const text of createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Infinity })) {
      const line = text.includes(traceId) ? parsed(text, schema) : undefined;
      if (line?.trace_id !== traceId) continue;
      if (lines.length < max) lines.push(line);
      else leftOut += 1;
    }
  }
  return { lines, leftOut };
}

/** A line that is only half there, as the last one of a file that is written to, is none. */
function parsed<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
