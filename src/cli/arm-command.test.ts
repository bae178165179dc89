import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveControl } from '#runtime/control-socket.ts';
import { LiveRun } from '#runtime/live/live-run.ts';
import { operate } from '#runtime/operate.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { liveScene, startLive, stopLive } from '../../tests/support/live-desk.ts';
import { registerArming } from './arm-command.ts';

const author = ['--reason', 'the first day', '--actor', 'ann'];

test('a running desk is armed by its phrase and disarmed', async (t) => {
  const folder = temporaryFolder(t);
  const scene = liveScene(folder);
  const run = await startLive(scene, false);
  const desk = {
    ...{ engine: run.engine, status: () => undefined },
    request: (input: Parameters<LiveRun['request']>[0]) => run.request(input),
    armingRefusal: () => run.armingRefusal(),
  };
  const server = await serveControl(folder, (request) => operate(desk, request));
  const argv = ['--account', 'main', '--data-dir', folder, ...author];
  const unasked = await runCommand(registerArming, ['arm', ...argv]);
  assert.equal(unasked.code, 2);
  const wrong = await runCommand(registerArming, ['arm', ...argv, '--phrase', 'ARM other']);
  assert.deepEqual([wrong.code, run.engine.state.isArmed], [1, false]);
  const right = await runCommand(registerArming, ['arm', ...argv, '--phrase', 'ARM main']);
  assert.deepEqual([right.code, run.engine.state.isArmed], [0, true]);
  const off = await runCommand(registerArming, ['disarm', ...argv]);
  assert.deepEqual([off.code, run.engine.state.isArmed], [0, false]);
  server.close();
  await stopLive(scene, run);
});

test('a desk is armed only while it runs, and disarmed at any time', async (t) => {
  const folder = temporaryFolder(t);
  const scene = liveScene(folder);
  await stopLive(scene, LiveRun.open(scene.options));
  const argv = ['--account', 'main', '--data-dir', folder, ...author];
  const armed = await runCommand(registerArming, ['arm', ...argv, '--phrase', 'ARM main']);
  assert.equal(armed.code, 1);
  assert.match(armed.work, /a desk is armed while it runs/);
  const disarmed = await runCommand(registerArming, ['disarm', ...argv]);
  assert.equal(disarmed.code, 0);
  const other = await runCommand(registerArming, ['disarm', '--account', 'other', '--data-dir', folder, ...author]);
  assert.equal(other.code, 2);
});
