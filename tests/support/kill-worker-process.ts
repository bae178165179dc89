import { openQueueEngine } from '#adapters/jobs/queue-engine.ts';
import { openThreadRunner } from '#adapters/jobs/thread-runner.ts';
import { jobFile } from '#runtime/jobs/job-file.ts';

/**
 * A worker of the desk's own jobs, made to be killed: it does what the command does, but a job whose worker is silent is another's after
 * half a second, and a job outlives as many workers as a night has.
 */
const [url = ''] = process.argv.slice(2);
const tell = (type: string, jobId: string): boolean => process.stdout.write(`${JSON.stringify({ type, jobId })}\n`);
const times = { lockMs: 600, stalledCheckMs: 300, lossesMax: 1_000 };
const engine = await openQueueEngine({ url, ...times, onProblem: (problem) => void tell('problem', problem) });
const runner = openThreadRunner({ file: jobFile, threads: 1 });
await engine.work(
  async (kind, input, context) => {
    tell('begun', context.jobId);
    try {
      return await runner.run(kind, input, context);
    } finally {
      tell('done', context.jobId);
    }
  },
  { concurrency: 1 },
);
tell('joined', String(process.pid));
