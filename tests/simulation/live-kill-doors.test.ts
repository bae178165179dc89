import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import type { KillProcess } from '../support/kill-process.ts';
import { type LiveProcessScene, openProcessScene } from '../support/live-process-scene.ts';
import { type OrderMoment, withMoments } from '../support/order-moments.ts';
import { type DatabaseProcess, missingDatabase, startDatabase } from '../support/postgres-process.ts';
import { missingStore, type StoreProcess, startStore } from '../support/store-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const bin = resolve(import.meta.dirname, '../../bin/tradewind');
const timeout = 300_000;
const patienceMs = 90_000;
const bitcoin = 'BTCUSDT-PERP.BINANCE';
const ether = 'ETHUSDT-PERP.BINANCE';
const missingServers = missingStore === false ? missingDatabase : missingStore;

test('the command line throws the switch of an engine without a page whose stores are both gone', {
  skip: missingServers,
  timeout,
}, async (t) => {
  const servers = await startServers(t);
  const scene = await openDoorScene(t, { role: 'engine', environment: servers.environment });
  await Promise.all([servers.store.kill(), servers.database.kill()]);
  const said = await command([
    'kill',
    'engage',
    '--reason',
    'enough',
    '--actor',
    'operator',
    '--data-dir',
    scene.folder,
  ]);
  assert.equal(said.code, 0, said.text);
  assert.match(said.text, /the kill switch (?:is|was) engaged/);
  await assertKilled(scene, async () => {
    await Promise.all([servers.store.restart(), servers.database.restart()]);
  });
});

test('the API throws the switch of a desk whose stores are both gone', { skip: missingServers, timeout }, async (t) => {
  const servers = await startServers(t);
  const scene = await openDoorScene(t, { role: 'all', environment: servers.environment });
  await Promise.all([servers.store.kill(), servers.database.kill()]);
  const answer = await fetch(`${scene.address}/api/kill-switch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enabled: true, reason: 'enough' }),
  });
  assert.equal(answer.status, 200);
  assert.equal(((await answer.json()) as { kill_switch: boolean }).kill_switch, true);
  await assertKilled(scene, async () => {
    await Promise.all([servers.store.restart(), servers.database.restart()]);
  });
});

test('a key that is set by hand throws the switch of a desk whose database is gone', {
  skip: missingServers,
  timeout,
}, async (t) => {
  const servers = await startServers(t);
  const scene = await openDoorScene(t, { role: 'all', environment: servers.environment });
  const client = new Redis(servers.environment.VALKEY_URL);
  client.on('error', () => undefined);
  t.after(() => client.disconnect());
  await waitUntil('the key says released', async () => (await client.get('ops:kill_switch')) === '0', patienceMs);
  await servers.database.kill();
  await client.set('ops:kill_switch', '1');
  await waitUntil('the desk has seen the key', () => scene.isEngaged());
  await assertKilled(scene, () => servers.database.restart());
});

test('a signal throws the switch of a desk that has nothing beside it', { timeout }, async (t) => {
  const scene = await openDoorScene(t, { role: 'all', environment: {} });
  process.kill(scene.desk.pid, 'SIGUSR2');
  await waitUntil('the switch is engaged', () => scene.isEngaged());
  await assertKilled(scene, async () => undefined);
});

interface DoorScene extends LiveProcessScene {
  readonly desk: KillProcess;
  readonly address: string;
  /** Starts the desk anew as it was. */
  again(): KillProcess;
  readonly moments: readonly OrderMoment[];
}

interface DoorOptions {
  readonly role: 'all' | 'engine';
  readonly environment: Readonly<Record<string, string>>;
}

/** A desk that holds bitcoin with its stop and has an entry for ether at rest, which it wants again at each minute. */
async function openDoorScene(t: TestContext, { role, environment }: DoorOptions): Promise<DoorScene> {
  const moments: OrderMoment[] = [];
  const front = withMoments((moment) => {
    moments.push(moment);
    return 'goOn';
  });
  const scene = await openProcessScene(t, front);
  const { floor, venue } = scene;
  const changes = { role, targets: { BTCUSDT: 100, ETHUSDT: 200 }, isResting: true } as const;
  const again = (): KillProcess => scene.start(changes, environment);
  const desk = again();
  await desk.said('listening');
  const address = /"address":"([^"]+)"/.exec(desk.lastWords())?.[1] ?? '';
  await scene.letTrade();
  const rests = (): string[] => floor.ledger().openOrders.map(({ instrument }) => instrument);
  await waitUntil('entries rest', () => rests().includes(ether), patienceMs);
  // One market comes to its entry and the other one goes away from it.
  floor.gap(ether, Math.round((floor.book(ether)?.askPrice ?? 0) * 0.004));
  await waitUntil(
    'an entry is held with its stop',
    () => {
      if (venue.openConditionalOrders === 1) return true;
      if (rests().includes(bitcoin)) floor.gap(bitcoin, -Math.round((floor.book(bitcoin)?.askPrice ?? 0) * 0.0005));
      return false;
    },
    patienceMs,
  );
  assert.deepEqual(rests(), [ether]);
  return { ...scene, desk, again, moments, address };
}

/**
 * The entry is cancelled, position and stop are kept, and nothing that adds arrives at the venue any more, although it is wanted; also
 * after a kill of the process and a new start.
 */
async function assertKilled(scene: DoorScene, mend: () => Promise<void>): Promise<void> {
  const { floor, venue, moments, desk } = scene;
  await waitUntil('the entry is cancelled', () => floor.ledger().openOrders.length === 0, 10_000);
  const before = moments.length;
  const assertKept = (): void => {
    assert.deepEqual(
      moments.slice(before).filter(({ kind }) => kind === 'entry'),
      [],
    );
    assert.deepEqual(
      floor.ledger().positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]),
      [[bitcoin, 100]],
    );
    assert.deepEqual([floor.ledger().openOrders, venue.openConditionalOrders], [[], 1]);
  };
  assert.equal(await scene.isEngaged(), true);
  await scene.decides();
  desk.requireAlive();
  assertKept();
  await desk.kill();
  await mend();
  const next = scene.again();
  await next.said('listening');
  assert.equal(await scene.isEngaged(), true);
  await scene.decides();
  next.requireAlive();
  assertKept();
}

interface Servers {
  readonly store: StoreProcess;
  readonly database: DatabaseProcess;
  readonly environment: { readonly VALKEY_URL: string; readonly DATABASE_URL: string };
}

async function startServers(t: TestContext): Promise<Servers> {
  const [store, database] = await Promise.all([startStore({ persistent: true }), startDatabase()]);
  t.after(async () => {
    await Promise.all([store.stop(), database.stop()]);
  });
  return { store, database, environment: { VALKEY_URL: store.url, DATABASE_URL: database.url } };
}

function command(argv: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [bin, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const hear = (piece: Buffer): void => {
      text += piece.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', (code) => done({ code, text }));
  });
}
