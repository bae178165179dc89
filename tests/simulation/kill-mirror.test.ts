import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { killsWanted, type Moments, momentsOf, scenesOf } from '../support/kill-plan.ts';
import type { KillProcess } from '../support/kill-process.ts';
import { proveScene } from '../support/kill-proof.ts';
import { type KillScene, missingServers, withKillScene } from '../support/kill-scene.ts';
import { waitUntil } from '../support/kill-wait.ts';

/** So that a scene is over before its market closes for the weekend. */
const killsOfScene = 20;
/** The first ones hit a mirror that fills empty stores. */
const killsWhileFilling = 2;
/** From the start of the process: it finds its place and begins to catch up. */
const startMs = 1_500;
/** From the moment it knows the engine. */
const mirroringMs = 1_500;
/** From its first batch. */
const fillingMs = 800;

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
  for (let kill = 1; kill <= kills; kill += 1) {
    if (kill === killsWhileFilling + 1) await fillOnce(scene);
    await (kill <= killsWhileFilling ? killFilling(scene, moments) : killOnce(scene, moments));
    engine.requireAlive();
  }
  const mirror = scene.mirror();
  await engine.kill();
  return mirror;
}

/** Hits a mirror that fills empty stores. It has to come nearer to the journal's end each time: an engine does not wait for ever. */
async function killFilling(scene: KillScene, moments: Moments): Promise<void> {
  const before = await scene.keysReached();
  const mirror = scene.mirror();
  await waitUntil(async () => (await scene.keysReached()) > before, 'the mirror to write some keys');
  await delay(moments.waitMs(0, fillingMs));
  await mirror.kill();
}

/** Lets a mirror come to the journal's end: an engine whose switch is not seen in the store for long stops by itself. */
async function fillOnce(scene: KillScene): Promise<void> {
  const mirror = scene.mirror();
  await scene.isMirrored();
  await mirror.kill();
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
