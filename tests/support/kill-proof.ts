import type { TestContext } from 'node:test';
import { readManifest } from '#runtime/run-folder.ts';
import { serversReach } from './kill-content.ts';
import { proveJournal } from './kill-journal.ts';
import type { KillProcess } from './kill-process.ts';
import { proveProjections } from './kill-rebuild.ts';
import { type KillScene, stillSpeed } from './kill-scene.ts';

/**
 * Ends a scene whose engine is gone: an engine that takes no more market in lets the mirror come to the end, both stop in order, and then
 * the journal, the follower's notes and every projection are compared. Tells in the report what was compared.
 */
export async function proveScene(t: TestContext, scene: KillScene, mirror: KillProcess): Promise<void> {
  const { folder, servers, follower, operator } = scene;
  await operator.stop();
  const engine = scene.engine(stillSpeed);
  await engine.said('listening');
  const { runId } = readManifest(folder);
  const last = (await scene.head()).lastSequence;
  await follower.reach(last);
  await serversReach(servers, runId, last);
  await mirror.stop();
  await engine.stop();
  await follower.stop();
  const journal = proveJournal(folder, scene);
  const projections = await proveProjections(folder, servers, scene.ageMs());
  t.diagnostic(`compared: ${JSON.stringify({ ...journal, ...projections, outages: follower.outages })}`);
}
