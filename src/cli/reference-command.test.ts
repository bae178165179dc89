import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { registerReference } from './reference-command.ts';

const folder = join(import.meta.dirname, '../../docs/reference');

test('every page is printed as it lies in the documents', async () => {
  for (const page of ['events', 'keys', 'metrics', 'policies']) {
    const { code, result } = await runCommand(registerReference, ['reference', page]);
    assert.equal(code, 0);
    assert.equal(result, readFileSync(join(folder, `${page}.md`), 'utf8'), page);
  }
});

test('a page that is none is refused with those that are', async () => {
  const { code, work } = await runCommand(registerReference, ['reference', 'variable']);
  assert.equal(code, 2);
  assert.match(work, /events, keys, metrics, policies/);
});
