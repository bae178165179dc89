import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasRun, readManifest } from '#runtime/run-folder.ts';
import { UsageError } from './refusal.ts';

/** The folder among those of a parent that holds the live desk of an account. A `UsageError` where there is none, or more than one. */
export function accountFolder(parent: string, account: string): string {
  const names = existsSync(parent) ? readdirSync(parent).sort() : [];
  const found = names.map((name) => join(parent, name)).filter((folder) => isOf(folder, account));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const what = found.length === 0 ? 'none' : found.map((folder) => `'${folder}'`).join(', ');
  throw new UsageError(
    `expected one live desk of the account '${account}' in '${parent}', found ${what}: name it with --data-dir`,
  );
}

function isOf(folder: string, account: string): boolean {
  if (!hasRun(folder)) return false;
  const { kind, market } = readManifest(folder);
  return kind === 'live' && market.endsWith(`:${account}`);
}
