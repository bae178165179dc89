import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveScene, startLive, stopLive } from '../../tests/support/live-desk.ts';
import { disarmAtRest } from './disarm-at-rest.ts';
import { LiveRun } from './live/live-run.ts';

test('a desk that rests is disarmed in its journal, and stays so at the next start', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-disarm-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const scene = liveScene(folder);
  const run = await startLive(scene);
  assert.equal(run.engine.state.isArmed, true);
  await stopLive(scene, run);
  const author = { actor: 'ann', reason: 'holiday' };
  assert.equal(await disarmAtRest(folder, author), 'the desk is disarmed');
  assert.equal(await disarmAtRest(folder, author), 'the desk was disarmed already');
  const later = liveScene(folder, { time: scene.clock });
  const again = LiveRun.open(later.options);
  assert.equal(again.engine.state.isArmed, false);
  await stopLive(later, again);
});
