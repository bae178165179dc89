import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { liveScene, passUntil, startLive, stopLive } from '../../../tests/support/live-desk.ts';
import { changeKillAtRest } from '../kill-at-rest.ts';
import { accountMarket, hasOpenEntries, openLiveParts } from './live-parts.ts';
import { LiveRun } from './live-run.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-live-parts-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a folder is bound to venue, environment and account', (t) => {
  const scene = liveScene(newFolder(t), { environment: 'practice' });
  assert.equal(accountMarket(scene.options), 'oanda:practice:main');
});

test('the first events begin as long before the present as history is wanted, and release nothing', async (t) => {
  const scene = liveScene(newFolder(t));
  const types: string[] = [];
  const parts = openLiveParts(scene.options, ({ type }) => void types.push(type));
  const { state } = parts.loop.engine;
  assert.equal(state.at, scene.clock.now() - 3 * 3_600_000);
  assert.deepEqual([parts.opened.isNew, parts.isFlattening, hasOpenEntries(state)], [true, false, false]);
  assert.deepEqual(types.slice(0, 2), ['run.started', 'calendar.loaded']);
  assert.equal(types.includes('kill.released'), false);
  await parts.journal.close();
});

test('a policy that the run did not have is added with a notice', async (t) => {
  const folder = newFolder(t);
  const { policies } = liveScene(folder).options;
  const first = liveScene(folder, { policies: policies.filter(({ key }) => key !== 'slope-exit/fx') });
  await stopLive(first, LiveRun.open(first.options));
  const scene = liveScene(folder, { time: first.clock });
  const run = LiveRun.open(scene.options);
  assert.deepEqual(run.opened.notices, [
    "policy 'slope-exit/fx' was added: this version reads it and the run did not have it",
  ]);
  await stopLive(scene, run);
});

test('a desk that was told to be flat while it rested is made flat by the venue after the next start', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  const run = await startLive(scene);
  const held = (): boolean =>
    Object.values(run.engine.state.positions).some(({ signedQuantity }) => signedQuantity !== 0);
  await passUntil(scene, held);
  assert.equal(held(), true);
  await stopLive(scene, run);
  await changeKillAtRest(folder, { isEngaging: true, isFlattening: true, actor: 'ann', reason: 'storm' });
  scene.venue.disconnect();
  const later = { ...liveScene(folder, { time: scene.clock, venue: scene.venue }), venue: scene.venue };
  const again = await startLive(later, false);
  await scene.clock.pass(30_000);
  assert.deepEqual(
    Object.values(again.engine.state.positions).map(({ signedQuantity }) => signedQuantity),
    [0, 0],
  );
  assert.equal(scene.venue.state.openPositions, 0);
  await stopLive(later, again);
});
