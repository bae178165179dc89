import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ListenError } from '#api/listen-error.ts';
import { deskStatus } from '#runtime/status.ts';
import { crewDesk } from '../../tests/support/crewed-desk.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { writeGappedMarket } from '../../tests/support/gapped-market.ts';
import { missingDatabase, startDatabase } from '../../tests/support/postgres-process.ts';
import { eagerArguments, eagerPlan, rolePlan } from '../../tests/support/role-plans.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { toldRun } from '../../tests/support/told-run.ts';
import { waitUntil } from '../../tests/support/wait-until.ts';
import { runApi } from './api-run.ts';
import { openDoors } from './desk-doors.ts';
import { DeskMeters } from './desk-meters.ts';
import { UsageError } from './refusal.ts';

const away = { VALKEY_URL: 'redis://127.0.0.1:1/0', DATABASE_URL: 'postgres://127.0.0.1:1/x' };

/** A warm desk as an engine of another process would be, and the address of its endpoint. */
async function openEngine(t: TestContext, servers?: { valkeyUrl: string; databaseUrl: string }) {
  const root = temporaryFolder(t);
  const folder = join(root, 'desk');
  const desk = await crewDesk(folder, servers === undefined ? {} : { plan: { folder, ...servers } });
  t.after(() => desk.end());
  await desk.run.warmUp();
  await desk.crew.begin();
  const { engine } = desk.run;
  const doors = await openDoors({
    plan: eagerPlan(eagerArguments(writeGappedMarket(join(root, 'market'), 10), folder, { role: 'engine' })),
    desk: desk.run,
    crew: desk.crew,
    meters: new DeskMeters(engine),
    status: () => deskStatus(engine, { market: 'walk', isDemonstration: true, speed: 1 }),
  });
  t.after(() => doors.close());
  return { desk, doors };
}

test('an API without the servers that a mirror fills is refused', async () => {
  for (const environment of [{}, { VALKEY_URL: away.VALKEY_URL }, { DATABASE_URL: away.DATABASE_URL }]) {
    await assert.rejects(runApi(rolePlan('api', 'http://127.0.0.1:9', environment), toldRun().reporter, 1), UsageError);
  }
});

test('an API waits for an engine that is away, and ends in order', async () => {
  const { reporter, lines } = toldRun();
  assert.equal(await runApi(rolePlan('api', 'http://127.0.0.1:9', away), reporter, 0.7), 0);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['notice'],
  );
});

test('a port in use ends the API at once', async (t) => {
  const { doors } = await openEngine(t);
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await assert.rejects(runApi({ ...rolePlan('api', doors.address, away), port }, toldRun().reporter, 10), ListenError);
});

test('with both servers away the page is shown, the switch works, and documents answer that they do not', async (t) => {
  const { desk, doors } = await openEngine(t);
  const { reporter, lines } = toldRun();
  const running = runApi(rolePlan('api', doors.address, away), reporter, 60);
  await waitUntil('the page is there', () => lines.some(({ type }) => type === 'listening'));
  const address = String(lines.find(({ type }) => type === 'listening')?.['address']);
  const get = (path: string): Promise<Response> => fetch(new URL(path, address));
  assert.equal((await get('/')).status, 200);
  assert.equal((await get('/health/ready')).status, 200);
  for (const path of ['/api/v2/keys', '/api/v2/keys/ops:kill_switch', '/api/v2/trace/1', '/api/policy/history']) {
    const answer = await get(path);
    const { error } = (await answer.json()) as { error: { code: string } };
    assert.deepEqual([path, answer.status, error.code], [path, 503, 'unreachable']);
  }
  const report = (await (await get('/api/v2/health')).json()) as {
    dependencies: Record<string, { status: string; details: { service?: string } }>;
  };
  assert.equal(report.dependencies['engine']?.details.service, 'tradewind-desk');
  assert.equal(report.dependencies['valkey']?.status, 'CRITICAL');
  const kill = await fetch(new URL('/api/kill-switch', address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enabled: true, reason: 'lunch' }),
  });
  assert.equal(((await kill.json()) as { kill_switch: boolean }).kill_switch, true, 'the answer is as new as the deed');
  assert.equal(desk.run.engine.state.kill.reason, 'lunch');
  await doors.close();
  await waitUntil('it is seen that the engine is away', async () => (await get('/health/ready')).status === 503);
  assert.equal((await get('/metrics')).status, 503);
  assert.equal((await get('/api/policy')).status, 503);
  assert.equal((await get('/api/status')).status, 200);
  process.emit('SIGTERM');
  assert.equal(await running, 0);
});

test('what a mirror wrote is read: keys, policies, traces, and how far it has come', {
  skip: missingStore || missingDatabase,
}, async (t) => {
  const [store, database] = await Promise.all([startStore(), startDatabase()]);
  t.after(() => Promise.all([store.stop(), database.stop()]));
  const { desk, doors } = await openEngine(t, { valkeyUrl: store.url, databaseUrl: database.url });
  const { reporter, lines } = toldRun();
  const environment = { VALKEY_URL: store.url, DATABASE_URL: database.url };
  const running = runApi(rolePlan('api', doors.address, environment), reporter, 60);
  await waitUntil('the page is there', () => lines.some(({ type }) => type === 'listening'));
  const address = String(lines.find(({ type }) => type === 'listening')?.['address']);
  const get = async (path: string): Promise<unknown> => (await fetch(new URL(path, address))).json();
  const end = desk.run.tail.durableSequence;
  await waitUntil('all is mirrored', () => desk.crew.mirror.statuses().every(({ sequence }) => sequence === end));
  assert.deepEqual(await get('/api/v2/keys?pattern=ops:kill_switch'), { keys: ['ops:kill_switch'] });
  assert.deepEqual(await get('/api/v2/keys/ops:kill_switch'), {
    key: 'ops:kill_switch',
    type: 'text',
    value: '0',
    ttlMs: null,
  });
  const { changes } = (await get('/api/policy/history?key=limits/fx')) as { changes: { version: number }[] };
  assert.deepEqual(
    changes.map(({ version }) => version),
    [1],
  );
  const { dependencies } = (await get('/api/v2/health')) as {
    dependencies: Record<string, { status: string; details: unknown }>;
  };
  for (const name of ['mirror.records', 'mirror.keys']) {
    assert.deepEqual(
      [dependencies[name]?.status, dependencies[name]?.details],
      ['HEALTHY', { sequence: end, lag: 0 }],
      name,
    );
  }
  process.emit('SIGTERM');
  assert.equal(await running, 0);
});
