import { type Command, InvalidArgumentError } from 'commander';
import type { KillRequest } from '#api/contract.ts';
import { metricsText } from '#api/metrics-text.ts';
import { type OpenServer, openServer } from '#api/server.ts';
import { type ControlRequest, serveControl } from '#runtime/control-socket.ts';
import { type OperatedDesk, operate } from '#runtime/operate.ts';
import { PaperRun } from '#runtime/paper-run.ts';
import { type DeskStatus, deskStatus } from '#runtime/status.ts';
import type { CommandContext } from './command-context.ts';
import { amount, assignment, symbols, wholeNumber } from './option-parsers.ts';
import { policyChanges } from './policy-changes.ts';
import { planRun, type RunArguments, type RunPlan } from './run-plan.ts';
import { createRunReporter, type RunReporter } from './run-reporter.ts';
import { type StopSignal, stopSignal } from './stop-signal.ts';

interface RunCommandArguments extends RunArguments {
  readonly for?: number;
  readonly json?: boolean;
}

const heartbeatMs = 10_000;
const speedMax = 100_000;

/** `run`: a desk on paper, live on a synthetic or a recorded market, with its status page. */
export function registerRun(program: Command, context: CommandContext): void {
  program
    .command('run')
    .description('run a desk on paper on a synthetic or recorded market, with a status page')
    .option('--market <market>', "'synthetic', or 'data:' and a folder of recorded bars", market, 'synthetic')
    .option('--speed <factor>', 'event time per time of the clock (300 synthetic, 60 recorded)', speed)
    .option('--seed <number>', 'seed of the synthetic market and of chance (7)', wholeNumber(0, 4_294_967_295))
    .option('--data-dir <folder>', 'where journal and snapshots are kept (data/<market>)')
    .option('--instruments <pairs>', 'pairs separated by commas; all the desk is configured for unless told', symbols)
    .option('--balance <amount>', 'account balance of a fresh run', amount, 100_000)
    .option('--port <number>', 'port of the status page, 0 for any free one (8000)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address of the status page (127.0.0.1)')
    .option('--set <NAME=VALUE>', 'a configuration variable of a fresh run; may be given many times', assignment, {})
    .option('--for <seconds>', 'stop after so many seconds of trading', seconds)
    .option('--json', 'tell what happens as JSON, one object a line')
    .addHelpText(
      'after',
      '\nExit codes: 0 stopped in order, 1 the run failed, 2 bad options, a held folder or a port in use.',
    )
    .action(async (options: RunCommandArguments) => context.exitWith(await run(options, context)));
}

async function run(options: RunCommandArguments, { environment, output }: CommandContext): Promise<number> {
  const plan = planRun(options, environment);
  const reporter = createRunReporter(output, options.json === true);
  for (const warning of plan.warnings) reporter.notice(warning);
  let isLive = false;
  const desk = PaperRun.open({
    ...plan.paper,
    onEvent: (event) => {
      if (isLive) reporter.event(event, desk.engine);
    },
    onProgress: (stage, done, total) => {
      if (stage === 'warmup') reporter.warmingUp(done, total);
    },
  });
  const stop = stopSignal();
  const status = (): DeskStatus => deskStatus(desk.engine, frameOf(plan));
  let problem: string | undefined;
  try {
    reporter.opened(plan.paper.folder, desk.opened, desk.engine);
    if (!desk.opened.isNew) tellChanges(plan, desk, reporter);
    await using doors = await openDoors(plan, desk, status);
    await desk.warmUp(stop.signal);
    if (!stop.signal.aborted) {
      reporter.warm(desk.engine);
      reporter.listening(doors.address);
      isLive = true;
      problem = await trade({ desk, stop, status, reporter, forSeconds: options.for });
    }
    reporter.stopping(stop.reason());
  } finally {
    stop.release();
    problem = (await stopDesk(desk)) ?? problem;
  }
  reporter.stopped(plan.paper.folder, status(), problem);
  return problem === undefined ? 0 : 1;
}

/** The environment makes the policies of a fresh run alone; what it says otherwise later is told and changes nothing. */
function tellChanges({ paper }: RunPlan, desk: PaperRun, reporter: RunReporter): void {
  const keys = policyChanges(desk.engine, paper.policies).map(({ key }) => `'${key}'`);
  if (keys.length === 0) return;
  reporter.notice(
    `settings differ from the policies in force and change nothing (${keys.join(', ')}): 'doctor' lists them, 'policy apply-env' applies them`,
  );
}

function frameOf({ paper, isDemonstration }: RunPlan): { market: string; isDemonstration: boolean; speed: number } {
  return { market: paper.market.name, isDemonstration, speed: paper.speed };
}

/** The ways in: the status page, and the switch's own socket. */
interface Doors extends AsyncDisposable {
  readonly address: string;
}

async function openDoors(plan: RunPlan, desk: PaperRun, status: () => DeskStatus): Promise<Doors> {
  const operated: OperatedDesk = { engine: desk.engine, request: (input) => desk.request(input), status };
  const { host, port, readOnly } = plan;
  const server: OpenServer = await openServer({
    host,
    port,
    readOnly,
    status,
    metrics: () => metricsText(status()),
    kill: (request) => operate(operated, controlRequest(request)),
  });
  try {
    const control = await serveControl(plan.paper.folder, (request) => operate(operated, request));
    return {
      address: server.address,
      [Symbol.asyncDispose]: async () => {
        control.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

function controlRequest({ isEngaging, reason, isFlattening }: KillRequest): ControlRequest {
  const author = { actor: 'api', reason: reason === '' ? 'asked for through the API' : reason };
  if (!isEngaging) return { command: 'kill.release', ...author };
  return { command: 'kill.engage', flatten: isFlattening, ...author };
}

interface Trading {
  readonly desk: PaperRun;
  readonly stop: StopSignal;
  readonly status: () => DeskStatus;
  readonly reporter: RunReporter;
  readonly forSeconds: number | undefined;
}

/** Trades until someone says stop, the time is over or the market ends. Returns what went wrong. */
async function trade({ desk, stop, status, reporter, forSeconds }: Trading): Promise<string | undefined> {
  const heartbeat = setInterval(() => reporter.heartbeat(status()), heartbeatMs);
  if (forSeconds !== undefined) stop.after(forSeconds * 1000, `${forSeconds} s are over`);
  desk.start(() => stop.now('the market has no more data'));
  await stop.wait();
  clearInterval(heartbeat);
  return desk.failure?.message;
}

async function stopDesk(desk: PaperRun): Promise<string | undefined> {
  try {
    await desk.stop();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function market(text: string): string {
  if (text === 'synthetic' || /^data:./s.test(text)) return text;
  throw new InvalidArgumentError(`expected 'synthetic' or 'data:' and a folder, found '${text}'`);
}

function speed(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= speedMax) return value;
  throw new InvalidArgumentError(`expected a factor above 0 and up to ${speedMax}, found '${text}'`);
}

function seconds(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 1e6) return value;
  throw new InvalidArgumentError(`expected seconds above 0 and up to 1000000, found '${text}'`);
}
