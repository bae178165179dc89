import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { killsWanted, type Moments, momentsOf, scenesOf } from '../support/kill-plan.ts';
import type { KillProcess } from '../support/kill-process.ts';
import { proveScene } from '../support/kill-proof.ts';
import { type KillScene, missingServers, withKillScene } from '../support/kill-scene.ts';

const killsOfScene = 50;
/** From the start of the process: it finds its place and begins to catch up. */
const startMs = 1_500;
/** From the moment it knows the engine. */
const mirroringMs = 1_200;

for (const [place, kills] of scenesOf(killsWanted, killsOfScene).entries()) {
  test(`a mirror killed ${kills} times leaves what a rebuild would make (scene ${place + 1})`, {
    skip: missingServers,
    timeout: 600_000,
  }, async (t) => {
    const moments = momentsOf(`mirror/${place}`);
    await withKillScene(t, moments, async (scene) => {
      await proveScene(t, scene, await killMirror(scene, moments, kills));
    });
  });
}

/** Returns the last mirror, which runs. */
async function killMirror(scene: KillScene, moments: Moments, kills: number): Promise<KillProcess> {
  const engine = scene.engine();
  await engine.said('listening');
  const first = scene.mirror();
  await scene.isMirrored();
  await first.kill();
  for (let kill = 2; kill <= kills; kill += 1) {
    await killOnce(scene, moments);
    engine.requireAlive();
  }
  const mirror = scene.mirror();
  await engine.kill();
  return mirror;
}

/** Most kills hit batches that are being written, some hit the mirror while it looks for its place. */
async function killOnce(scene: KillScene, moments: Moments): Promise<void> {
  const mirror: KillProcess = scene.mirror();
  if (moments.chance(0.25)) await delay(moments.waitMs(0, startMs));
  else {
    await mirror.said('notice', 'mirrors run');
    await delay(moments.waitMs(0, mirroringMs));
  }
  mirror.requireAlive();
  await mirror.kill();
}
