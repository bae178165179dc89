import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { JobEngine, JobRunner } from '#adapters/jobs/job-engine.ts';
import { JobEngineError } from '#adapters/jobs/job-engine-error.ts';
import { queueAddress } from '#adapters/jobs/queue-address.ts';
import { openQueueEngine } from '#adapters/jobs/queue-engine.ts';
import { openThreadRunner } from '#adapters/jobs/thread-runner.ts';
import { settingOf } from '#domain/configuration/configuration-value.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { jobFile } from '#runtime/jobs/job-file.ts';
import type { CommandContext } from './command-context.ts';
import { wholeNumber } from './option-parsers.ts';
import type { Output } from './output.ts';
import { UsageError } from './refusal.ts';
import { stopSignal } from './stop-signal.ts';

interface WorkerArguments {
  readonly queue?: string;
  readonly concurrency: number;
  readonly json?: boolean;
}

/** Time that jobs at hand have to be done at the end; what is not done by then is handed back to the queue. */
const patienceMs = 8_000;

/** `worker`: joins a queue of jobs from any machine and works until it is asked to stop. */
export function registerWorker(program: Command, context: CommandContext): void {
  program
    .command('worker')
    .description('join a queue of jobs and work until asked to stop')
    .option('--queue <address>', "redis:// or postgres://; 'VALKEY_URL', then 'DATABASE_URL' unless told")
    .option('--concurrency <number>', 'jobs at once, each in a thread of its own', wholeNumber(1, 64), 1)
    .option('--json', 'tell what happens as JSON, one object a line')
    .addHelpText(
      'after',
      '\nA job names folders: the worker must see the same ones under the same paths.\nExit codes: 0 stopped in order, 1 no queue answers, 2 bad options.',
    )
    .action(async (options: WorkerArguments) => context.exitWith(await runWorker(options, context)));
}

/** Works until asked to stop. Returns the exit code. */
export async function runWorker(
  options: WorkerArguments,
  { environment, output }: Pick<CommandContext, 'environment' | 'output'>,
): Promise<number> {
  const url = options.queue ?? queueOf(environment);
  const tell = teller(output, options.json === true);
  const stop = stopSignal();
  let engine: JobEngine | undefined;
  try {
    const { shown } = queueAddress(url);
    engine = await openQueueEngine({ url, onProblem: (problem) => tell('problem', { problem }) });
    const runner = openThreadRunner({ file: jobFile, threads: options.concurrency });
    const working = await engine.work(toldRunner(runner.run, tell), { concurrency: options.concurrency });
    tell('joined', { queue: shown, concurrency: options.concurrency, host: hostname(), pid: process.pid });
    await stop.wait();
    tell('stopping', { reason: stop.reason() });
    await working.close(patienceMs);
    await runner.close();
    tell('stopped', {});
    return 0;
  } catch (error) {
    if (!(error instanceof JobEngineError)) throw error;
    output.note(`tradewind: ${error.message}`);
    return error.code === 'address' ? 2 : 1;
  } finally {
    stop.release();
    await engine?.close();
  }
}

function queueOf(environment: CommandContext['environment']): string {
  const values = configurationFrom(environment);
  const found = ['VALKEY_URL', 'DATABASE_URL'].map((name) => settingOf(values, name));
  const url = found.find((value) => typeof value === 'string');
  if (typeof url === 'string') return url;
  throw new UsageError("'--queue': expected an address, or 'VALKEY_URL' or 'DATABASE_URL' to be set, found none");
}

type Tell = (what: string, facts: Readonly<Record<string, unknown>>) => void;

function teller(output: Output, isJson: boolean): Tell {
  return (what, facts) => {
    if (isJson) {
      output.json({ what, at: Date.now(), ...facts });
      return;
    }
    const said = Object.entries(facts).map(([name, value]) => `${name} '${String(value)}'`);
    output.line([what, ...said].join(' '));
  };
}

/** Tells of every job that is begun here and of how it ended here. */
function toldRunner(run: JobRunner, tell: Tell): JobRunner {
  return async (kind, input, context) => {
    const { jobId, signal } = context;
    const startedAt = performance.now();
    const tookMs = (): number => Math.round(performance.now() - startedAt);
    tell('begun', { jobId, kind });
    try {
      const result = await run(kind, input, context);
      tell('done', { jobId, kind, tookMs: tookMs() });
      return result;
    } catch (error) {
      const reason = signal.aborted ? String(signal.reason) : error instanceof Error ? error.message : String(error);
      tell(signal.aborted ? 'given up' : 'failed', { jobId, kind, tookMs: tookMs(), reason });
      throw error;
    }
  };
}
