import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type AskedAccount, accountOf } from './credentials.ts';

const canary = 'canary-secret-51b2';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-credentials-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function keyFile(folder: string, mode = 0o600, text = `${canary}\n`): string {
  const path = join(folder, `key-${mode.toString(8)}`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function asked(venue: AskedAccount['venue'], changes: Partial<AskedAccount> = {}): AskedAccount {
  return { venue, name: 'main', environment: undefined, accountsFile: undefined, ...changes };
}

const oanda = { OANDA_API_KEY: canary, OANDA_ACCOUNT_ID: '101-1' };

test('the practice environment is the usual one', () => {
  const account = accountOf(asked('oanda'), oanda);
  assert.deepEqual(account, {
    name: 'main',
    environment: 'practice',
    credentials: { venue: 'oanda', accountId: '101-1', token: canary },
    secrets: [canary],
  });
  const binance = accountOf(asked('binance'), { BINANCE_TESTNET_API_KEY: 'k', BINANCE_TESTNET_SECRET_KEY: 's' });
  assert.deepEqual(binance.credentials, { venue: 'binance', apiKey: 'k', apiSecret: 's' });
  assert.equal(binance.environment, 'practice');
});

test('a live account wants to be named in both places', () => {
  const live = { ...oanda, OANDA_ENVIRONMENT: 'live' };
  assert.equal(accountOf(asked('oanda', { environment: 'live' }), live).environment, 'live');
  assert.throws(
    () => accountOf(asked('oanda', { environment: 'live' }), oanda),
    /expected 'OANDA_ENVIRONMENT' to say so/,
  );
  assert.throws(
    () => accountOf(asked('oanda', { environment: 'practice' }), live),
    /are those of the live environment/,
  );
  const binance = { BINANCE_TESTNET: '0', BINANCE_API_KEY: 'k', BINANCE_SECRET: 's' };
  assert.equal(accountOf(asked('binance'), binance).environment, 'live');
  assert.deepEqual(accountOf(asked('binance'), binance).secrets, ['k', 's']);
});

test('a key may lie in a file that only its owner can read', (t) => {
  const folder = folderOf(t);
  const { OANDA_ACCOUNT_ID } = oanda;
  const path = keyFile(folder);
  assert.deepEqual(accountOf(asked('oanda'), { OANDA_API_KEY_FILE: path, OANDA_ACCOUNT_ID }).secrets, [canary]);
  const open = keyFile(folder, 0o640);
  assert.throws(() => accountOf(asked('oanda'), { OANDA_API_KEY_FILE: open, OANDA_ACCOUNT_ID }), {
    name: 'RunError',
    message: `key file '${open}': expected mode '0600', found '0640': others can read it`,
  });
  assert.throws(() => accountOf(asked('oanda'), { ...oanda, OANDA_API_KEY_FILE: path }), /found both/);
  assert.throws(() => accountOf(asked('oanda'), { OANDA_API_KEY_FILE: join(folder, 'no') }), /a file that can be read/);
  const empty = join(folder, 'empty');
  writeFileSync(empty, '\n', { mode: 0o600 });
  assert.throws(() => accountOf(asked('oanda'), { OANDA_API_KEY_FILE: empty }), /found an empty file/);
});

test('what is missing is named', () => {
  assert.throws(() => accountOf(asked('oanda'), { OANDA_ACCOUNT_ID: '1' }), {
    message: "expected 'OANDA_API_KEY', or 'OANDA_API_KEY_FILE' with the path of a file, found neither",
  });
});

test('an accounts file lists accounts with the files of their keys', (t) => {
  const folder = folderOf(t);
  const accountsFile = join(folder, 'accounts.yaml');
  const key = keyFile(folder);
  const text = `accounts:\n  main:\n    venue: binance\n    environment: practice\n    apiKeyFile: ${key}\n    apiSecretFile: ${key}\n`;
  writeFileSync(accountsFile, text);
  const account = accountOf(asked('binance', { accountsFile }), {});
  assert.deepEqual(account.credentials, { venue: 'binance', apiKey: canary, apiSecret: canary });
  assert.throws(() => accountOf(asked('oanda', { accountsFile }), {}), /is listed at 'binance', asked for at 'oanda'/);
  assert.throws(
    () => accountOf(asked('binance', { accountsFile, environment: 'live' }), {}),
    /is listed as 'practice', asked for as 'live'/,
  );
  // An account that is not listed is that of the environment.
  assert.equal(accountOf(asked('oanda', { accountsFile, name: 'other' }), oanda).environment, 'practice');
});

test('no complaint shows a key, even where it stands in the wrong place', (t) => {
  const folder = folderOf(t);
  const accountsFile = join(folder, 'accounts.yaml');
  for (const text of [`accounts:\n  main:\n    venue: oanda\n    token: ${canary}\n`, `: : ${canary} :\n\t-`]) {
    writeFileSync(accountsFile, text);
    assert.throws(
      () => accountOf(asked('oanda', { accountsFile }), {}),
      (error) => error instanceof Error && error.name === 'RunError' && !error.message.includes(canary),
    );
  }
});
