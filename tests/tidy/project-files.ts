import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFile } from './problem.ts';

/** The paths of the project's own files, sorted: what git tracks or would track, or a walk of the folder where git has nothing to say. */
export function projectPaths(root: string): string[] {
  const paths = gitPaths(root) ?? walkedPaths(root, readIgnoreRules(root));
  return paths.filter((path) => isPresentFile(join(root, path))).sort();
}

/** Every text file of the project. A file with a zero byte near its start is no text and is left out. */
export function readProjectFiles(root: string): ProjectFile[] {
  return projectPaths(root).flatMap((path) => {
    const bytes = readFileSync(join(root, path));
    return bytes.subarray(0, 8000).includes(0) ? [] : [{ path, text: bytes.toString('utf8') }];
  });
}

function gitPaths(root: string): string[] | undefined {
  try {
    const output = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    });
    const paths = [...new Set(output.split('\0').filter((path) => path !== ''))];
    return paths.length === 0 ? undefined : paths;
  } catch {
    // Git is missing, or the folder is an unpacked archive: the caller walks the folder instead.
    return undefined;
  }
}

function isPresentFile(path: string): boolean {
  return existsSync(path) && lstatSync(path).isFile();
}

/** Lines of the ignore file in the two forms the project uses: a name with or without a closing slash, and `*.ending`. */
function readIgnoreRules(root: string): (name: string) => boolean {
  const path = join(root, '.gitignore');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const names = new Set(['.git', 'node_modules', ...lines.map((line) => line.trim().replace(/^\/|\/$/g, ''))]);
  const endings = lines.filter((line) => line.startsWith('*.')).map((line) => line.trim().slice(1));
  return (name) => names.has(name) || endings.some((ending) => name.endsWith(ending));
}

function walkedPaths(root: string, isIgnored: (name: string) => boolean, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (isIgnored(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? walkedPaths(root, isIgnored, path) : [path];
  });
}
