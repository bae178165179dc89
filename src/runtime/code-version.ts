import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The rooms whose text decides what the engine does with an event. */
const decidingRooms = ['base', 'domain', 'metrics', 'models', 'engine', 'modules', 'sim'];

/** A hash over the sources that decide: two runs with the same one and the same inputs make the same decisions. */
export function codeVersion(root: string = join(import.meta.dirname, '..')): string {
  const hash = createHash('sha256');
  for (const room of decidingRooms) {
    for (const file of sources(join(root, room)))
      hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function sources(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return entries
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(folder, name));
}
