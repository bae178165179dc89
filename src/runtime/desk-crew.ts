import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import type { Logger } from '#adapters/telemetry/logger.ts';
import type { Tracing } from '#adapters/telemetry/tracing.ts';
import type { Event } from '#domain/events.ts';
import type { HealthReport } from '#domain/health.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { TimePort } from '#engine/ports.ts';
import type { DeskRun } from './desk-run.ts';
import { journalDependency, ModuleBeats, marketDependency, projectionHealth } from './health/desk-health.ts';
import { type Dependency, HealthChecker } from './health/health-checker.ts';
import { clockDependency, keyStoreDependency } from './health/store-health.ts';
import { SystemMeter, systemHealth } from './health/system-health.ts';
import { type Chores, type Housekeeping, startHousekeeping } from './jobs/housekeeping.ts';
import { type DeskJobs, openDeskJobs } from './jobs/open-desk-jobs.ts';
import { scheduleTable } from './jobs/schedule-table.ts';
import { KillKeyWatch } from './kill-key-watch.ts';
import type { LeaseKeeper, LeaseStore } from './lease-keeper.ts';
import { auditSink, openKeys, openStreams, type StorePlan } from './mirror/desk-stores.ts';
import { type Mirror, openMirror, type ProjectionName } from './mirror/mirror.ts';
import { chores } from './mirror/store-chores.ts';
import { DeskLogFollower } from './telemetry/desk-log-follower.ts';

export interface CrewOptions {
  readonly desk: DeskRun;
  readonly folder: string;
  readonly plan: StorePlan;
  /** The projections this process keeps. */
  readonly names: readonly ProjectionName[];
  /** Names this process in logs, health and on the bus. */
  readonly process: string;
  readonly log: Logger;
  readonly tracing: Tracing;
  /** The lease that is held, with its store; undefined where the folder's lock is all there is. */
  readonly lease: { readonly keeper: LeaseKeeper; readonly store: LeaseStore } | undefined;
  /** Jobs this process does at once. */
  readonly jobThreads: number;
  readonly time: TimePort;
  onProblem(problem: string): void;
}

/** Everyone who works beside the kernel of a desk, and none of whom it waits for. */
export interface DeskCrew {
  readonly keys: KeyStore;
  readonly streams: StreamDriver;
  readonly mirror: Mirror;
  /** Sees every event of the run. */
  see(event: Event): void;
  /** Called once history has been taken in: from then on jobs are scheduled. */
  begin(): Promise<void>;
  health(): Promise<HealthReport>;
  /** Why the desk does not trade; nothing where it does. */
  unreadiness(): readonly string[];
  openJobs(): number;
  /** Ends what asks the desk for something; called before the desk stops. */
  rest(): Promise<void>;
  /** Brings the stores up to the journal's end where they answer, and closes them; called after the desk has stopped. */
  end(): Promise<void>;
}

/** How long the stores have at the end to come up to the journal; what is missing then comes at the next start. */
const drainMs = 5_000;

export async function openCrew(options: CrewOptions): Promise<DeskCrew> {
  const { desk, plan, names, time, log, tracing } = options;
  const { runId } = desk.engine.state;
  const keys = await openKeys(plan, time);
  const streams = openStreams(plan, time);
  const told = desk.tail.durableSequence;
  const onProblem = (name: string, problem: string): void => {
    log.warn('projection.waiting', { message: problem, metadata: { projection: name } });
    options.onProblem(`'${name}' waits: ${problem}`);
  };
  const mirror = openMirror({ plan, source: desk.tail, runId, keys, streams, names, time, onProblem });
  const follower = new DeskLogFollower({
    source: desk.tail,
    runId,
    toldSequence: desk.opened.isNew ? 0 : told,
    seed: await auditPosition(plan),
    isWarm: desk.engine.state.isWarm,
    log,
    tracing,
  });
  follower.start();
  const meter = new SystemMeter(options.folder);
  const health = healthOf(options, { keys, mirror, meter });
  const keeping = keepHouse(options, chores({ ...options, runId, keys, streams, health: () => health.report() }));
  let watch: KillKeyWatch | undefined;
  let jobs: DeskJobs | undefined;
  return {
    keys,
    streams,
    mirror,
    see: (event) => jobs?.jobs.see(event),
    begin: async () => {
      mirror.begin();
      // Before the mirror has begun the store says nothing of this run, and that would count as engaged after a while.
      if (plan.valkeyUrl !== undefined) watch = watchKillKey(options, keys);
      jobs = await openJobs(options);
    },
    health: () => health.report(),
    unreadiness: () => unreadinessOf(options),
    openJobs: () => Object.keys(desk.engine.state.jobs.openById).length,
    rest: async () => {
      mirror.hold(true);
      await keeping.close();
      await watch?.stop();
      await jobs?.close();
    },
    end: async () => {
      mirror.hold(false);
      await follower.stop();
      await mirror.drain(desk.tail.durableSequence, drainMs);
      await mirror.stop();
      meter.close();
      await streams.close();
      await keys.close();
    },
  };
}

/** Spares reading the journal from its beginning; what keeps the audit log from being read is told by its projection. */
function auditPosition(plan: StorePlan): Promise<ProjectionPosition | undefined> {
  return auditSink(plan)
    .position('audit')
    .catch(() => undefined);
}

function openJobs({ desk, folder, plan, jobThreads, time, onProblem }: CrewOptions): Promise<DeskJobs> {
  return openDeskJobs({
    desk: { state: desk.engine.state, request: (input) => desk.request(input) },
    folder,
    queueUrl: plan.valkeyUrl ?? plan.databaseUrl,
    threads: jobThreads,
    time,
    onProblem,
  });
}

function keepHouse({ folder, time, log, onProblem }: CrewOptions, table: Chores): Housekeeping {
  return startHousekeeping(scheduleTable(folder), table, time, (name, error) => {
    log.warn('chore.failed', { error, metadata: { chore: name } });
    onProblem(`'${name}' failed: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** The switch in Valkey: who sets it by hand stops the desk, whoever mirrors it. */
function watchKillKey({ desk, time, log, onProblem }: CrewOptions, keys: KeyStore): KillKeyWatch {
  return new KillKeyWatch({
    time,
    isEngaged: () => desk.engine.state.kill.isEngaged,
    switchSequence: () => desk.switchSequence,
    read: async () => {
      const position = await keys.position('keys');
      const isOurs = position?.runId === desk.engine.state.runId;
      // The fold holds a release back until it has come to the journal's end, and until then the key says engaged.
      const isFilling = isOurs && position.state.includes('"isReleasePending":true');
      return { mirroredSequence: isOurs ? position.sequence : 0, key: await keys.readKillSwitch(), isFilling };
    },
    engage: (reason) => {
      log.warn('kill.engaged', { message: reason });
      try {
        desk.request((at) => ({ type: 'kill.engaged', at, actor: 'valkey', reason }));
      } catch (error) {
        // A run that has failed takes nothing any more, and trades no more either.
        onProblem(`the kill switch was not engaged: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  });
}

interface Watched {
  readonly keys: KeyStore;
  readonly mirror: Mirror;
  readonly meter: SystemMeter;
}

function healthOf(options: CrewOptions, { keys, mirror, meter }: Watched): HealthChecker {
  const { desk, plan, lease, time, process } = options;
  const beats = new ModuleBeats();
  const dependencies: Dependency[] = [
    { name: 'journal', criticality: 'critical', check: () => journalDependency(desk.journal).check() },
    marketDependency(desk.engine),
    keyStoreDependency(plan.valkeyUrl === undefined ? 'keys' : 'valkey', () => keys.info()),
  ];
  if (lease !== undefined) {
    dependencies.push(clockDependency({ serverAt: () => lease.store.serverAt(), now: () => time.now() }));
    dependencies.push(leaseDependency(lease.keeper));
  }
  return new HealthChecker({
    service: `tradewind-${process}`,
    time,
    dependencies,
    system: () => systemHealth(meter.read()),
    modules: () => ({
      ...beats.look(desk.engine),
      ...Object.fromEntries(mirror.statuses().map((status) => [`projection.${status.name}`, projectionHealth(status)])),
    }),
  });
}

function leaseDependency(keeper: LeaseKeeper): Dependency {
  return {
    name: 'lease',
    criticality: 'critical',
    check: () => {
      const { account, holder, token } = keeper.lease;
      const details = { account, holder, token };
      return keeper.isHeld()
        ? { status: 'HEALTHY', details }
        : { status: 'CRITICAL', error: keeper.doubt ?? 'the lease is over: nothing is sent any more', details };
    },
  };
}

function unreadinessOf({ desk, lease }: CrewOptions): string[] {
  const reasons: string[] = [];
  if (!desk.engine.state.isWarm) reasons.push('history is being taken in');
  if (desk.failure !== undefined) reasons.push(`the run failed: ${desk.failure.message}`);
  if (desk.journal.problem !== undefined) reasons.push(desk.journal.problem);
  for (const { part, instrument, reason } of Object.values(desk.engine.state.impairments)) {
    reasons.push(`'${part}'${instrument === null ? '' : ` of '${instrument}'`} is impaired: ${reason}`);
  }
  if (lease !== undefined && !lease.keeper.isHeld()) reasons.push('the lease on the account is over');
  return reasons;
}
