import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { fewEnvelopes, publishOn } from '../../tests/support/published-bus.ts';
import { missingStore, type StoreProcess, startStore } from '../../tests/support/store-process.ts';
import { registerEvents } from './events-command.ts';

const skip = missingStore;
let store: StoreProcess;

before(async () => {
  if (skip !== false) return;
  store = await startStore();
  await publishOn(store.url, fewEnvelopes());
  await events('follow', 'market.tick', '--group', 'watchers', '--count', '3');
});
after(() => (skip === false ? store.stop() : undefined));

function events(...argv: string[]): ReturnType<typeof runCommand> {
  return runCommand(registerEvents, ['events', ...argv], { VALKEY_URL: store.url });
}

test('streams are listed with what lies in them and who reads them', { skip }, async () => {
  const { code, result } = await events('streams');
  assert.equal(code, 0);
  assert.match(result, /^quantum:stream:market\.tick +4 +\d{4}-\d\d-\d\dT\S+Z +watchers$/m);
  assert.match(result, /^quantum:stream:domain:market +4 +\S+Z +-$/m);
  const json = await events('streams', '--json');
  const reports = JSON.parse(json.result) as { stream: string; length: number }[];
  assert.equal(reports.find(({ stream }) => stream === 'quantum:stream:market.tick')?.length, 4);
});

test('groups are listed with what they have yet to take, those the desk is built for as well', { skip }, async () => {
  const { result } = await events('groups', '--json');
  assert.deepEqual(
    (JSON.parse(result) as { group: string; streams: number; left: number }[]).map(({ group, streams, left }) => [
      group,
      streams,
      left,
    ]),
    [
      ['monitoring', 0, 0],
      ['risk_management', 0, 0],
      ['rl_agents', 0, 0],
      ['watchers', 1, 1],
    ],
  );
  assert.match((await events('groups')).result, /^watchers +1 +1 +0 +1$/m);
});
