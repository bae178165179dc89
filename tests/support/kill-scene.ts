import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { remoteEngine } from '#runtime/tail/remote-engine.ts';
import type { TailHead } from '#runtime/tail/tail-source.ts';
import { keysReached, type ServerUrls, switchIsReleased } from './kill-content.ts';
import { followEngine, type TailFollower } from './kill-follower.ts';
import { killSettings, writeKillMarket } from './kill-market.ts';
import { operateEngine, type PolicyOperator } from './kill-operator.ts';
import type { Moments } from './kill-plan.ts';
import { type KillProcess, startProcess } from './kill-process.ts';
import { type DatabaseProcess, missingDatabase, startDatabase } from './postgres-process.ts';
import { missingStore, type StoreProcess, startStore } from './store-process.ts';

/** Why nothing can be killed here; false where both servers are installed. */
export const missingServers: string | false = missingStore === false ? missingDatabase : missingStore;

/** Event time per time of the clock: a hundred minutes in a second, and every one of them decides. */
const usualSpeed = 6_000;
/** So slow that no market is taken in any more. */
export const stillSpeed = 0.001;
/** Processes whose last words are told. */
const wordsOfMax = 4;
const bin = resolve(import.meta.dirname, '../../bin/tradewind');

/** A split desk of real processes on servers of its own, which can be killed one by one. */
export interface KillScene {
  readonly folder: string;
  readonly servers: ServerUrls;
  readonly valkey: StoreProcess;
  readonly database: DatabaseProcess;
  readonly follower: TailFollower;
  readonly operator: PolicyOperator;
  /** Starts an engine on the folder of the run, and comes back at once. Speed is event time per time of the clock. */
  engine(speed?: number): KillProcess;
  mirror(): KillProcess;
  /** Waits until the mirror has come to the journal's end: from then on the engine sees its switch in the store. */
  isMirrored(): Promise<void>;
  /** How far the keys are. */
  keysReached(): Promise<number>;
  /** Where the engine stands that answers now. */
  head(): Promise<TailHead>;
  /** How long ago the scene began. */
  ageMs(): number;
  /** What the processes said last, for a failure. */
  lastWords(): string;
  /** Ends what still runs and removes the folder. */
  close(): Promise<void>;
}

/** Opens a scene, lets it be acted on, and closes it. A failure tells the seed and what the processes said last. */
export async function withKillScene(
  t: TestContext,
  { seed, marketSeed }: Moments,
  act: (scene: KillScene) => Promise<void>,
): Promise<void> {
  t.diagnostic(`TRADEWIND_KILL_SEED=${seed}`);
  const scene = await openKillScene(marketSeed);
  try {
    await act(scene);
  } catch (error) {
    t.diagnostic(scene.lastWords());
    throw error;
  } finally {
    await scene.close();
  }
}

async function openKillScene(marketSeed: number): Promise<KillScene> {
  const [valkey, database, port] = await Promise.all([startStore({ persistent: true }), startDatabase(), freePort()]);
  const root = mkdtempSync(join(tmpdir(), 'tradewind-kill-'));
  const folder = join(root, 'desk');
  const market = writeKillMarket(join(root, 'market'), marketSeed);
  const address = `http://127.0.0.1:${port}`;
  const environment = {
    VALKEY_URL: valkey.url,
    DATABASE_URL: database.url,
    TRADEWIND_ENGINE_PORT: String(port),
    TRADEWIND_ENGINE_URL: address,
  };
  const startedAt = performance.now();
  const running = new Set<KillProcess>();
  const start = (name: string, argv: readonly string[]): KillProcess => {
    const started = startProcess(
      name,
      [bin, 'run', '--role', name, '--json', '--data-dir', folder, ...argv],
      environment,
    );
    running.add(started);
    return started;
  };
  const settings = Object.entries(killSettings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const follower = followEngine(address);
  const operator = operateEngine(address);
  return {
    folder,
    servers: { valkeyUrl: valkey.url, databaseUrl: database.url },
    valkey,
    database,
    follower,
    operator,
    engine: (speed = usualSpeed) =>
      start('engine', ['--market', `data:${market}`, '--speed', String(speed), ...settings]),
    mirror: () => start('mirror', []),
    isMirrored: () => switchIsReleased(valkey.url),
    keysReached: () => keysReached(valkey.url),
    head: () => remoteEngine({ address, token: undefined }).head(),
    ageMs: () => performance.now() - startedAt,
    lastWords: () =>
      [...running]
        .slice(-wordsOfMax)
        .map((one) => `${one.name}:\n${one.lastWords()}`)
        .join('\n'),
    close: async () => {
      await Promise.all([...running].map((one) => one.kill()));
      await Promise.allSettled([follower.stop(), operator.stop()]);
      await Promise.all([valkey.stop(), database.stop()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
