import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerStatus } from './status-command.ts';

test('a run at rest is shown from its folder, and that nothing runs is said', async (t) => {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  const { at } = run;
  await run.stop();
  const { code, result, work } = await runCommand(registerStatus, ['status', '--data-dir', folder]);
  assert.equal(code, 0);
  assert.match(work, /no desk runs on/);
  assert.match(result, /kill switch released/);
  assert.match(result, /^EUR_USD /m);
  const json = await runCommand(registerStatus, ['status', '--json', '--data-dir', folder]);
  const status = JSON.parse(json.result) as { isRunning: boolean; at: number; instruments: object[] };
  assert.deepEqual([status.isRunning, status.at, status.instruments.length], [false, at, 3]);
});

test('an empty folder is refused', async (t) => {
  const { code, work } = await runCommand(registerStatus, ['status', '--data-dir', temporaryFolder(t)]);
  assert.equal(code, 2);
  assert.match(work, /holds no run/);
});
