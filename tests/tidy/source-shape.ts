import { posix } from 'node:path';
import { lineAt, lineCount, problemsOf } from './lines.ts';
import { maskSource } from './mask-source.ts';
import type { Problem, ProjectFile } from './problem.ts';
import { readImports } from './read-imports.ts';

const maxFileLines = 400;

/** Sources that nobody has to import: the program's start, and the list of modules. */
const entries = ['src/cli/main.ts', 'src/modules/index.ts'];

/** Top-level words after which the compiler leaves nothing behind. */
const erasedStatement = /^(?:import|export\s+type|export\s+interface|export\s+declare|type|interface|declare)\b/;

function isSource(path: string): boolean {
  return path.startsWith('src/') && path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('.d.ts');
}

/** True where a source only describes: every statement at the left edge is an import, a type or an interface. */
export function isTypeOnly(text: string): boolean {
  const starts = maskSource(text)
    .split('\n')
    .filter((line) => /^[\w$([+\-!`'"]/.test(line));
  return starts.every((line) => erasedStatement.test(line));
}

/** Sources without a test beside them. A source that only describes types needs none. */
export function missingTestProblems(files: readonly ProjectFile[]): Problem[] {
  const paths = new Set(files.map((file) => file.path));
  return files
    .filter((file) => isSource(file.path) && !paths.has(testPath(file.path)) && !isTypeOnly(file.text))
    .map((file) => ({ path: file.path, line: 1, message: `no test beside it: expected '${testPath(file.path)}'` }));
}

/** Sources that no other file imports. An import by a test counts, so that a room may be built before its user. */
export function unimportedProblems(files: readonly ProjectFile[]): Problem[] {
  const imported = new Set(files.flatMap(importedPaths));
  return files
    .filter((file) => isSource(file.path) && !entries.includes(file.path) && !imported.has(file.path))
    .map((file) => ({ path: file.path, line: 1, message: 'nobody imports this file' }));
}

function importedPaths(file: ProjectFile): string[] {
  return readImports(file.text)
    .map(({ specifier }) =>
      specifier.startsWith('#') ? `src/${specifier.slice(1)}` : posix.join(posix.dirname(file.path), specifier),
    )
    .filter((path) => path !== file.path);
}

function testPath(path: string): string {
  return path.replace(/\.ts$/, '.test.ts');
}

export function longFileProblems(file: ProjectFile): Problem[] {
  const count = lineCount(file.text);
  if (count <= maxFileLines) return [];
  return [{ path: file.path, line: maxFileLines + 1, message: `${count} lines; at most ${maxFileLines} are allowed` }];
}

/** Default exports hide the name of the one thing a file is about. Tools that read a `*.config.ts` ask for one. */
export function defaultExportProblems(file: ProjectFile): Problem[] {
  if (file.path.endsWith('.config.ts')) return [];
  const pattern = /(?<![\w$.])export\s+(?:default\b|\{[^}]*\bas\s+default\b)/g;
  return problemsOf(file, maskSource(file.text), pattern, 'no default exports');
}

/** Tests that are skipped or singled out hide what they would say. */
export function singledOutTestProblems(file: ProjectFile): Problem[] {
  if (!file.path.endsWith('.test.ts')) return [];
  const pattern = /\.(?:skip|todo|only)\(|\b(?:skip|todo|only):\s*true/g;
  return problemsOf(file, maskSource(file.text), pattern, 'a test is skipped or singled out');
}

/** The line on which the text first says `words`, or the first line. */
export function lineOf(text: string, words: string): number {
  return lineAt(text, Math.max(0, text.indexOf(words)));
}
