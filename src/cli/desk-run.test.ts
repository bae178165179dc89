import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FolderLockedError, lockFolder } from '#adapters/journal/folder-lock.ts';
import { LeaseStoreError } from '#adapters/lease/lease-error.ts';
import { ValkeyLeases } from '#adapters/lease/valkey-lease.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { ListenError } from '#api/listen-error.ts';
import { LeaseLostError } from '#runtime/lease-keeper.ts';
import { auditSink, openKeys, openStreams, recordsUrl } from '#runtime/mirror/desk-stores.ts';
import { replayRun } from '#runtime/read-run.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { writeGappedMarket } from '../../tests/support/gapped-market.ts';
import { eagerArguments, eagerPlan } from '../../tests/support/role-plans.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { toldRun } from '../../tests/support/told-run.ts';
import { runDesk } from './desk-run.ts';
import type { RunArguments } from './run-plan.ts';

type Environment = Readonly<Record<string, string>>;

function planOf(t: TestContext, changes: Partial<RunArguments> = {}, environment: Environment = {}) {
  const root = temporaryFolder(t);
  const market = writeGappedMarket(join(root, 'market'), 180);
  return eagerPlan(eagerArguments(market, join(root, 'desk'), changes), environment);
}

test('a desk trades its market to the end, and all its stores hold all of it', async (t) => {
  const plan = planOf(t);
  const { reporter, lines } = toldRun();
  assert.equal(await runDesk(plan, reporter, undefined), 0);
  const last = lines.at(-1);
  assert.deepEqual(
    lines.map(({ type }) => type).filter((type) => !type.includes('.')),
    ['opened', 'warm', 'listening', 'stopping', 'stopped'],
  );
  assert.equal(lines.find(({ type }) => type === 'stopping')?.['reason'], 'the market has no more data');
  assert.equal(last?.['problem'], null);
  assert.ok(lines.some(({ type }) => type === 'order.filled'));

  const { result } = replayRun(plan.folder);
  assert.equal(result.difference, undefined);
  const keys = await openKeys(plan.stores, systemTime);
  const streams = openStreams(plan.stores, systemTime);
  const records = await openRecordStore({ url: recordsUrl(plan.stores), runId: result.runId });
  t.after(async () => {
    await Promise.all([keys.close(), streams.close(), records.close()]);
  });
  const positions = [
    await keys.position('keys'),
    await streams.position('bus'),
    await records.position('records'),
    await auditSink(plan.stores).position('audit'),
  ];
  assert.deepEqual(
    positions.map((position) => position?.sequence),
    positions.map(() => result.events),
  );
  const files = ['policies/policy_snapshot.json', 'logs/tradewind.jsonl', 'snapshots', 'journal'];
  for (const file of files) assert.ok(existsSync(join(plan.folder, file)), file);
  lockFolder(plan.folder).release();
});

test('a port in use rejects as such, and everything is given free', async (t) => {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const plan = planOf(t, { port });
  await assert.rejects(runDesk(plan, toldRun().reporter, undefined), ListenError);
  lockFolder(plan.folder).release();
  const engine = planOf(t, { role: 'engine' }, { TRADEWIND_ENGINE_PORT: String(port) });
  await assert.rejects(runDesk(engine, toldRun().reporter, undefined), ListenError);
});

test('an account that another desk trades is refused with its holder, and a desk at work keeps its own', {
  skip: missingStore,
}, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const environment = { VALKEY_URL: server.url };
  const store = new ValkeyLeases(server.url);
  t.after(() => store.close());
  const held = await store.acquire('paper', 'elsewhere:/data/desk', 60_000);
  const plan = planOf(t, {}, environment);
  await assert.rejects(
    runDesk(plan, toldRun().reporter, undefined),
    (error) =>
      error instanceof LeaseLostError &&
      /the account 'paper' is traded by 'elsewhere:\/data\/desk' for \d+ ms more/.test(error.message),
  );
  assert.ok('token' in held);
  await store.release(held);

  // The holder is the folder: a second start there must not take the lease of the first away before it sees the lock.
  const lock = lockFolder(plan.folder);
  await assert.rejects(runDesk(plan, toldRun().reporter, undefined), FolderLockedError);
  lock.release();
  const next = await store.acquire('paper', 'asking', 60_000);
  assert.deepEqual(next, { account: 'paper', holder: 'asking', token: 2 });
});

test('a lease store that is away keeps the desk from trading', async (t) => {
  const plan = planOf(t, {}, { VALKEY_URL: 'redis://:hush-hush@127.0.0.1:1/0' });
  await assert.rejects(
    runDesk(plan, toldRun().reporter, undefined),
    (error) => error instanceof LeaseStoreError && !error.message.includes('hush-hush'),
  );
  lockFolder(plan.folder).release();
});
