import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ControlRequest, serveControl } from '#runtime/control-socket.ts';
import { deskAtRest } from '#runtime/desk-at-rest.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerKill } from './kill-command.ts';

test('a running desk is asked through its own socket', async (t) => {
  const folder = temporaryFolder(t);
  const requests: ControlRequest[] = [];
  const server = await serveControl(folder, (request) => {
    requests.push(request);
    return { isDone: true, message: 'the kill switch is engaged' };
  });
  t.after(() => server.close());
  const argv = ['kill', 'engage', '--reason', 'lunch', '--actor', 'ann', '--flatten', '--data-dir', folder];
  assert.deepEqual(await runCommand(registerKill, argv), { code: 0, result: 'the kill switch is engaged\n', work: '' });
  assert.deepEqual(requests, [{ command: 'kill.engage', actor: 'ann', reason: 'lunch', flatten: true }]);
});

test('what the desk refuses ends with one', async (t) => {
  const folder = temporaryFolder(t);
  const server = await serveControl(folder, () => ({ isDone: false, message: 'no' }));
  t.after(() => server.close());
  const { code, work } = await runCommand(registerKill, [
    'kill',
    'release',
    '--yes',
    '--reason',
    'x',
    '--data-dir',
    folder,
  ]);
  assert.deepEqual([code, work], [1, 'no\n']);
});

test('without a running desk the switch is written into the journal', async (t) => {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  await run.stop();
  const engaged = await runCommand(registerKill, [
    'kill',
    'engage',
    '--reason',
    'lunch',
    '--json',
    '--data-dir',
    folder,
  ]);
  assert.deepEqual([engaged.code, (JSON.parse(engaged.result) as { isRunning: boolean }).isRunning], [0, false]);
  assert.equal(deskAtRest(folder).engine.state.kill.reason, 'lunch');
  await runCommand(registerKill, ['kill', 'release', '--yes', '--reason', 'back', '--data-dir', folder]);
  assert.equal(deskAtRest(folder).engine.state.kill.isEngaged, false);
});

test('a desk that holds its folder and does not listen yet is waited for', async (t) => {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  const asked = runCommand(registerKill, ['kill', 'engage', '--reason', 'lunch', '--data-dir', folder]);
  await run.warmUp();
  const server = await serveControl(folder, () => ({ isDone: true, message: 'engaged at last' }));
  t.after(() => server.close());
  assert.deepEqual(await asked, { code: 0, result: 'engaged at last\n', work: '' });
  await run.stop();
});

test('a release that nobody confirms changes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const { code, work } = await runCommand(registerKill, ['kill', 'release', '--reason', 'x', '--data-dir', folder]);
  // A test has no terminal on which to confirm anything.
  assert.equal(code, 2);
  assert.match(work, /is not released/);
});

test('a reason is asked for', async (t) => {
  const folder = temporaryFolder(t);
  assert.equal((await runCommand(registerKill, ['kill', 'engage', '--data-dir', folder])).code, 2);
  assert.equal((await runCommand(registerKill, ['kill', 'engage', '--reason', ' ', '--data-dir', folder])).code, 2);
});
