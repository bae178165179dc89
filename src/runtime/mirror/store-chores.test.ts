import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { createLogger } from '#adapters/telemetry/logger.ts';
import type { HealthReport, HealthStatus } from '#domain/health.ts';
import { recordOf } from '#domain/records/record-tables.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { exampleServer } from '../../../tests/support/example-server.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { openKeys, recordsUrl, type StorePlan } from './desk-stores.ts';
import { projectionNames } from './mirror.ts';
import { type ChoreOptions, chores } from './store-chores.ts';

const dayMs = 86_400_000;
const heartbeats = 'quantum:stream:service.heartbeat';

interface Scene {
  readonly options: ChoreOptions;
  readonly problems: string[];
  readonly clock: HandClock;
  /** Does one chore. */
  done(name: string): Promise<void>;
}

async function scene(t: TestContext, changes: Partial<ChoreOptions> = {}, plan?: StorePlan): Promise<Scene> {
  const clock = new HandClock();
  const stores = plan ?? { folder: temporaryFolder(t), valkeyUrl: undefined, databaseUrl: undefined };
  const log = createLogger({
    level: 'error',
    serviceName: 'desk',
    destination: { type: 'none' },
    secrets: [],
    time: clock,
    onProblem: () => undefined,
  });
  const keys = await openKeys(stores, clock);
  t.after(() => keys.close());
  const problems: string[] = [];
  const options: ChoreOptions = {
    plan: stores,
    runId: 'run-1',
    process: 'desk',
    names: projectionNames,
    keys,
    streams: new FileStreams(':memory:', clock),
    log,
    time: clock,
    health: exampleServer.health,
    onProblem: (problem) => void problems.push(problem),
    ...changes,
  };
  const table = chores(options);
  const done = async (name: string): Promise<void> => {
    const chore = table[name];
    assert.ok(chore !== undefined, name);
    await chore();
  };
  return { options, problems, clock, done };
}

async function withDependency(status: HealthStatus): Promise<HealthReport> {
  const dependency = { status, latency_ms: 1, error: status === 'HEALTHY' ? null : 'it is slow', details: {} };
  return {
    ...(await exampleServer.health()),
    status,
    dependencies: { valkey: { ...dependency, last_check: '2026-01-01T00:00:00.000Z' } },
  };
}

test('who keeps a store cares for it', async (t) => {
  const { options } = await scene(t);
  assert.deepEqual(Object.keys(chores(options)).sort(), [
    'health-snapshot',
    'record-retention',
    'store-memory',
    'stream-trim',
  ]);
  assert.deepEqual(Object.keys(chores({ ...options, names: ['audit'] })), ['health-snapshot']);
});

test('health is written where it has changed, and told on the bus each time', async (t) => {
  let status: HealthStatus = 'HEALTHY';
  const { options, clock, done } = await scene(t, { health: () => withDependency(status) });
  await done('health-snapshot');
  await clock.pass(60_000);
  await done('health-snapshot');
  status = 'DEGRADED';
  await clock.pass(60_000);
  await done('health-snapshot');
  const records = await openRecordStore({ url: recordsUrl(options.plan), runId: 'run-1' });
  t.after(() => records.close());
  const rows = await records.rows('health_events', { sortBy: 'date' });
  assert.deepEqual(
    rows.map((row) => [row['component'], row['status'], row['reason']]),
    [
      ['process', 'HEALTHY', ''],
      ['valkey', 'HEALTHY', ''],
      ['process', 'DEGRADED', ''],
      ['valkey', 'DEGRADED', 'it is slow'],
    ],
  );
  assert.equal((await options.streams.describe(heartbeats)).length, 3);
  assert.equal((await options.streams.describe('quantum:stream:health.status')).length, 2);
});

test('records that are away keep nothing from the bus, and what was not written is written later', async (t) => {
  const here = { folder: temporaryFolder(t), valkeyUrl: undefined, databaseUrl: undefined };
  const plan: { folder: string; valkeyUrl: undefined; databaseUrl: string | undefined } = {
    ...here,
    databaseUrl: 'postgres://127.0.0.1:1/records',
  };
  const { options, done } = await scene(t, {}, plan);
  await assert.rejects(done('health-snapshot'), { name: 'RecordError' });
  assert.equal((await options.streams.describe(heartbeats)).length, 1);
  plan.databaseUrl = undefined;
  await done('health-snapshot');
  const records = await openRecordStore({ url: recordsUrl(here), runId: 'run-1' });
  t.after(() => records.close());
  assert.equal(await records.count('health_events'), 1);
});

test('a process that keeps no records writes none', async (t) => {
  const plan = { folder: temporaryFolder(t), valkeyUrl: undefined, databaseUrl: 'postgres://127.0.0.1:1/records' };
  const { options, done } = await scene(t, { names: ['audit'], process: 'engine' }, plan);
  await done('health-snapshot');
  assert.equal((await options.streams.position('notices.engine'))?.sequence, 2);
});

test('records are as old as the time of the desk says', async (t) => {
  const { options, done } = await scene(t);
  await done('record-retention');
  const records = await openRecordStore({ url: recordsUrl(options.plan), runId: 'run-1' });
  t.after(() => records.close());
  const alert = (sequence: number, raised_at: number) =>
    recordOf('alerts', { sequence, name: 'drawdown', reason: 'deep', raised_at, cleared_at: null, trace_id: null });
  const at = 400 * dayMs;
  const position = { runId: 'run-1', version: 1, sequence: 2, at, state: '{}' };
  await records.apply('records', [alert(1, 30 * dayMs), alert(2, 40 * dayMs)], undefined, position);
  await done('record-retention');
  assert.deepEqual(
    (await records.rows('alerts')).map((row) => row['sequence']),
    [2],
  );
});

test('streams are cut back to their age', async (t) => {
  const { options, clock, done } = await scene(t);
  await done('health-snapshot');
  await clock.pass(8 * dayMs);
  await done('stream-trim');
  assert.equal((await options.streams.describe(heartbeats)).length, 0);
});

test('a store that is nearly full raises its alarm', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const plan = { folder: temporaryFolder(t), valkeyUrl: server.url, databaseUrl: undefined };
  const { problems, done } = await scene(t, {}, plan);
  await done('store-memory');
  assert.deepEqual(problems, []);
  const client = new Redis(server.url, { protocol: 2 });
  t.after(() => client.disconnect());
  client.on('error', () => undefined);
  const used = Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
  await client.config('SET', 'maxmemory', String(Math.round(used / 0.9)));
  await done('store-memory');
  assert.match(
    problems[0] ?? '',
    /^the store holds (?:8|9)\d % of the memory it may have: it refuses writes when it is full$/,
  );
  await server.kill();
  await done('store-memory');
  assert.equal(problems.length, 1);
});
