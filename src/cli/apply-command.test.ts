import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { registerApply } from './apply-command.ts';

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
