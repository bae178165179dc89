import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { registerPreflight } from './preflight-command.ts';

function accounts(folder: string): string {
  const token = join(folder, 'token');
  writeFileSync(token, 'canary-token', { mode: 0o600 });
  const path = join(folder, 'accounts.yaml');
  const account = `{ venue: oanda, environment: simulated, accountId: '1', tokenFile: '${token}' }`;
  writeFileSync(path, `accounts:\n  sim: ${account}\n`);
  return path;
}

test('a venue that is not there is told, and no key is shown', async (t) => {
  const folder = temporaryFolder(t);
  const argv = ['--venue', 'oanda', '--account', 'sim', '--environment', 'simulated', '--accounts', accounts(folder)];
  const { code, work, result } = await runCommand(registerPreflight, [
    'preflight',
    ...argv,
    '--venue-url',
    'http://127.0.0.1:1',
  ]);
  assert.equal(code, 1);
  assert.match(work, /^the venue was asked: /m);
  assert.equal(`${work}${result}`.includes('canary'), false);
});

test('without a venue there is nothing to look at', async () => {
  assert.equal((await runCommand(registerPreflight, ['preflight'])).code, 2);
});
