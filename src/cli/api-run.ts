import { systemTime } from '#adapters/time/system-time.ts';
import { type OpenServer, openServer } from '#api/server.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import { projectionLagHealth } from '#runtime/health/desk-health.ts';
import { HealthChecker } from '#runtime/health/health-checker.ts';
import { keyStoreDependency } from '#runtime/health/store-health.ts';
import { SystemMeter, systemHealth } from '#runtime/health/system-health.ts';
import { openKeys, recordsUrl } from '#runtime/mirror/desk-stores.ts';
import { recordedHistory, recordedTrace } from '#runtime/mirror/recorded-trace.ts';
import { type RemoteEngine, remoteEngine } from '#runtime/tail/remote-engine.ts';
import { killRequest } from './desk-doors.ts';
import { EngineView } from './engine-view.ts';
import { UsageError } from './refusal.ts';
import type { RolePlan } from './run-plan.ts';
import { openRunRecords, type RunRecords } from './run-records.ts';
import type { RunReporter } from './run-reporter.ts';
import { stopSignal } from './stop-signal.ts';
import { waitForEngine } from './wait-for-engine.ts';

/** Serves the page and the API of a split desk, whose engine is elsewhere, until told to stop. Returns the exit code. */
export async function runApi(plan: RolePlan, reporter: RunReporter, forSeconds: number | undefined): Promise<number> {
  const { stores } = plan;
  if (stores.valkeyUrl === undefined || stores.databaseUrl === undefined) {
    throw new UsageError(
      "the API reads what a mirror wrote: expected 'VALKEY_URL' and 'DATABASE_URL', found one or none",
    );
  }
  const stop = stopSignal();
  if (forSeconds !== undefined) stop.after(forSeconds * 1000, `${forSeconds} s are over`);
  const engine = remoteEngine(plan.engine);
  const view = new EngineView(engine, systemTime);
  const records = openRunRecords(recordsUrl(stores), () => view.status.runId);
  const meter = new SystemMeter('.');
  let keys: KeyStore | undefined;
  let server: OpenServer | undefined;
  try {
    const problem = (): Promise<string | undefined> => view.look();
    if (!(await waitForEngine(problem, stop, { time: systemTime, notice: reporter.notice }))) return 0;
    keys = await openKeys(stores, systemTime);
    server = await serve({ plan, engine, view, records, meter, keys });
    reporter.listening(server.address);
    view.follow();
    await stop.wait();
    reporter.stopping(stop.reason());
    return 0;
  } finally {
    stop.release();
    view.stop();
    meter.close();
    await server?.close();
    await keys?.close();
    await records.close();
  }
}

interface ApiParts {
  readonly plan: RolePlan;
  readonly engine: RemoteEngine;
  readonly view: EngineView;
  readonly records: RunRecords;
  readonly meter: SystemMeter;
  readonly keys: KeyStore;
}

function serve(parts: ApiParts): Promise<OpenServer> {
  const { plan, engine, view, records, keys } = parts;
  const health = healthOf(parts);
  const domains = policyDomains(modules);
  return openServer({
    host: plan.host,
    port: plan.port,
    allowedHosts: plan.allowedHosts,
    readOnly: plan.readOnly,
    status: () => view.status,
    metrics: () => engine.metrics(),
    kill: async (request, traceparent) => {
      const answer = await engine.request(killRequest(request, traceparent));
      // The answer shows the switch as it is now. Where the engine ends at this moment, what it said is told with what was seen before.
      await view.look().catch(() => undefined);
      return answer;
    },
    reconcile: () => engine.request({ command: 'reconcile' }),
    health: () => health.report(),
    unreadiness: () => view.unreadiness(),
    keys,
    policies: async () => (await engine.request({ command: 'policy.get' })).policies,
    policyHistory: (key) => records.use((store) => recordedHistory(store, domains, key)),
    trace: (id) => records.use((store) => recordedTrace(store, id)),
  });
}

/** How far the mirror has come is judged by what it wrote: it may run on any machine, or on none. */
function healthOf({ engine, records, keys, meter }: ApiParts): HealthChecker {
  const mirrored = async (reading: Promise<ProjectionPosition | undefined>) => {
    const [position, head] = await Promise.all([reading, engine.head()]);
    return projectionLagHealth(position?.runId === head.runId ? position.sequence : 0, head.lastSequence);
  };
  return new HealthChecker({
    service: 'tradewind-api',
    time: systemTime,
    dependencies: [
      {
        name: 'engine',
        criticality: 'critical',
        check: async () => {
          const { report } = await engine.health();
          return { status: report.status, details: { ...report } };
        },
      },
      keyStoreDependency('valkey', () => keys.info()),
      {
        name: 'database',
        criticality: 'degrading',
        check: async () => ({ details: { runs: await records.use((store) => store.count('runs')) } }),
      },
      {
        name: 'mirror.records',
        criticality: 'degrading',
        check: () => mirrored(records.use((store) => store.position('records'))),
      },
      { name: 'mirror.keys', criticality: 'degrading', check: () => mirrored(keys.position('keys')) },
    ],
    system: () => systemHealth(meter.read()),
    modules: () => ({}),
  });
}
