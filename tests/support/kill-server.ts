import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Moments } from './kill-plan.ts';
import type { KillProcess } from './kill-process.ts';
import { proveScene } from './kill-proof.ts';
import { type KillScene, withKillScene } from './kill-scene.ts';
import { waitUntil } from './kill-wait.ts';

/** A server of a scene that is killed and started again on what it has written. */
export interface KilledServer {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** How long a server is away; well below the time after which a key that cannot be read stops the desk. */
const outageMs = { from: 0, to: 600 };
/** Long enough to be found again: a lease that is not renewed for long stops the desk as well. */
const servingMs = { from: 500, to: 2_000 };

/**
 * Kills a server of a desk again and again while engine and mirror run, and proves the scene. The engine is asked for its head in every
 * outage: its journal has to grow while the server is away.
 */
export async function killServer(
  t: TestContext,
  { moments, kills, serverOf }: { moments: Moments; kills: number; serverOf(scene: KillScene): KilledServer },
): Promise<void> {
  await withKillScene(t, moments, async (scene) => {
    const mirror = await killInScene(scene, { moments, kills, server: serverOf(scene) });
    await proveScene(t, scene, mirror);
  });
}

/** Returns the mirror, which runs. */
async function killInScene(
  scene: KillScene,
  { moments, kills, server }: { moments: Moments; kills: number; server: KilledServer },
): Promise<KillProcess> {
  const engine = scene.engine();
  await engine.said('listening');
  const mirror = scene.mirror();
  await scene.isMirrored();
  for (let kill = 1; kill <= kills; kill += 1) {
    await delay(moments.waitMs(servingMs.from, servingMs.to));
    await server.kill();
    await journalGrows(scene, engine);
    await delay(moments.waitMs(outageMs.from, outageMs.to));
    await server.restart();
    engine.requireAlive();
    mirror.requireAlive();
  }
  await engine.kill();
  return mirror;
}

async function journalGrows(scene: KillScene, engine: KillProcess): Promise<void> {
  const before = await sequenceOf(scene, engine);
  await waitUntil(async () => (await sequenceOf(scene, engine)) > before, `the journal to grow beyond ${before}`);
}

async function sequenceOf(scene: KillScene, engine: KillProcess): Promise<number> {
  try {
    return (await scene.head()).lastSequence;
  } catch (error) {
    // An engine that is gone has last words, which say more.
    await engine.settled();
    engine.requireAlive();
    throw error;
  }
}
