import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { registerEvents } from './events-command.ts';

test('where no desk has written streams it is said what was expected', async (t) => {
  const folder = temporaryFolder(t);
  for (const argv of [
    ['events', 'follow', '--group', 'monitoring'],
    ['events', 'streams'],
    ['events', 'groups'],
    ['events', 'dead', 'list'],
  ]) {
    const { code, work } = await runCommand(registerEvents, [...argv, '--data-dir', folder]);
    assert.equal(code, 2);
    assert.match(work, /no streams there: '.*streams\.sqlite' is expected, which a running desk writes/);
  }
});

test('a group must be named, and a bad pattern or name is refused', async () => {
  const refused: readonly [string[], RegExp][] = [
    [['events', 'follow'], /--group/],
    [['events', 'follow', 'trade', '*', '--group', 'a'], /too many arguments/],
    [['events', 'follow', 'tr*', '--group', 'a'], /expected words, '\*' or '\*\*'/],
    [['events', 'follow', '--group', 'a b'], /expected up to 64 letters/],
    [['events', 'follow', '--group', 'a', '--count', '0'], /whole number/],
  ];
  for (const [argv, words] of refused) {
    const { code, work } = await runCommand(registerEvents, argv, { VALKEY_URL: 'redis://127.0.0.1:1/0' });
    assert.equal(code, 2, argv.join(' '));
    assert.match(work, words);
  }
});
