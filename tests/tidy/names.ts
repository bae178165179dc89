import { problemsOf } from './lines.ts';
import type { Problem, ProjectFile } from './problem.ts';

const bannedNames =
  /^(?:utils?|helpers?|common|misc|managers?|services?|handlers?\d*|v2|new|final|bulletproof|quantum|brains?)$/;

/** What the root folder may hold. */
const rootEntries = new Set([
  ...['README.md', 'ARCHITECTURE.md', 'STYLE.md', 'GLOSSARY.md'],
  ...[
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.core.json',
    'biome.json',
    'knip.json',
    '.oxlintrc.json',
  ],
  ...['.gitignore', '.npmrc', '.nvmrc'],
  ...['src', 'tests', 'bench', 'bin', 'docs', '.ci', 'web', 'config', 'deploy'],
]);

/** A word of a code file's path that says nothing about what the file is. */
export function bannedNameProblems(path: string): Problem[] {
  if (!/\.(?:tsx?|[cm]?js|sh)$/.test(path)) return [];
  const words = path.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());
  return words
    .filter((word) => bannedNames.test(word))
    .map((word) => ({ path, line: 1, message: `the name says nothing: '${word}'` }));
}

/** Files that stand in the root, or in a folder of it, that the list of the root does not name. */
export function strayRootProblems(path: string): Problem[] {
  const top = path.split('/')[0] ?? path;
  return rootEntries.has(top) ? [] : [{ path, line: 1, message: `'${top}' is not on the list of the root folder` }];
}

const unfinishedWords =
  /TODO|FIXME|XXX|not implemented|placeholder|for now|in a real (?:system|implementation)|simplified version|mock data/gi;

/** Words that mark unfinished work, anywhere in the text of a source. */
export function unfinishedWorkProblems(file: ProjectFile): Problem[] {
  if (!/^(?:src|bin|web\/src)\//.test(file.path)) return [];
  return problemsOf(file, file.text, unfinishedWords, 'this marks unfinished work');
}
