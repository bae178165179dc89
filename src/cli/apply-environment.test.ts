import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder, writeWalks } from '../../tests/support/csv-bars.ts';
import { paperEnvironment, stoppedDesk } from '../../tests/support/paper-desk.ts';
import { registerBacktest } from './backtest-command.ts';
import { engineAtEnd } from './engine-at-end.ts';
import { registerPolicy } from './policy-command.ts';

test('the environment becomes the policies of a stopped desk, and the difference is shown', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await stoppedDesk(folder);
  const argv = ['policy', 'apply-env', '--data-dir', folder];
  const environment = paperEnvironment({ AUTO_DIRECTION_LOOKBACK: '20' });
  const dry = await runCommand(registerPolicy, [...argv, '--dry-run', '--json'], environment);
  assert.equal(dry.code, 0, dry.work);
  assert.deepEqual(JSON.parse(dry.result), {
    isDryRun: true,
    changes: [{ key: 'strategy/fx', version: 2, fields: [{ path: 'directionLookback', left: 12, right: 20 }] }],
  });
  const { code, result, work } = await runCommand(registerPolicy, argv, environment);
  assert.equal(code, 0, work);
  assert.match(result, /^strategy\/fx +2 +directionLookback +12 +20$/m);
  assert.match(work, /in force from the next start/);
  assert.equal(engineAtEnd(folder).engine.state.policies['strategy/fx']?.version, 2);
  assert.match((await runCommand(registerPolicy, argv, environment)).result, /are those of the environment/);
});

test('a folder without a desk that goes on is refused', async (t) => {
  const folder = temporaryFolder(t);
  const none = await runCommand(registerPolicy, ['policy', 'apply-env', '--data-dir', folder]);
  assert.equal(none.code, 2);
  assert.match(none.work, /holds no run/);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 60);
  const out = join(folder, 'run');
  await runCommand(registerBacktest, ['backtest', '--data', data, '--out', out]);
  const finished = await runCommand(registerPolicy, ['policy', 'apply-env', '--data-dir', out]);
  assert.equal(finished.code, 2);
  assert.match(finished.work, /holds a backtest, which is finished/);
  const malformed = await runCommand(registerPolicy, ['policy', 'apply-env', '--data-dir', out], {
    AUTO_DIRECTION_LOOKBACK: 'x',
  });
  assert.match(malformed.work, /'AUTO_DIRECTION_LOOKBACK': expected a whole number/);
});
