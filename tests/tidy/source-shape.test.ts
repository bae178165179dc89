import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultExportProblems,
  isTypeOnly,
  longFileProblems,
  missingTestProblems,
  singledOutTestProblems,
  unimportedProblems,
} from './source-shape.ts';

const source = { path: 'src/base/a.ts', text: 'export const a = 1;\n' };

test('a source without its test is a problem, and with it is none', () => {
  assert.deepEqual(missingTestProblems([source]), [
    { path: 'src/base/a.ts', line: 1, message: "no test beside it: expected 'src/base/a.test.ts'" },
  ]);
  assert.deepEqual(missingTestProblems([source, { path: 'src/base/a.test.ts', text: '' }]), []);
});

test('a file that only describes types needs no test', () => {
  const text =
    "/** A. */\nimport type { B } from './b.ts';\n\nexport interface A {\n  b: B;\n}\nexport type C =\n  | A\n  | B;\n";
  assert.ok(isTypeOnly(text));
  assert.deepEqual(missingTestProblems([{ path: 'src/base/a.ts', text }]), []);
});

test('one value makes a file more than types', () => {
  for (const text of [
    'export const a = 1;',
    'function a() {}',
    'export { a } from "./b.ts";',
    'a();',
    'export class A {}',
  ]) {
    assert.equal(isTypeOnly(`export type B = 1;\n${text}\n`), false, text);
  }
});

test('a source that nobody imports is a problem, even when it imports itself', () => {
  const lonely = { path: 'src/base/b.ts', text: "import { b } from '#base/b.ts';" };
  assert.deepEqual(
    unimportedProblems([source, lonely]).map((problem) => problem.path),
    ['src/base/a.ts', 'src/base/b.ts'],
  );
});

test('an import by room, by relative path or by a script counts', () => {
  for (const user of [
    { path: 'src/domain/b.ts', text: "import { a } from '#base/a.ts';" },
    { path: 'src/base/deep/b.test.ts', text: "import { a } from '../a.ts';" },
    { path: 'bin/tradewind', text: "await import('../src/base/a.ts');" },
  ]) {
    assert.deepEqual(
      unimportedProblems([source, user]).filter((problem) => problem.path === source.path),
      [],
    );
  }
});

test('the start of the program and the list of modules need no importer', () => {
  const files = ['src/cli/main.ts', 'src/modules/index.ts'].map((path) => ({ path, text: 'export const a = 1;' }));
  assert.deepEqual(unimportedProblems(files), []);
});

test('four hundred lines pass and one more does not', () => {
  assert.deepEqual(longFileProblems({ path: 'a.ts', text: 'b\n'.repeat(400) }), []);
  assert.deepEqual(longFileProblems({ path: 'a.ts', text: 'b\n'.repeat(401) }), [
    { path: 'a.ts', line: 401, message: '401 lines; at most 400 are allowed' },
  ]);
});

test('a default export is found in both forms, and allowed where a tool asks for it', () => {
  for (const text of ['export default 1;', 'export { a as default };']) {
    assert.equal(defaultExportProblems({ path: 'src/base/a.ts', text }).length, 1, text);
    assert.equal(defaultExportProblems({ path: 'web/vite.config.ts', text }).length, 0, text);
  }
  assert.deepEqual(defaultExportProblems({ path: 'src/base/a.ts', text: "const a = 'export default';" }), []);
});

test('a test that is skipped or singled out is found', () => {
  for (const text of ["test.skip('a', b);", "test.only('a', b);", "test('a', { skip: true }, b);"]) {
    assert.equal(singledOutTestProblems({ path: 'src/base/a.test.ts', text }).length, 1, text);
  }
  assert.deepEqual(
    singledOutTestProblems({ path: 'src/base/a.test.ts', text: "test('a', { skip: isAbsent }, b);" }),
    [],
  );
});
