import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { failOn, fewEnvelopes, publishOn } from '../../tests/support/published-bus.ts';
import { missingStore, type StoreProcess, startStore } from '../../tests/support/store-process.ts';
import { registerEvents } from './events-command.ts';

const skip = missingStore;
let store: StoreProcess;

before(async () => {
  if (skip !== false) return;
  store = await startStore();
  await publishOn(store.url, fewEnvelopes());
  await failOn(store.url, 'market.tick', 4);
});
after(() => (skip === false ? store.stop() : undefined));

function dead(...argv: string[]): ReturnType<typeof runCommand> {
  return runCommand(registerEvents, ['events', 'dead', ...argv], { VALKEY_URL: store.url });
}

interface Listed {
  readonly id: string;
  readonly letter: { readonly error: string; readonly group: string };
}

async function listed(): Promise<Listed[]> {
  return JSON.parse((await dead('list', '--json')).result) as Listed[];
}

test('all of them are never meant by leaving something out', { skip }, async () => {
  for (const argv of [['replay'], ['purge'], ['purge', '--type', 'market.tick'], ['purge', 'an-id', '--all']]) {
    assert.equal((await dead(...argv)).code, 2, argv.join(' '));
  }
  assert.equal((await listed()).length, 4);
});

test('they are listed, given back to their group and removed', { skip }, async () => {
  const letters = await listed();
  const [first, second] = letters;
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual([first.letter.error, first.letter.group], ['it cannot be taken', 'monitoring']);
  assert.match((await dead('list', '--limit', '1')).result, /^market\.tick@\S+ +monitoring .* it cannot be taken$/m);
  assert.equal((await dead('replay', first.id)).result, '1 given back\n');
  assert.equal((await dead('replay', first.id)).code, 1);
  const argv = ['events', 'follow', 'market.tick', '--group', 'monitoring', '--consumer', 'willing', '--count', '1'];
  assert.match((await runCommand(registerEvents, argv, { VALKEY_URL: store.url })).result, /market\.tick EUR_USD/);
  assert.equal((await dead('purge', second.id)).result, '1 removed\n');
  assert.equal((await dead('purge', '--all', '--before', '2020-01-01')).result, '0 removed\n');
  assert.equal((await dead('purge', '--all', '--json')).result, '{"count":2}\n');
  assert.deepEqual(await listed(), []);
});
