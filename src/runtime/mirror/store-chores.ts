import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { trimStreams } from '#adapters/bus/trim-streams.ts';
import { openRecordStore, type RecordStore } from '#adapters/records/record-store.ts';
import type { Logger } from '#adapters/telemetry/logger.ts';
import type { HealthReport, HealthStatus } from '#domain/health.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import { recordOf } from '#domain/records/record-tables.ts';
import type { TimePort } from '#engine/ports.ts';
import { memoryShare } from '../health/store-health.ts';
import type { Chores } from '../jobs/housekeeping.ts';
import { BusNotices } from './bus-notices.ts';
import { busSink, recordsUrl, type StorePlan } from './desk-stores.ts';
import type { ProjectionName } from './mirror.ts';

export interface ChoreOptions {
  readonly plan: StorePlan;
  readonly runId: string;
  readonly process: string;
  /** The projections this process keeps: it cares for their stores. */
  readonly names: readonly ProjectionName[];
  readonly keys: KeyStore;
  readonly streams: StreamDriver;
  readonly log: Logger;
  readonly time: TimePort;
  health(): Promise<HealthReport>;
  onProblem(problem: string): void;
}

/** Percent of a store's memory from which its alarm is raised. */
const memoryAlarm = 80;

/** What is done for the stores at the times of the schedule, each by the process that keeps the store. */
export function chores(options: ChoreOptions): Chores {
  const { names } = options;
  return {
    'health-snapshot': healthChore(options),
    ...(names.includes('records') ? { 'record-retention': () => pruneRecords(options) } : {}),
    ...(names.includes('keys') ? { 'store-memory': () => watchMemory(options) } : {}),
    ...(names.includes('bus') ? { 'stream-trim': () => trim(options) } : {}),
  };
}

async function pruneRecords(options: ChoreOptions): Promise<void> {
  const { log } = options;
  await withRecords(options, async (records) => {
    // Rows are as old as the desk's own time says: a demonstration's time is not the clock's.
    const at = (await records.position('records'))?.at;
    if (at === undefined) return;
    const removed = await records.prune({}, at);
    log.info('records.pruned', { metadata: { removed } });
  });
}

async function watchMemory({ keys, log, onProblem }: ChoreOptions): Promise<void> {
  const info = await keys.info();
  const share = info.isReachable ? memoryShare(info) : undefined;
  if (share === undefined || share < memoryAlarm) return;
  const message = `the store holds ${Math.round(share)} % of the memory it may have: it refuses writes when it is full`;
  log.warn('store.memory', { message });
  onProblem(message);
}

async function trim({ streams, time, log, onProblem }: ChoreOptions): Promise<void> {
  const { removed, alarms, dropped, idleGroups } = await trimStreams({ driver: streams, time });
  if (removed > 0) log.debug('streams.trimmed', { metadata: { removed } });
  for (const { stream, length, group } of alarms) {
    onProblem(`'${stream}' holds ${length} entries since the group '${group}' does not take them`);
  }
  for (const { stream, group, count } of dropped) {
    onProblem(`${count} entries of '${stream}' were dropped before the group '${group}' had taken them`);
  }
  for (const { stream, group } of idleGroups) {
    log.warn('group.idle', { message: `nobody reads '${stream}' for the group '${group}'` });
  }
}

/** Tells the state of the process and of its parts: on the bus each time, in the records where it has changed. */
function healthChore(options: ChoreOptions): () => Promise<void> {
  const known = new Map<string, HealthStatus>();
  const publish = healthNotices(options);
  return async () => {
    const report = await options.health();
    const changed = changesOf(report, known);
    for (const { component, status, reason } of changed) {
      options.log.info('health.changed', {
        message: `'${component}' is ${status}${reason === '' ? '' : `: ${reason}`}`,
      });
    }
    const record = async (): Promise<void> => {
      if (!options.names.includes('records')) return;
      try {
        await keepHealth(options, changed);
      } catch (error) {
        // What could not be written counts as not seen, so that it is written once the records answer.
        for (const { component } of changed) known.delete(component);
        throw error;
      }
    };
    // Either store may be away without keeping the other from being told.
    await Promise.all([record(), publish(report, changed.length > 0 ? Object.fromEntries(known) : undefined)]);
  };
}

type Parts = Readonly<Record<string, HealthStatus>>;

/** Tells the bus how the process is: all its parts where some have changed. What cannot be told is not told later. */
function healthNotices({ streams, runId, process, time, keys }: ChoreOptions) {
  const notices = new BusNotices({ sink: busSink(streams), runId, process, time });
  let wasReachable = true;
  return async (report: HealthReport, changed: Parts | undefined): Promise<void> => {
    const { isReachable } = await keys.info();
    const hasReturned = isReachable && !wasReachable;
    wasReachable = isReachable;
    if (!isReachable) return;
    if (hasReturned) await notices.say('system.redis_recovered', report.status, {});
    if (changed !== undefined) await notices.say('health.status', report.status, { parts: changed });
    await notices.say('service.heartbeat', report.status, { uptime_s: report.uptime_s });
  };
}

interface HealthChange {
  readonly component: string;
  readonly status: HealthStatus;
  readonly reason: string;
  readonly latencyMs: number | null;
  readonly details: unknown;
}

function changesOf(report: HealthReport, known: Map<string, HealthStatus>): HealthChange[] {
  const parts: HealthChange[] = [
    { component: 'process', status: report.status, reason: '', latencyMs: null, details: report.system },
    ...Object.entries(report.dependencies).map(([component, part]) => ({
      component,
      status: part.status,
      reason: part.error ?? '',
      latencyMs: part.latency_ms,
      details: part.details,
    })),
    ...Object.entries(report.modules).map(([component, { status, details }]) => ({
      component,
      status,
      reason: '',
      latencyMs: null,
      details,
    })),
  ];
  return parts.filter(({ component, status }) => {
    const isNew = known.get(component) !== status;
    known.set(component, status);
    return isNew;
  });
}

async function keepHealth(options: ChoreOptions, changed: readonly HealthChange[]): Promise<void> {
  if (changed.length === 0) return;
  const at = options.time.now();
  const rows = changed.map(({ component, status, reason, latencyMs, details }) =>
    recordOf('health_events', {
      event_id: `${options.process}/${component}/${at}`,
      at,
      component,
      status,
      reason,
      latency_ms: latencyMs,
      details: JSON.stringify(details),
      trace_id: null,
    }),
  );
  await withRecords(options, (records) => records.write(rows));
}

async function withRecords({ plan, runId }: ChoreOptions, act: (records: RecordStore) => Promise<void>): Promise<void> {
  const records = await openRecordStore({ url: recordsUrl(plan), runId });
  try {
    await act(records);
  } finally {
    await records.close();
  }
}
