import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionSpans, longFunctionProblems } from './function-length.ts';

function named(text: string): string[] {
  return functionSpans(text).map((span) => `${span.name} ${span.line} ${span.lines}`);
}

test('a function is measured from its head to its closing brace', () => {
  assert.deepEqual(named('\nfunction a(): void {\n  if (b) {\n  }\n}\n'), ['a 2 4']);
});

test('braces in the parameters and in the returned type open no body', () => {
  assert.deepEqual(named('function a({ b }: { b: number }): { c: number } {\n}\n'), ['a 1 2']);
  assert.deepEqual(named('function a(b: () => { c: 1 }): Map<string, { d: 2 }> | undefined {\n\n}\n'), ['a 1 3']);
  assert.deepEqual(named('function a(): (b: { c: 1 }) => { d: 2 } {\n}\n'), ['a 1 2']);
});

test('braces in strings, templates and comments count for nothing', () => {
  assert.deepEqual(named("function a() {\n  b('{'); // {\n  return `${'}'}{`;\n}\n"), ['a 1 4']);
});

test('an arrow function with a block is measured under its name', () => {
  assert.deepEqual(
    named('const a = (b: number): number => {\n  return b;\n};\nconst c = (d) => d;\nconst e = (1 + 2);\n'),
    ['a 1 3'],
  );
});

test('an overload has no body', () => {
  assert.deepEqual(named('function a(b: string): string;\nfunction a(b: unknown): unknown {\n  return b;\n}\n'), [
    'a 2 3',
  ]);
});

const longText = `function a() {\n${'b();\n'.repeat(59)}}\n`;
const edgeText = `function a() {\n${'b();\n'.repeat(58)}}\n`;

test('sixty lines pass and sixty-one do not', () => {
  assert.deepEqual(longFunctionProblems([{ path: 'src/base/a.ts', text: edgeText }], []), []);
  assert.deepEqual(longFunctionProblems([{ path: 'src/base/a.ts', text: longText }], []), [
    { path: 'src/base/a.ts', line: 1, message: "'a' has 61 lines; at most 60 are allowed" },
  ]);
});

test('an exemption holds while it is needed and is a problem afterwards', () => {
  assert.deepEqual(longFunctionProblems([{ path: 'src/base/a.ts', text: longText }], ['src/base/a.ts#a']), []);
  assert.equal(longFunctionProblems([{ path: 'src/base/a.ts', text: edgeText }], ['src/base/a.ts#a']).length, 1);
});
