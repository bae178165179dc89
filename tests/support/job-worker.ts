import { openQueueEngine } from '#adapters/jobs/queue-engine.ts';
import { openThreadRunner } from '#adapters/jobs/thread-runner.ts';

/** A worker in a process of its own, to be killed: works on the queue whose address and name it is given. */
const [url = '', name = ''] = process.argv.slice(2);
const engine = await openQueueEngine({ url, name, lockMs: 600, stalledCheckMs: 300, cancelCheckMs: 50 });
const runner = openThreadRunner({ file: new URL('./job-kinds.ts', import.meta.url), threads: 1 });
await engine.work(runner.run, { concurrency: 1 });
