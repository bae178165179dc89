import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder, writeWalks } from '../../tests/support/csv-bars.ts';
import { paperEnvironment, stoppedDesk } from '../../tests/support/paper-desk.ts';
import { registerApply } from './apply-command.ts';
import { registerBacktest } from './backtest-command.ts';
import { engineAtEnd } from './engine-at-end.ts';

const winners = `EUR_USD:
  params: { c_min: 0.5, direction_lookback: 10, dir_threshold_bps: 2 }
USD_JPY:
  params: { c_min: 0.6, direction_lookback: 20, dir_threshold_bps: 3 }
`;

test('the median goes into the environment file and the other lines stay', async (t) => {
  const folder = temporaryFolder(t);
  const [file, envFile] = [join(folder, 'live_params.yaml'), join(folder, '.env.hotband')];
  writeFileSync(file, winners);
  writeFileSync(envFile, '# desk\nOANDA_API_KEY=hush-hush\nAUTO_MIN_COHERENCE=0.55\nAUTO_DIRECTION_LOOKBACK=15\n');
  const argv = ['apply', 'params', '--file', file, '--env-file', envFile];
  const dry = await runCommand(registerApply, [...argv, '--dry-run']);
  assert.equal(dry.code, 0);
  assert.match(dry.work, /nothing was written/);
  assert.match(readFileSync(envFile, 'utf8'), /AUTO_DIRECTION_LOOKBACK=15/);
  const { code, result } = await runCommand(registerApply, argv);
  assert.equal(code, 0);
  assert.equal(result, '+GUARD_MIN_COHERENCE=0.55\n+AUTO_DIR_THRESHOLD_BPS=2.5\n');
  assert.equal(
    readFileSync(envFile, 'utf8'),
    '# desk\nOANDA_API_KEY=hush-hush\nAUTO_MIN_COHERENCE=0.55\nAUTO_DIRECTION_LOOKBACK=15\nGUARD_MIN_COHERENCE=0.55\nAUTO_DIR_THRESHOLD_BPS=2.5\n',
  );
  writeFileSync(file, winners.replace('20', '30'));
  assert.equal(
    (await runCommand(registerApply, argv)).result,
    '-AUTO_DIRECTION_LOOKBACK=15\n+AUTO_DIRECTION_LOOKBACK=20\n',
  );
  const again = await runCommand(registerApply, [...argv, '--json']);
  assert.deepEqual(JSON.parse(again.result).changes, []);
});

test('parameters that are not there, or of another shape, leave the file alone', async (t) => {
  const folder = temporaryFolder(t);
  const [file, envFile] = [join(folder, 'live_params.yaml'), join(folder, '.env.hotband')];
  const argv = ['apply', 'params', '--file', file, '--env-file', envFile];
  const absent = await runCommand(registerApply, argv);
  assert.equal(absent.code, 2);
  assert.match(absent.work, /promoted parameters are expected at .*, found none \(ENOENT\)/);
  writeFileSync(file, 'EUR_USD:\n  params: { c_min: 2 }\n');
  const broken = await runCommand(registerApply, argv);
  assert.equal(broken.code, 2);
  assert.match(broken.work, /field 'EUR_USD\.params\.c_min'/);
  assert.equal(existsSync(envFile), false);
});

test('the environment becomes the policies of a stopped desk, and the difference is shown', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await stoppedDesk(folder);
  const argv = ['policy', 'apply-env', '--data-dir', folder];
  const environment = paperEnvironment({ AUTO_DIRECTION_LOOKBACK: '20' });
  const dry = await runCommand(registerApply, [...argv, '--dry-run', '--json'], environment);
  assert.equal(dry.code, 0, dry.work);
  assert.deepEqual(JSON.parse(dry.result), {
    isDryRun: true,
    changes: [{ key: 'strategy/fx', version: 2, fields: [{ path: 'directionLookback', left: 12, right: 20 }] }],
  });
  const { code, result, work } = await runCommand(registerApply, argv, environment);
  assert.equal(code, 0, work);
  assert.match(result, /^strategy\/fx +2 +directionLookback +12 +20$/m);
  assert.match(work, /in force from the next start/);
  assert.equal(engineAtEnd(folder).engine.state.policies['strategy/fx']?.version, 2);
  assert.match((await runCommand(registerApply, argv, environment)).result, /are those of the environment/);
});

test('a folder without a desk that goes on is refused', async (t) => {
  const folder = temporaryFolder(t);
  const none = await runCommand(registerApply, ['policy', 'apply-env', '--data-dir', folder]);
  assert.equal(none.code, 2);
  assert.match(none.work, /holds no run/);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 60);
  const out = join(folder, 'run');
  await runCommand(registerBacktest, ['backtest', '--data', data, '--out', out]);
  const finished = await runCommand(registerApply, ['policy', 'apply-env', '--data-dir', out]);
  assert.equal(finished.code, 2);
  assert.match(finished.work, /holds a backtest, which is finished/);
  const malformed = await runCommand(registerApply, ['policy', 'apply-env', '--data-dir', out], {
    AUTO_DIRECTION_LOOKBACK: 'x',
  });
  assert.match(malformed.work, /'AUTO_DIRECTION_LOOKBACK': expected a whole number/);
});
