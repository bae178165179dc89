import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemFiles } from '#adapters/journal/file-operations.ts';
import { type LiveScene, liveScene, startLive, stopLive } from '../../../tests/support/live-desk.ts';
import { sliceInputs } from './pump.ts';

const eurUsd = 'EURUSD.OANDA';

function sceneOf(t: TestContext, changes: Parameters<typeof liveScene>[1] = {}): LiveScene {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-pump-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return liveScene(folder, changes);
}

test('what arrives together is made durable together', async (t) => {
  let syncs = 0;
  const files = {
    ...systemFiles,
    fdatasyncSync: (file: number): void => {
      syncs += 1;
      systemFiles.fdatasyncSync(file);
    },
  };
  const scene = sceneOf(t, { files });
  const run = await startLive(scene, false);
  for (let count = 0; count < 50; count += 1) scene.venue.quote(eurUsd, 110_000 + count, 110_010 + count);
  const before = syncs;
  const { durableSequence } = run.journal;
  await scene.clock.pass(100);
  assert.equal(run.journal.durableSequence - durableSequence >= 50, true);
  assert.equal(run.journal.lastSequence, run.journal.durableSequence);
  assert.equal(syncs - before <= 2, true, `${syncs - before}`);
  assert.equal(run.sliceMs, 0);
  await stopLive(scene, run);
});

test('more than a slice is taken in more than one', async (t) => {
  const scene = sceneOf(t);
  const run = await startLive(scene, false);
  for (let count = 0; count < sliceInputs + 10; count += 1) {
    scene.venue.tell({ type: 'feed.stalled', instrument: String(count), reason: 'r' } as never);
  }
  const { sequence } = run.engine.state;
  await scene.clock.pass(1_000);
  assert.equal(run.engine.state.sequence - sequence, sliceInputs + 10);
  await stopLive(scene, run);
});

test('a run that must not go on is told to whoever started it', async (t) => {
  let isOver = false;
  const require = (): void => {
    if (isOver) throw new Error('the lease is over');
  };
  const scene = sceneOf(t, { lease: { require, doubt: undefined } });
  const run = await startLive(scene, false);
  let ends = 0;
  run.start(() => {
    ends += 1;
  });
  isOver = true;
  await scene.clock.pass(60_000);
  assert.equal(ends, 1);
  assert.match(run.failure?.message ?? '', /the lease is over/);
  const { sequence } = run.engine.state;
  scene.venue.quote(eurUsd, 110_000, 110_010);
  await scene.clock.pass(60_000);
  assert.equal(run.engine.state.sequence, sequence);
  await stopLive(scene, run);
});
