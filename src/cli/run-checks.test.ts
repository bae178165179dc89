import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lockFolder } from '#adapters/journal/folder-lock.ts';
import { journalInfo } from '#adapters/journal/journal-info.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { lockCheck, runChecks } from './run-checks.ts';

const environment = { HOTBAND_PAIRS: 'EUR_USD,GBP_USD,USD_JPY' };
const values = configurationFrom(environment);

async function stoppedDesk(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  await run.stop();
  return folder;
}

test('a folder without a run is no fault', (t) => {
  assert.deepEqual(
    runChecks(temporaryFolder(t), values).map(({ state }) => state),
    ['ok'],
  );
});

test('a run that stopped in order is well', async (t) => {
  const checks = runChecks(await stoppedDesk(t), values);
  assert.deepEqual(
    checks.map(({ name, state }) => `${name} ${state}`),
    ['run ok', 'lock ok', 'journal ok', 'snapshots ok', 'policies ok'],
  );
});

test('an environment that says otherwise is a note for each field', async (t) => {
  const other = configurationFrom({ ...environment, SESSION_EXIT_MINUTES: '9' });
  const notes = runChecks(await stoppedDesk(t), other).filter(({ state }) => state === 'note');
  assert.deepEqual(
    notes.map(({ detail }) => detail.split(';')[0]),
    ['strategy/fx sessionExitMinutes is 5, the environment says 9'],
  );
});

test('a changed byte of the journal is found', async (t) => {
  const folder = await stoppedDesk(t);
  const segment = journalInfo(join(folder, 'journal')).segments[0]?.name ?? '';
  const path = join(folder, 'journal', segment);
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const journal = runChecks(folder, values).find(({ name }) => name === 'journal');
  assert.equal(journal?.state, 'broken');
});

test('a damaged snapshot is found by its name', async (t) => {
  const folder = await stoppedDesk(t);
  const [name = ''] = readdirSync(join(folder, 'snapshots'));
  writeFileSync(join(folder, 'snapshots', name), 'x');
  const broken = runChecks(folder, values).filter(({ state }) => state === 'broken');
  assert.equal(broken.length, 1);
  assert.ok(broken[0]?.detail.startsWith(`'${name}'`));
});

test('a held folder names its holder', (t) => {
  const folder = temporaryFolder(t);
  const lock = lockFolder(folder);
  assert.match(lockCheck(folder).detail, new RegExp(`held by process ${process.pid}`));
  lock.release();
  assert.match(lockCheck(folder).detail, /free/);
});
