import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImports } from './read-imports.ts';

test('every form of import is read with its line', () => {
  const text = [
    "import { a } from '#base/a.ts';",
    "import './side-effect.ts';",
    'import type { B } from "#domain/b.ts";',
    "export { c } from './c.ts';",
    "const d = await import('node:fs');",
    'import {',
    '  e,',
    "} from 'zod';",
    "new Worker(new URL('./worker.ts', import.meta.url));",
  ].join('\n');
  assert.deepEqual(readImports(text), [
    { specifier: '#base/a.ts', line: 1, isTypeOnly: false },
    { specifier: './side-effect.ts', line: 2, isTypeOnly: false },
    { specifier: '#domain/b.ts', line: 3, isTypeOnly: true },
    { specifier: './c.ts', line: 4, isTypeOnly: false },
    { specifier: 'node:fs', line: 5, isTypeOnly: false },
    { specifier: 'zod', line: 8, isTypeOnly: false },
    { specifier: './worker.ts', line: 9, isTypeOnly: false },
  ]);
});

test('an import in a string or a comment is none', () => {
  assert.deepEqual(readImports(`const sample = "import { a } from '#base/a.ts'"; // from 'b'`), []);
});

test('a call of a function named from is no import', () => {
  assert.deepEqual(readImports("Array.from('abc')"), []);
});
