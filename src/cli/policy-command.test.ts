import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveControl } from '#runtime/control-socket.ts';
import { operate } from '#runtime/operate.ts';
import type { PaperRun } from '#runtime/paper-run.ts';
import { type CommandEnding, runCommand } from '../../tests/support/command-scene.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerPolicy } from './policy-command.ts';

function policy(folder: string, ...argv: readonly string[]): Promise<CommandEnding> {
  return runCommand(registerPolicy, ['policy', ...argv, '--data-dir', folder]);
}

/** Serves a desk's socket as its process would, for the length of what is done in between. */
async function served(run: PaperRun, folder: string, body: () => Promise<void>): Promise<void> {
  const desk = { engine: run.engine, request: run.request.bind(run), status: () => undefined };
  const server = await serveControl(folder, (request) => operate(desk, request));
  try {
    await body();
  } finally {
    await new Promise((done) => void server.close(done));
  }
}

test('policies are changed, compared, told and taken back on a running desk and at rest alike', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  await served(run, folder, async () => {
    const set = await policy(folder, 'set', 'limits/fx', 'maximumPositions=2', '--reason', 'calm', '--actor', 'ann');
    assert.equal(set.code, 0, set.work);
    assert.match(set.result, /^policy 'limits\/fx' has version 2: changed 'maximumPositions'$/m);
    assert.match(set.work, /in force on the running desk/);
    const stale = await policy(
      ...([folder, 'set', 'limits/fx', 'maximumPositions=1', '--reason', 'x', '--expected-version', '1'] as const),
    );
    assert.equal(stale.code, 1);
    assert.match(stale.work, /refused \(stale-version\)/);
    assert.equal((await policy(folder, 'get', 'limits/fx.maximumPositions')).result, '2\n');
  });
  await run.stop();
  const atRest = await policy(folder, 'set', 'limits/fx', 'maximumPositions=1', '--reason', 'calmer', '--json');
  const { version, isRunning, changedPaths } = JSON.parse(atRest.result);
  assert.deepEqual([version, isRunning, changedPaths], [3, false, ['maximumPositions']]);
  const diff = JSON.parse((await policy(folder, 'diff', 'limits/fx', '--json')).result);
  assert.deepEqual(diff, {
    ...{ key: 'limits/fx', from: 2, to: 3 },
    fields: [{ path: 'maximumPositions', left: 2, right: 1 }],
  });
  const back = await policy(folder, 'rollback', 'limits/fx', '1', '--reason', 'over');
  assert.equal(back.code, 0, back.work);
  assert.match((await policy(folder, 'diff', 'limits/fx', '1', '4')).result, /say the same/);
  const history = JSON.parse((await policy(folder, 'history', 'limits/fx', '--json')).result) as Record<
    string,
    unknown
  >[];
  assert.deepEqual(
    history.map((entry) => [entry['version'], entry['refusal'] === null, entry['reason']]),
    [
      [1, true, 'first policies'],
      [2, true, 'calm'],
      [2, false, 'x'],
      [3, true, 'calmer'],
      [4, true, 'rolled back to version 1: over'],
    ],
  );
  const restarted = openSyntheticDesk(folder);
  assert.equal(restarted.engine.state.policies['limits/fx']?.version, 4);
  await restarted.stop();
});
