import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineAt, lineCount, problemsOf } from './lines.ts';

test('a character belongs to the line whose break follows it', () => {
  const text = 'a\nbc\n\nd';
  assert.deepEqual(
    [...text].map((_, index) => lineAt(text, index)),
    [1, 1, 2, 2, 2, 3, 4],
  );
});

test('a closing line break opens no further line', () => {
  assert.deepEqual(['', 'a', 'a\n', 'a\nb', 'a\nb\n', '\n\n'].map(lineCount), [0, 1, 1, 2, 2, 2]);
});

test('a problem quotes what stands in the file at its line', () => {
  const file = { path: 'src/base/a.ts', text: 'one\ntwo bad\n' };
  assert.deepEqual(problemsOf(file, file.text, /bad/g, 'banned'), [
    { path: 'src/base/a.ts', line: 2, message: "banned: 'bad'" },
  ]);
});
