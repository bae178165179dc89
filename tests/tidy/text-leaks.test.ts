import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinePathProblems, registryHostProblems } from './text-leaks.ts';

const publicHost = ['registry', 'npmjs', 'org'].join('.');

test('a path beside the project is found with its line', () => {
  const file = { path: 'docs/a.md', text: 'see\n/desk-of-anna/notes.txt\n' };
  assert.deepEqual(
    machinePathProblems(file, '/desk-of-anna/tradewind').map((problem) => problem.line),
    [2],
  );
  assert.deepEqual(machinePathProblems(file, '/elsewhere/tradewind'), []);
});

test('a folder that every machine has is no machine path', () => {
  assert.deepEqual(machinePathProblems({ path: 'docs/a.md', text: '/tmp/a and /a' }, '/tmp/tradewind'), []);
  assert.deepEqual(machinePathProblems({ path: 'docs/a.md', text: '/tmp/a and /a' }, '/tradewind'), []);
});

test('the public registry and the one in use are found', () => {
  const file = {
    path: 'package-lock.json',
    text: `"resolved": "https://${publicHost}/a"\n"https://packages.example.com/b"`,
  };
  const lines = (registry: string | undefined) => registryHostProblems(file, registry).map((problem) => problem.line);
  assert.deepEqual(lines(undefined), [1]);
  assert.deepEqual(lines(`https://${publicHost}/`), [1]);
  assert.deepEqual(lines('https://packages.example.com/npm/'), [1, 2]);
  assert.deepEqual(lines('not an address'), [1]);
});
