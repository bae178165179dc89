import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from './main.ts';

test('the command line answers with the exit code of its command', async (t) => {
  const said: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => {
    said.push(text);
    return true;
  });
  assert.equal(await main(['replay', 'no/such/folder']), 2);
  assert.match(said.join(''), /holds no run/);
});
