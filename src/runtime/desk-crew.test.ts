import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { verifyAudit } from '#adapters/audit/verify-audit.ts';
import { ValkeyLeases } from '#adapters/lease/valkey-lease.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { healthReportSchema } from '#domain/health.ts';
import { crewDesk } from '../../tests/support/crewed-desk.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { walkLiveAt } from '../../tests/support/driven-desk.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { waitUntil } from '../../tests/support/wait-until.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { openKeys, recordsUrl } from './mirror/desk-stores.ts';
import { auditFolder, logFolder, spanFolder } from './telemetry/telemetry-folders.ts';

const hourMs = 3_600_000;

function lines(folder: string): { event: string; metadata?: { sequence?: number } }[] {
  const text = readFileSync(join(logFolder(folder), 'tradewind.jsonl'), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

test('a desk that ends in order leaves every store at the end of its journal, and the next start tells nothing twice', async (t) => {
  const folder = temporaryFolder(t);
  const plan = { folder, valkeyUrl: undefined, databaseUrl: undefined };
  const desk = await crewDesk(folder);
  t.after(() => desk.end());
  assert.deepEqual(desk.crew.unreadiness(), ['history is being taken in']);
  await desk.run.warmUp();
  await desk.crew.begin();
  await desk.runTo(walkLiveAt + 2 * hourMs);
  assert.deepEqual(desk.crew.unreadiness(), []);
  assert.equal(desk.crew.openJobs(), 0);
  const report = healthReportSchema.parse(await desk.crew.health());
  assert.equal(report.service, 'tradewind-desk');
  assert.deepEqual(Object.keys(report.dependencies), ['journal', 'market_data', 'keys']);
  for (const name of ['records', 'keys', 'bus', 'audit']) assert.ok(`projection.${name}` in report.modules, name);
  await desk.end();
  assert.deepEqual(desk.troubles, []);

  const end = desk.run.tail.durableSequence;
  const { runId } = desk.run.engine.state;
  const keys = await openKeys(plan, systemTime);
  assert.equal((await keys.position('keys'))?.sequence, end);
  await keys.close();
  const records = await openRecordStore({ url: recordsUrl(plan), runId });
  assert.equal((await records.position('records'))?.sequence, end);
  await records.close();
  assert.equal((await verifyAudit(auditFolder(folder))).problem, null);
  assert.ok(existsSync(spanFolder(folder)));
  const told = lines(folder);
  assert.ok(told.some(({ event }) => event === 'order.filled'));

  const next = await crewDesk(folder);
  t.after(() => next.end());
  await next.crew.begin();
  await next.end();
  const later = lines(folder).slice(told.length);
  assert.deepEqual(
    later.filter(({ metadata }) => (metadata?.sequence ?? Infinity) <= end),
    [],
  );
});

test('a damaged audit log keeps no desk from its start: its projection tells of it', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(auditFolder(folder), { recursive: true });
  writeFileSync(join(auditFolder(folder), 'position.json'), 'no position');
  const desk = await crewDesk(folder);
  t.after(() => desk.end());
  await desk.run.warmUp();
  await desk.crew.begin();
  await waitUntil('the damage is told', () => desk.troubles.length > 0);
  assert.match(desk.troubles[0] ?? '', /^'audit' waits: '.*position\.json' is damaged/);
});

test('a lease that is over makes the desk unready and its health critical', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const store = new ValkeyLeases(server.url);
  t.after(() => store.close());
  const keeper = await LeaseKeeper.take({ store, account: 'paper', holder: 'here', time: systemTime });
  const desk = await crewDesk(temporaryFolder(t), { lease: { keeper, store } });
  t.after(() => desk.end());
  await desk.run.warmUp();
  await desk.crew.begin();
  assert.deepEqual(desk.crew.unreadiness(), []);
  await keeper.release();
  assert.deepEqual(desk.crew.unreadiness(), ['the lease on the account is over']);
  const { dependencies } = await desk.crew.health();
  assert.deepEqual(
    [dependencies['lease']?.status, dependencies['lease']?.details, dependencies['clock']?.error],
    ['CRITICAL', { account: 'paper', holder: 'here', token: 1 }, null],
  );
});

test('the switch in Valkey engages the desk once history was taken in, whoever set it', {
  skip: missingStore,
}, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const folder = temporaryFolder(t);
  const desk = await crewDesk(folder, { plan: { folder, valkeyUrl: server.url, databaseUrl: undefined } });
  t.after(() => desk.end());
  const client = new Redis(server.url, { protocol: 2 });
  t.after(() => client.disconnect());
  await desk.run.warmUp();
  await desk.crew.begin();
  const { kill } = desk.run.engine.state;
  await waitUntil('the switch is mirrored', async () => (await client.get('ops:kill_switch')) === '0');
  assert.equal(kill.isEngaged, false);
  await client.set('ops:kill_switch', '1');
  await waitUntil('the switch is engaged', () => desk.run.engine.state.kill.isEngaged);
  const { actor, reason } = desk.run.engine.state.kill;
  assert.deepEqual([actor, reason], ['valkey', "'ops:kill_switch' was set by hand"]);
  await client.set('ops:kill_switch', '0');
  await desk.runTo(walkLiveAt + hourMs);
  assert.equal(desk.run.engine.state.kill.isEngaged, true);
});
