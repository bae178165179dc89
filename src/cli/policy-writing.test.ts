import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CommandEnding, runCommand } from '../../tests/support/command-scene.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerPolicy } from './policy-command.ts';

function policy(folder: string, ...argv: readonly string[]): Promise<CommandEnding> {
  return runCommand(registerPolicy, ['policy', ...argv, '--reason', 'trial', '--data-dir', folder]);
}

test('a change is refused with its reason, tried without effect, and takes values as JSON', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  const run = openSyntheticDesk(folder);
  await run.stop();
  const dry = await policy(folder, 'set', 'strategy/fx', 'directionLookback=20', '--dry-run');
  assert.equal(dry.code, 0, dry.work);
  assert.match(dry.result, /^would be done: policy 'strategy\/fx' has version 2/);
  assert.match(dry.work, /nothing was changed/);
  const beyond = await policy(folder, 'set', 'limits/fx', 'maximumLeverage=51', '--json');
  assert.equal(beyond.code, 1);
  assert.equal(JSON.parse(beyond.result).code, 'guard-rail');
  const list = await policy(folder, 'set', 'universe/crypto', 'deny=["X"]', 'profile=megacap', '--json');
  assert.equal(list.code, 0, list.work);
  assert.deepEqual(JSON.parse(list.result).document.deny, ['X']);
  const wrong = await policy(folder, 'set', 'limits/fx', 'maximumPositions');
  assert.equal(wrong.code, 2);
  assert.match(wrong.work, /expected as path=value, found 'maximumPositions'/);
  assert.equal((await policy(folder, 'set', 'limits/fx', 'a..b=1')).code, 2);
  const gone = await policy(folder, 'rollback', 'limits/fx', '9');
  assert.equal(gone.code, 2);
  assert.match(gone.work, /found '9': it has 1 to 1/);
});
