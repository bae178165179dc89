import type { Problem, ProjectFile } from './problem.ts';

/** The line, counted from 1, on which the character at `index` stands. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** How many lines a text has; a last line without its line break counts. */
export function lineCount(text: string): number {
  if (text === '') return 0;
  return lineAt(text, text.length) - (text.endsWith('\n') ? 1 : 0);
}

/** One problem for every match of a global pattern in `searched`, which has the same length as the file's text. */
export function problemsOf(file: ProjectFile, searched: string, pattern: RegExp, message: string): Problem[] {
  return [...searched.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: lineAt(searched, match.index),
    message: `${message}: '${file.text.slice(match.index, match.index + match[0].length).trim()}'`,
  }));
}
