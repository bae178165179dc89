import { systemTime } from '#adapters/time/system-time.ts';
import { worstStatus } from '#domain/health.ts';
import { projectionHealth } from '#runtime/health/desk-health.ts';
import { HealthChecker } from '#runtime/health/health-checker.ts';
import { keyStoreDependency } from '#runtime/health/store-health.ts';
import { SystemMeter, systemHealth } from '#runtime/health/system-health.ts';
import { startHousekeeping } from '#runtime/jobs/housekeeping.ts';
import { scheduleTable } from '#runtime/jobs/schedule-table.ts';
import { openKeys, openStreams, recordsUrl } from '#runtime/mirror/desk-stores.ts';
import { type Mirror, type MirrorOptions, openMirror, type ProjectionName } from '#runtime/mirror/mirror.ts';
import type { ProjectionStatus } from '#runtime/mirror/projection-runner.ts';
import { chores } from '#runtime/mirror/store-chores.ts';
import { type RemoteEngine, RemoteEngineError, remoteEngine } from '#runtime/tail/remote-engine.ts';
import { UsageError } from './refusal.ts';
import type { RolePlan } from './run-plan.ts';
import { openRunRecords, type RunRecords } from './run-records.ts';
import type { RunReporter } from './run-reporter.ts';
import { openTelemetry, type Telemetry } from './run-telemetry.ts';
import { type StopSignal, stopSignal } from './stop-signal.ts';
import { waitForEngine } from './wait-for-engine.ts';

/** What the mirror of a split desk keeps; the audit log lies in the engine's folder. */
const names: readonly ProjectionName[] = ['records', 'keys', 'bus'];
const heartbeatMs = 10_000;
const runLookMs = 1_000;

/** Keeps the servers of a split desk equal to its engine's journal, until told to stop. Returns the exit code. */
export async function runMirror(
  plan: RolePlan,
  reporter: RunReporter,
  forSeconds: number | undefined,
): Promise<number> {
  const { stores, folder, values } = plan;
  if (stores.valkeyUrl === undefined || stores.databaseUrl === undefined) {
    throw new UsageError("a mirror fills servers: expected 'VALKEY_URL' and 'DATABASE_URL', found one or none");
  }
  const stop = stopSignal();
  if (forSeconds !== undefined) stop.after(forSeconds * 1000, `${forSeconds} s are over`);
  const telemetry = openTelemetry(values, folder);
  const meter = new SystemMeter('.');
  try {
    const source = remoteEngine(plan.engine);
    // An engine that begins another run in between is followed as well, its stores opened anew.
    while (!stop.signal.aborted) {
      const runId = await runIdOf(source, stop, reporter);
      if (runId !== undefined) await mirrorRun({ plan, reporter, stop, telemetry, meter, source, runId });
    }
    reporter.stopping(stop.reason());
    return 0;
  } finally {
    stop.release();
    meter.close();
    await telemetry.close();
  }
}

interface Mirroring {
  readonly plan: RolePlan;
  readonly reporter: RunReporter;
  readonly stop: StopSignal;
  readonly telemetry: Telemetry;
  readonly meter: SystemMeter;
  readonly source: RemoteEngine;
  readonly runId: string;
}

/** Mirrors one run until told to stop, or until the engine trades another. */
async function mirrorRun(mirroring: Mirroring): Promise<void> {
  const { plan, reporter, stop, telemetry, source, runId } = mirroring;
  const { stores } = plan;
  const time = systemTime;
  const keys = await openKeys(stores, time);
  const streams = openStreams(stores, time);
  const records = openRunRecords(recordsUrl(stores), () => runId);
  const onProblem = (name: string, problem: string): void => {
    telemetry.log.warn('projection.waiting', { message: problem, metadata: { projection: name } });
    reporter.notice(`'${name}' waits: ${problem}`);
  };
  const options: MirrorOptions = { plan: stores, source, runId, keys, streams, names, time, onProblem };
  const mirror = openMirror(options);
  const health = healthOf(mirroring, { mirror, records, keys });
  const tell = (problem: string): void => reporter.notice(problem);
  const keeping = startHousekeeping(
    scheduleTable(plan.folder),
    chores({ ...options, process: 'mirror', log: telemetry.log, health: () => health.report(), onProblem: tell }),
    time,
    (name, error) => tell(`'${name}' failed: ${error instanceof Error ? error.message : String(error)}`),
  );
  mirror.begin();
  reporter.notice(`mirrors run ${runId}`);
  const heartbeat = setInterval(() => reporter.notice(beatOf(mirror.statuses())), heartbeatMs);
  try {
    await untilOver(source, runId, stop);
  } finally {
    clearInterval(heartbeat);
    await keeping.close();
    await mirror.stop();
    await records.close();
    await streams.close();
    await keys.close();
  }
}

function healthOf(
  { source, meter }: Mirroring,
  {
    mirror,
    records,
    keys,
  }: { readonly mirror: Mirror; readonly records: RunRecords; readonly keys: MirrorOptions['keys'] },
): HealthChecker {
  return new HealthChecker({
    service: 'tradewind-mirror',
    time: systemTime,
    dependencies: [
      { name: 'engine', criticality: 'critical', check: async () => ({ details: { ...(await source.head()) } }) },
      keyStoreDependency('valkey', () => keys.info()),
      {
        name: 'database',
        criticality: 'degrading',
        check: async () => ({ details: { runs: await records.use((store) => store.count('runs')) } }),
      },
    ],
    system: () => systemHealth(meter.read()),
    modules: () =>
      Object.fromEntries(mirror.statuses().map((status) => [`projection.${status.name}`, projectionHealth(status)])),
  });
}

/** Waits for the engine; undefined where it is told to stop before. */
async function runIdOf(source: RemoteEngine, stop: StopSignal, reporter: RunReporter): Promise<string | undefined> {
  let runId: string | undefined;
  const look = async (): Promise<string | undefined> => {
    try {
      ({ runId } = await source.head());
      return undefined;
    } catch (error) {
      if (!(error instanceof RemoteEngineError) || error.code === 'refused') throw error;
      return error.message;
    }
  };
  await waitForEngine(look, stop, { time: systemTime, notice: reporter.notice });
  return runId;
}

/** Resolves at the stop, or once the engine shows another run. An engine that is away may come back with this one. */
async function untilOver(source: RemoteEngine, runId: string, stop: StopSignal): Promise<void> {
  while (!stop.signal.aborted) {
    let cancel = (): void => undefined;
    const pause = new Promise<void>((done) => {
      cancel = systemTime.after(runLookMs, done);
    });
    await Promise.race([stop.wait(), pause]);
    cancel();
    const head = await source.head().catch(() => undefined);
    if (head !== undefined && head.runId !== runId) return;
  }
}

function beatOf(statuses: readonly ProjectionStatus[]): string {
  const parts = statuses.map(({ name, sequence, lag }) => `${name} at ${sequence}${lag > 0 ? ` (${lag} behind)` : ''}`);
  return `${worstStatus(statuses.map((status) => projectionHealth(status).status))}: ${parts.join(', ')}`;
}
