import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { fewEnvelopes, publishOn } from '../../tests/support/published-bus.ts';
import { missingStore, type StoreProcess, startStore } from '../../tests/support/store-process.ts';
import { registerEvents } from './events-command.ts';

const skip = missingStore;
const envelopes = fewEnvelopes();
let store: StoreProcess;

before(async () => {
  if (skip !== false) return;
  store = await startStore();
  await publishOn(store.url, envelopes);
});
after(() => (skip === false ? store.stop() : undefined));

function follow(...options: string[]): ReturnType<typeof runCommand> {
  return runCommand(registerEvents, ['events', 'follow', ...options], { VALKEY_URL: store.url });
}

test('envelopes of a pattern are printed whole, and the next call goes on after them', { skip }, async () => {
  const ticks = envelopes.filter(({ type }) => type === 'market.tick');
  assert.equal(ticks.length, 4);
  const options = ['market.*', '--group', 'watchers', '--consumer', 'one', '--json'];
  const first = await follow(...options, '--count', '3');
  assert.equal(first.code, 0);
  const printed = (result: string): unknown[] =>
    result
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  assert.deepEqual(printed(first.result), ticks.slice(0, 3));
  const second = await follow(...options, '--count', '1');
  assert.deepEqual(printed(second.result), ticks.slice(3));
});

test('for people a line has time, type, key and payload', { skip }, async () => {
  const { result } = await follow('instrument.listed', '--group', 'readers', '--count', '1');
  assert.match(result, /^2026-01-14T\S+Z instrument\.listed EUR_USD \{"type":"instrument\.listed",.*\}\n$/);
});

test('an option names the store where the environment does not', { skip }, async () => {
  const argv = ['events', 'follow', 'run.started', '--group', 'others', '--count', '1', '--url', store.url, '--json'];
  const { code, result } = await runCommand(registerEvents, argv);
  assert.equal(code, 0);
  assert.match(result, /"type":"run.started"/);
});

test('a store that nobody answers at ends it with one sentence', { skip }, async () => {
  const argv = ['events', 'follow', '--group', 'others', '--url', 'redis://:secret-word@127.0.0.1:1/0'];
  const { code, work } = await runCommand(registerEvents, argv);
  assert.equal(code, 1);
  assert.match(work, /no store answers at 'redis:\/\/127\.0\.0\.1:1\/0'/);
  assert.ok(!work.includes('secret-word'));
});
