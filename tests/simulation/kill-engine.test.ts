import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { killsWanted, type Moments, momentsOf, scenesOf } from '../support/kill-plan.ts';
import type { KillProcess } from '../support/kill-process.ts';
import { proveScene } from '../support/kill-proof.ts';
import { type KillScene, missingServers, withKillScene } from '../support/kill-scene.ts';

const killsOfScene = 25;
/** Each life is short: much has to happen in it. */
const speed = 20_000;
/** From the start of the process: its modules are loaded, the folder is made or the run recovered. */
const startMs = 2_000;
/** From the moment it trades. */
const tradingMs = 1_000;
/** After so many kills the desk stops once in order, so that those that follow recover from a snapshot and not from the beginning. */
const killsBeforeSnapshot = 3;
const killsOfSnapshot = 6;

for (const [place, kills] of scenesOf(killsWanted, killsOfScene).entries()) {
  test(`an engine killed ${kills} times loses nothing that was accepted and repeats no order (scene ${place + 1})`, {
    skip: missingServers,
    timeout: 600_000,
  }, async (t) => {
    const moments = momentsOf(`engine/${place}`);
    await withKillScene(t, moments, async (scene) => {
      await proveScene(t, scene, await killEngine(scene, moments, kills));
    });
  });
}

/** Returns the mirror, which runs. */
async function killEngine(scene: KillScene, moments: Moments, kills: number): Promise<KillProcess> {
  const mirror = scene.mirror();
  for (let kill = 1; kill <= kills; kill += 1) {
    await killOnce(scene, moments);
    mirror.requireAlive();
    if (kill % killsOfSnapshot === killsBeforeSnapshot) await stopOnce(scene);
  }
  return mirror;
}

/** Three of four kills hit an engine that trades, one hits it on its way there. */
async function killOnce(scene: KillScene, moments: Moments): Promise<void> {
  const engine: KillProcess = scene.engine(speed);
  if (moments.chance(0.25)) await delay(moments.waitMs(0, startMs));
  else {
    await engine.said('listening');
    await delay(moments.waitMs(0, tradingMs));
  }
  engine.requireAlive();
  await engine.kill();
}

async function stopOnce(scene: KillScene): Promise<void> {
  const engine = scene.engine(speed);
  await engine.said('listening');
  await engine.stop();
}
