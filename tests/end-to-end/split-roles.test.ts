import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { healthReportSchema } from '#domain/health.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { readManifest } from '#runtime/run-folder.ts';
import { temporaryFolder } from '../support/csv-bars.ts';
import { type DeskProcess, startProcess } from '../support/desk-process.ts';
import { gappedPairs, writeGappedMarket } from '../support/gapped-market.ts';
import { eagerSettings } from '../support/paper-desk.ts';
import { type DatabaseProcess, missingDatabase, startDatabase } from '../support/postgres-process.ts';
import { missingStore, type StoreProcess, startStore } from '../support/store-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const skip = missingStore || missingDatabase;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

let store: StoreProcess;
let database: DatabaseProcess;

before(async () => {
  if (skip === false) [store, database] = await Promise.all([startStore(), startDatabase()]);
});
after(() => Promise.all([store?.stop(), database?.stop()]));

interface Market {
  readonly folder: string;
  readonly speed: number;
  readonly seed: number;
}

/** A split desk, whose parts are started one by one. */
interface SplitDesk {
  readonly folder: string;
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** An engine on the desk's own folder unless told, as fast as the market is to go unless told. */
  engine(folder?: string, speed?: number): DeskProcess;
  /** A part that finds the engine at an address. */
  part(role: 'mirror' | 'api' | 'worker', engineUrl: string): DeskProcess;
}

function traderOptions({ folder, speed, seed }: Market, dataDir: string): string[] {
  const settings = Object.entries(eagerSettings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const named = ['--market', `data:${folder}`, '--instruments', gappedPairs.join(','), '--data-dir', dataDir];
  return [...named, '--speed', String(speed), '--seed', String(seed), ...settings];
}

/** Parts over a database of their own in Valkey, so that tests do not see each other. */
function splitDesk(t: TestContext, market: Market, place: number): SplitDesk {
  const root = temporaryFolder(t);
  const folder = join(root, 'desk');
  const environment = {
    VALKEY_URL: store.url.replace(/0$/, String(place)),
    DATABASE_URL: database.url,
    TRADEWIND_ENGINE_PORT: '0',
  };
  const after = (work: () => void): void => t.after(work);
  const run = (...argv: string[]): string[] => ['run', '--json', '--port', '0', ...argv];
  return {
    folder,
    root,
    environment,
    engine: (dataDir = folder, speed = market.speed) =>
      startProcess(run('--role', 'engine', ...traderOptions({ ...market, speed }, dataDir)), { environment, after }),
    part: (role, engineUrl) =>
      startProcess(run('--role', role, '--data-dir', join(root, role)), {
        environment: { ...environment, TRADEWIND_ENGINE_URL: engineUrl },
        after,
      }),
  };
}

async function addressOf(part: DeskProcess): Promise<string> {
  return String((await part.line('listening'))['address']);
}

interface Shown {
  readonly at: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly kill: { readonly isEngaged: boolean; readonly actor: string; readonly reason: string };
}

async function json<T>(address: string, path: string): Promise<T> {
  return (await fetch(new URL(path, address))).json() as Promise<T>;
}

const statusOf = (api: string): Promise<Shown> => json(api, '/api/status');

/** Waits until the engine has gone on by some minutes of event time, as the engine itself tells. */
async function tradesOn(engineUrl: string): Promise<void> {
  const { at } = await json<Shown>(engineUrl, '/engine/status');
  await waitUntil('the engine trades on', async () => {
    return (await json<Shown>(engineUrl, '/engine/status')).at > at + 5 * 60_000;
  });
}

test('parts of a desk decide what the whole decides, and the engine needs none of the others', {
  skip,
  timeout: 120_000,
}, async (t) => {
  // At this speed it would last for half a minute; what is left of it after the checks is traded at once.
  const market: Market = {
    folder: writeGappedMarket(join(temporaryFolder(t), 'market'), 900),
    speed: 2_000,
    seed: 11,
  };
  const desk = splitDesk(t, market, 1);
  const engine = desk.engine();
  const engineUrl = await addressOf(engine);
  const [mirror, api, worker] = [
    desk.part('mirror', engineUrl),
    desk.part('api', engineUrl),
    desk.part('worker', engineUrl),
  ];
  const address = await addressOf(api);

  assert.match(await (await fetch(address)).text(), /<html/);
  assert.match(await (await fetch(new URL('/metrics', address))).text(), /^tradewind_decisions_total \d+$/m);
  healthReportSchema.parse(await json(address, '/api/v2/health'));
  const policy = await json<{ documents: Record<string, unknown> }>(address, '/api/policy');
  assert.ok('limits/fx' in policy.documents);
  await waitUntil('orders are filled', async () => ((await statusOf(address)).counts['fills'] ?? 0) > 0);
  const orderId = (await engine.line('order.filled'))['clientOrderId'];
  await waitUntil('the order is mirrored', async () => {
    return (await fetch(new URL(`/api/v2/trace/${orderId}`, address))).status === 200;
  });
  const trace = await json<{ records: { orders: { client_order_id: string }[] } }>(address, `/api/v2/trace/${orderId}`);
  assert.ok(trace.records.orders.some((order) => order.client_order_id === orderId));
  await waitUntil('keys are mirrored', async () => {
    const { keys } = await json<{ keys: string[] }>(address, '/api/v2/keys?pattern=*');
    return keys.includes('ops:kill_switch');
  });

  mirror.child.kill('SIGKILL');
  api.child.kill('SIGKILL');
  await Promise.all([mirror.ended, api.ended]);
  await tradesOn(engineUrl);
  const second = desk.part('mirror', engineUrl);
  const { runId } = readManifest(desk.folder);
  const records = await openRecordStore({ url: database.url, runId });
  t.after(() => records.close());
  const before = (await records.position('records'))?.sequence ?? 0;
  await waitUntil('another mirror goes on', async () => {
    return ((await records.position('records'))?.sequence ?? 0) > before;
  });

  await waitUntil('the worker did a job of the night', () =>
    [...recordedEvents(desk.folder)].some(({ event }) => event.type === 'job.completed'),
  );
  assert.equal((await engine.stop()).code, 0);
  assert.equal(engine.lines.find(({ type }) => type === 'stopping')?.['reason'], 'asked to by SIGTERM');
  assert.equal((await second.stop()).code, 0);
  assert.equal((await worker.stop()).code, 0);
  const rest = desk.engine(desk.folder, 100_000);
  const { code, work } = await rest.ended;
  assert.equal(code, 0, work);
  assert.equal(rest.lines.find(({ type }) => type === 'stopping')?.['reason'], 'the market has no more data');

  const whole = join(desk.root, 'whole');
  const alone = startProcess(['run', '--json', '--port', '0', ...traderOptions({ ...market, speed: 100_000 }, whole)], {
    after: (ending) => t.after(ending),
  });
  assert.equal((await alone.ended).code, 0);
  const [split, one] = [replayRun(desk.folder).result, replayRun(whole).result];
  assert.deepEqual([split.difference, one.difference], [undefined, undefined]);
  assert.deepEqual([split.runId, split.decisionsHash], [one.runId, one.decisionsHash]);
});

test('the switch is turned through the API and by hand, and nobody else trades the account', {
  skip,
  timeout: 120_000,
}, async (t) => {
  const folder = writeGappedMarket(join(temporaryFolder(t), 'market'), 4_000);
  const desk = splitDesk(t, { folder, speed: 600, seed: 12 }, 2);
  const engine = desk.engine();
  const engineUrl = await addressOf(engine);
  const mirror = desk.part('mirror', engineUrl);
  const api = desk.part('api', engineUrl);
  const address = await addressOf(api);
  const client = new Redis(desk.environment['VALKEY_URL'] ?? '', { protocol: 2 });
  t.after(() => client.disconnect());
  const turn = (body: object): Promise<Response> =>
    fetch(new URL('/api/kill-switch', address), {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent },
      body: JSON.stringify(body),
    });

  const engaged = await turn({ enabled: true, reason: 'lunch' });
  assert.equal(engaged.status, 200);
  assert.match(engaged.headers.get('traceparent') ?? '', new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  assert.equal(((await engaged.json()) as { kill_switch: boolean }).kill_switch, true);
  const event = [...recordedEvents(desk.folder)]
    .map((entry) => entry.event)
    .findLast(({ type }) => type === 'kill.engaged');
  assert.ok(event?.type === 'kill.engaged');
  assert.deepEqual([event.actor, event.reason], ['api', 'lunch']);
  assert.equal(event.traceparent, engaged.headers.get('traceparent'));
  await waitUntil('the trace is mirrored', async () => (await fetch(new URL(`/api/v2/trace/${traceId}`, address))).ok);
  const trace = await json<{ records: { kill_switch: { actor: string }[] } }>(address, `/api/v2/trace/${traceId}`);
  assert.deepEqual(
    trace.records.kill_switch.map(({ actor }) => actor),
    ['api'],
  );
  await waitUntil('the key says so', async () => (await client.get('ops:kill_switch')) === '1');

  assert.equal((await turn({ enabled: false, confirm: true, reason: 'back' })).status, 200);
  await waitUntil('the key is released', async () => (await client.get('ops:kill_switch')) === '0');
  await client.set('ops:kill_switch', '1');
  await waitUntil('the engine has seen it', async () => (await statusOf(address)).kill.isEngaged);
  const { kill } = await statusOf(address);
  assert.deepEqual([kill.actor, kill.reason], ['valkey', "'ops:kill_switch' was set by hand"]);

  const stranger = await desk.engine(join(desk.root, 'elsewhere')).ended;
  assert.equal(stranger.code, 2);
  assert.match(
    stranger.work,
    /^tradewind: the account 'paper' is traded by '.*\/desk' for \d+ ms more: one process trades an account$/m,
  );
  const twin = await desk.engine().ended;
  assert.equal(twin.code, 2);
  assert.match(twin.work, /^tradewind: the data folder '.*' is locked by process \d+: it is still running$/m);
  const token = await client.get('quantum:lease:paper:token');
  assert.equal(token, '1', 'nobody else was granted the account');
  await tradesOn(engineUrl);

  assert.equal((await api.stop()).code, 0);
  assert.equal((await mirror.stop()).code, 0);
  const { code, work } = await engine.stop();
  assert.equal(code, 0, work);
  assert.equal(engine.lines.at(-1)?.['problem'], null);
  assert.equal(await client.exists('quantum:lease:paper'), 0, 'the account is free again');
});
