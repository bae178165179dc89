import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A line that is replaced, or added where there was none. */
export interface EnvChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string;
}

export interface EnvEdit {
  readonly text: string;
  /** Only lines whose value differs. */
  readonly changes: readonly EnvChange[];
}

/** Readable by its owner only, as a file that may hold keys has to be. */
const newFileMode = 0o600;

/**
 * Sets variables in the text of an environment file. Every other line, comments and blanks included, stays as it stands; a variable
 * that is there several times is set in each place, since programs disagree on which one counts.
 */
export function setVariables(text: string, values: ReadonlyMap<string, string>): EnvEdit {
  const changes = new Map<string, EnvChange>();
  const seen = new Set<string>();
  const lines = text.split('\n').map((line) => {
    const match = /^(\s*(?:export\s+)?)([A-Za-z_][A-Za-z0-9_]*)\s*=(.*?)(\r?)$/.exec(line);
    const after = values.get(match?.[2] ?? '');
    if (match === null || after === undefined) return line;
    const [, start = '', name = '', before = '', lineEnd = ''] = match;
    seen.add(name);
    if (before !== after && !changes.has(name)) changes.set(name, { name, before, after });
    return `${start}${name}=${after}${lineEnd}`;
  });
  const added = [...values].filter(([name]) => !seen.has(name));
  if (added.length > 0 && lines.at(-1) !== '') lines.push('');
  for (const [name, after] of added) {
    changes.set(name, { name, before: undefined, after });
    lines.splice(-1, 0, `${name}=${after}`);
  }
  const order = [...values.keys()];
  return {
    text: lines.join('\n'),
    changes: [...changes.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
  };
}

/** The text of an environment file, empty where there is no such file. */
export function readEnvFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * Replaces an environment file so that a reader finds the old text or the new. The file keeps its permissions; a new one is
 * readable by its owner only. A link stays a link: the file it names is replaced.
 */
export function writeEnvFile(path: string, text: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  const target = found === undefined ? path : realpathSync(path);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  const mode = found === undefined ? newFileMode : found.mode & 0o777;
  try {
    const file = openSync(beside, 'w', newFileMode);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(beside, mode);
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
