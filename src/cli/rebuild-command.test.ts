import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectionNames } from '#runtime/mirror/mirror.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { crewDesk } from '../../tests/support/crewed-desk.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { registerRebuild } from './rebuild-command.ts';

const rebuild = (...argv: string[]) => runCommand(registerRebuild, ['rebuild', ...argv]);

test('one projection or all of them are filled from the journal, for people and for programs', async (t) => {
  const folder = temporaryFolder(t);
  const desk = await crewDesk(folder);
  await desk.run.warmUp();
  await desk.crew.begin();
  await desk.end();
  const sequence = desk.run.tail.durableSequence;
  const one = await rebuild('keys', '--data-dir', folder);
  assert.equal(one.code, 0, one.work);
  assert.match(one.result, /^'keys' holds the journal up to [\d\u202f,. ]+\n$/);
  const all = await rebuild('all', '--json', '--data-dir', folder);
  assert.deepEqual(JSON.parse(all.result), {
    folder,
    rebuilt: projectionNames.map((name) => ({ name, sequence, filledBy: 'command' })),
  });
});

test('what is no projection and a folder without a run are refused', async (t) => {
  const unknown = await rebuild('everything');
  assert.equal(unknown.code, 2);
  assert.match(unknown.work, /'everything' is invalid.*records, keys, bus, audit, all/);
  const empty = await rebuild('keys', '--data-dir', temporaryFolder(t));
  assert.equal(empty.code, 2);
  assert.match(empty.work, /holds no run/);
});

test('a store that is away ends with one and a sentence', async (t) => {
  const folder = temporaryFolder(t);
  const desk = await crewDesk(folder, { names: ['audit'] });
  await desk.run.warmUp();
  await desk.end();
  const environment = { VALKEY_URL: 'redis://:hush-hush@127.0.0.1:1/0' };
  const { code, work } = await runCommand(registerRebuild, ['rebuild', 'keys', '--data-dir', folder], environment);
  assert.equal(code, 1);
  assert.match(work, /the store at 'redis:\/\/127\.0\.0\.1:1\/0' is away/);
  assert.doesNotMatch(work, /hush-hush| at .*\.ts/);
});
