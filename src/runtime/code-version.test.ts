import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { codeVersion } from './code-version.ts';

test('the version changes with a source that decides, and not with a test', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'tradewind-code-'));
  context.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'engine'));
  writeFileSync(join(root, 'engine', 'step.ts'), 'one');
  const first = codeVersion(root);
  writeFileSync(join(root, 'engine', 'step.test.ts'), 'a test');
  assert.equal(codeVersion(root), first);
  writeFileSync(join(root, 'engine', 'step.ts'), 'two');
  assert.notEqual(codeVersion(root), first);
});
