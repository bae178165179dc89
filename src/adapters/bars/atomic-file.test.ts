import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeFileAtomically } from './atomic-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomic-'));
after(() => rmSync(folder, { recursive: true }));

test('the parts replace the old content and nothing is left beside', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'old and longer');
  writeFileAtomically(path, [Buffer.from('new'), Buffer.alloc(0), Buffer.from('er')]);
  assert.equal(readFileSync(path, 'utf8'), 'newer');
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('a failure keeps the old content and leaves nothing beside', () => {
  const target = join(folder, 'taken');
  mkdirSync(join(target, 'inside'), { recursive: true });
  assert.throws(() => writeFileAtomically(target, [Buffer.from('x')]), /EISDIR|ENOTEMPTY|EEXIST/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.tmp')),
    [],
  );
  assert.deepEqual(readdirSync(target), ['inside']);
});
