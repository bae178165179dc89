import type { JobContext } from '#adapters/jobs/job-engine.ts';

/** What a job is given when no engine runs it. What it tells is collected. */
export function jobContext(told: string[] = [], signal = new AbortController().signal): JobContext {
  const progress = (fraction: number, note: string): void => {
    signal.throwIfAborted();
    told.push(`${fraction.toFixed(2)} ${note}`);
  };
  return { jobId: 'test', signal, progress };
}
