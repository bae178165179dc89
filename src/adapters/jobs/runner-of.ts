import type { JobData } from '#domain/job.ts';
import type { JobContext, JobFunction, JobRunner } from './job-engine.ts';

/** A runner that does each kind by its function, in the thread that calls it. */
export function runnerOf(table: Readonly<Record<string, JobFunction>>): JobRunner {
  return async (kind: string, input: JobData, context: JobContext): Promise<JobData> => {
    const act = Object.hasOwn(table, kind) ? table[kind] : undefined;
    if (act !== undefined) return await act(input, context);
    const known = Object.keys(table).map((name) => `'${name}'`);
    throw new Error(`expected a kind of job that this worker knows (${known.join(', ')}), found '${kind}'`);
  };
}
