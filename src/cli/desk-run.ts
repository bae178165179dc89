import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { lockFolder } from '#adapters/journal/folder-lock.ts';
import { PostgresLeases } from '#adapters/lease/postgres-lease.ts';
import { ValkeyLeases } from '#adapters/lease/valkey-lease.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { numberOf } from '#domain/configuration/configuration-value.ts';
import { type DeskCrew, openCrew } from '#runtime/desk-crew.ts';
import type { DeskRun } from '#runtime/desk-run.ts';
import { LeaseKeeper, type LeaseStore } from '#runtime/lease-keeper.ts';
import { type ProjectionName, projectionNames } from '#runtime/mirror/mirror.ts';
import { type DeskStatus, deskStatus } from '#runtime/status.ts';
import { type Doors, openDoors } from './desk-doors.ts';
import { DeskMeters } from './desk-meters.ts';
import { killSignal } from './kill-signal.ts';
import { policyChanges } from './policy-changes.ts';
import type { DeskPlan } from './run-plan.ts';
import type { RunReporter } from './run-reporter.ts';
import { openTelemetry, type Telemetry } from './run-telemetry.ts';
import { type StopSignal, stopSignal } from './stop-signal.ts';

const heartbeatMs = 10_000;

/** A lease with the store it is kept in. */
interface HeldLease {
  readonly keeper: LeaseKeeper;
  readonly store: LeaseStore;
}

/** Everything a run has opened so far, to be closed at its end whatever it was. */
interface Held {
  readonly telemetry: Telemetry;
  readonly stop: StopSignal;
  lease: HeldLease | undefined;
  desk?: DeskRun;
  meters?: DeskMeters;
  crew?: DeskCrew;
  /** What happens from now on is told; history was not. */
  isLive: boolean;
}

interface Asked {
  readonly plan: DeskPlan;
  readonly reporter: RunReporter;
  readonly forSeconds: number | undefined;
}

/** Runs a desk, alone in its process or as the engine of a split one. Returns the exit code; rejects where it could not be opened. */
export async function runDesk(plan: DeskPlan, reporter: RunReporter, forSeconds: number | undefined): Promise<number> {
  for (const warning of plan.warnings) reporter.notice(warning);
  const telemetry = openTelemetry(plan.values, plan.folder, { speed: plan.speed, secrets: plan.secrets });
  const held: Held = { telemetry, stop: stopSignal(), lease: undefined, isLive: false };
  let problem: string | undefined;
  try {
    problem = await openAndTrade(held, { plan, reporter, forSeconds });
  } finally {
    held.stop.release();
    const left = await closeAll(held);
    problem ??= left;
  }
  if (held.desk !== undefined) {
    reporter.stopped(plan.folder, deskStatus(held.desk.engine, frameOf(plan)), problem);
  }
  return problem === undefined ? 0 : 1;
}

/** Returns what went wrong while it traded; rejects where something could not be opened. */
async function openAndTrade(held: Held, asked: Asked): Promise<string | undefined> {
  const { plan, reporter } = asked;
  held.lease = await takeLease(plan, reporter);
  const desk = openDesk(held, asked);
  const status = (): DeskStatus => deskStatus(desk.engine, frameOf(plan));
  const meters = new DeskMeters(desk.engine);
  held.desk = desk;
  held.meters = meters;
  reporter.opened(plan.folder, desk.opened, desk.engine);
  if (!desk.opened.isNew) tellChanges(plan, desk, reporter);
  const crew = await openCrew({
    desk,
    folder: resolve(plan.folder),
    plan: plan.stores,
    names: projectionsOf(plan),
    process: plan.role === 'engine' ? 'engine' : 'desk',
    log: held.telemetry.log,
    tracing: held.telemetry.tracing,
    lease: held.lease,
    jobThreads: plan.role === 'engine' ? 0 : numberOf(plan.values, 'TRADEWIND_JOB_THREADS'),
    time: systemTime,
    onProblem: (text) => reporter.notice(text),
  });
  held.crew = crew;
  await using doors = await openDoors({ plan, desk, crew, meters, status });
  const problem = await trade(held, { ...asked, desk, crew, doors, status });
  reporter.stopping(held.stop.reason());
  return problem;
}

function openDesk(held: Held, { plan, reporter }: Asked): DeskRun {
  return plan.open({
    ...(held.lease === undefined ? {} : { lease: held.lease.keeper }),
    onEvent: (event) => {
      const { desk, crew, meters } = held;
      crew?.see(event);
      // Events of the opening are shown before there is a desk to look at.
      if (desk === undefined) return;
      if (desk.engine.state.isWarm) meters?.observe(event);
      if (held.isLive) reporter.event(event, desk.engine);
    },
    onProgress: (stage, done, total) => {
      if (stage === 'warmup') reporter.warmingUp(done, total);
    },
    onProblem: (text) => {
      held.telemetry.log.error('desk.troubled', { message: text });
      reporter.notice(text);
    },
    onNotice: (text) => held.telemetry.log.info('desk.noticed', { message: text }),
  });
}

/** A split desk's engine keeps what lies in its folder; the mirror keeps the rest. */
function projectionsOf({ role }: DeskPlan): readonly ProjectionName[] {
  return role === 'engine' ? ['audit'] : projectionNames;
}

function frameOf({ market, isDemonstration, speed }: DeskPlan): Pick<DeskPlan, 'market' | 'isDemonstration' | 'speed'> {
  return { market, isDemonstration, speed };
}

/** The environment makes the policies of a fresh run alone; what it says otherwise later is told and changes nothing. */
function tellChanges({ policies }: DeskPlan, desk: DeskRun, reporter: RunReporter): void {
  const keys = policyChanges(desk.engine, policies).map(({ key }) => `'${key}'`);
  if (keys.length === 0) return;
  reporter.notice(
    `settings differ from the policies in force and change nothing (${keys.join(', ')}): 'doctor' lists them, 'policy apply-env' applies them`,
  );
}

/** With a server there may be another desk on the account: the lease says who trades. Without one the folder's lock is enough. */
async function takeLease(
  { stores, leaseAccount, folder }: DeskPlan,
  reporter: RunReporter,
): Promise<HeldLease | undefined> {
  const { valkeyUrl, databaseUrl } = stores;
  if (valkeyUrl === undefined && databaseUrl === undefined) return undefined;
  // The lease of a desk that runs on this folder would be granted anew, since its holder is this folder, and the desk would lose it.
  lockFolder(folder).release();
  const store = valkeyUrl === undefined ? new PostgresLeases(databaseUrl ?? '') : new ValkeyLeases(valkeyUrl);
  try {
    const keeper = await LeaseKeeper.take({
      store,
      account: leaseAccount,
      // The same process on the same folder has its account back at once after a crash: the folder's lock holds off a second one.
      holder: `${hostname()}:${resolve(folder)}`,
      time: systemTime,
      onProblem: (problem) => reporter.notice(problem),
    });
    return { keeper, store };
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Trading extends Asked {
  readonly desk: DeskRun;
  readonly crew: DeskCrew;
  readonly doors: Doors;
  readonly status: () => DeskStatus;
}

/** Trades until someone says stop, the time is over or the market ends. Returns what went wrong. */
async function trade(held: Held, trading: Trading): Promise<string | undefined> {
  const { desk, crew, doors, status, reporter, forSeconds } = trading;
  const { stop } = held;
  using _signal = killSignal(desk, (text) => reporter.notice(text));
  await desk.warmUp(stop.signal);
  if (stop.signal.aborted) return undefined;
  // Recovery and warm-up hold the process up for longer than a grant is trusted here.
  await held.lease?.keeper.renewNow();
  await crew.begin();
  reporter.warm(desk.engine);
  reporter.listening(doors.address);
  held.isLive = true;
  const heartbeat = setInterval(() => reporter.heartbeat(status()), heartbeatMs);
  if (forSeconds !== undefined) stop.after(forSeconds * 1000, `${forSeconds} s are over`);
  desk.start(() => stop.now(desk.failure === undefined ? 'the market has no more data' : 'the run failed'));
  await stop.wait();
  clearInterval(heartbeat);
  return desk.failure?.message;
}

/** Closes what was opened, the desk between those who follow it and the lease it holds. Returns what went wrong. */
async function closeAll({ crew, desk, lease, telemetry }: Held): Promise<string | undefined> {
  const problems: string[] = [];
  const closing = async (act: () => Promise<void> | undefined): Promise<void> => {
    try {
      await act();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  await closing(() => crew?.rest());
  await closing(() => desk?.stop());
  await closing(() => crew?.end());
  await closing(() => lease?.keeper.release());
  await closing(() => lease?.store.close());
  await closing(() => telemetry.close());
  return problems[0];
}
