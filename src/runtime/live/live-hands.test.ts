import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemFiles } from '#adapters/journal/file-operations.ts';
import { type LiveScene, liveScene, passUntil, startLive, stopLive } from '../../../tests/support/live-desk.ts';
import type { LiveRun } from './live-run.ts';

const eurUsd = 'EURUSD.OANDA';

function sceneOf(t: TestContext, changes: Parameters<typeof liveScene>[1] = {}): LiveScene {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-live-hands-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return liveScene(folder, changes);
}

const cancels = ({ venue }: LiveScene): number => venue.calls.filter((call) => call === 'cancelAll').length;
const reports = ({ venue }: LiveScene): number => venue.calls.filter((call) => call === 'report').length;
const isHolding = (run: LiveRun): boolean =>
  Object.values(run.engine.state.positions).some(({ signedQuantity }) => signedQuantity !== 0);

test('a switch that is thrown is carried out at the venue at once', async (t) => {
  const scene = sceneOf(t);
  const run = await startLive(scene);
  const before = cancels(scene);
  run.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'storm' }));
  await scene.clock.pass(0);
  assert.equal(cancels(scene) - before, 1);
  await scene.clock.pass(10_000);
  assert.equal(cancels(scene) - before, 1);
  await stopLive(scene, run);
});

test('a start under an engaged switch cancels what works at the venue', async (t) => {
  const scene = sceneOf(t);
  const run = await startLive(scene, false);
  assert.equal(cancels(scene), 1);
  await stopLive(scene, run);
});

test('a switch that is thrown keeps the stops of what is held, and a flat desk is made flat by orders of its own', async (t) => {
  const scene = sceneOf(t);
  const run = await startLive(scene);
  await passUntil(scene, () => isHolding(run));
  assert.equal(isHolding(run), true);
  await scene.clock.pass(1_000);
  const stops = [...scene.venue.state.workingById.keys()];
  assert.ok(stops.length > 0);
  run.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'storm' }));
  await scene.clock.pass(1_000);
  assert.deepEqual([...scene.venue.state.workingById.keys()], stops);
  run.request((at) => ({ type: 'flatten.requested', at, actor: 'ann', reason: 'storm' }));
  await scene.clock.pass(20_000);
  assert.equal(isHolding(run), false);
  assert.equal(scene.venue.state.openPositions, 0);
  await stopLive(scene, run);
});

test('a fill of an order that is not ours makes the desk compare its books at once', async (t) => {
  const scene = sceneOf(t);
  const run = await startLive(scene, false);
  scene.venue.quote(eurUsd, 110_000, 110_010);
  const before = reports(scene);
  scene.venue.trade('by-hand', eurUsd, 500);
  await scene.clock.pass(100);
  assert.ok(reports(scene) > before);
  assert.equal(run.engine.state.positions[eurUsd]?.signedQuantity, 500);
  await stopLive(scene, run);
});

test('the books are compared every half minute, and on request', async (t) => {
  const scene = sceneOf(t);
  const run = await startLive(scene, false);
  const before = reports(scene);
  await scene.clock.pass(61_000);
  assert.equal(reports(scene) - before, 2);
  run.reconcile();
  await scene.clock.pass(10);
  assert.equal(reports(scene) - before, 3);
  await stopLive(scene, run);
});

test('with a disk that fails the switch still holds at the venue', async (t) => {
  let isFull = false;
  const refuse = (): void => {
    if (isFull) throw Object.assign(new Error('no space left'), { code: 'EIO' });
  };
  const files = {
    ...systemFiles,
    writeSync: (...args: Parameters<typeof systemFiles.writeSync>) => {
      refuse();
      return systemFiles.writeSync(...args);
    },
    fdatasyncSync: (file: number) => {
      refuse();
      systemFiles.fdatasyncSync(file);
    },
  };
  const scene = sceneOf(t, { files });
  const run = await startLive(scene);
  await passUntil(scene, () => isHolding(run));
  isFull = true;
  const before = cancels(scene);
  run.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'storm' }));
  run.request((at) => ({ type: 'flatten.requested', at, actor: 'ann', reason: 'storm' }));
  await scene.clock.pass(100);
  assert.ok(cancels(scene) > before);
  assert.equal(
    scene.venue.calls.some((call) => call.startsWith('close ')),
    true,
  );
  await assert.rejects(stopLive(scene, run));
});
