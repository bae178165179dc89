import type { Command } from 'commander';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { findKeyRow } from '#domain/keys/key-table.ts';
import { nearestName } from '#domain/nearest-name.ts';
import type { CommandContext } from './command-context.ts';
import { countText } from './figures.ts';
import { keyJson, printKey } from './key-lines.ts';
import { type KeyPlace, type KeyReader, type KeySource, openKeySource } from './key-source.ts';
import { wholeNumber } from './option-parsers.ts';
import type { Output } from './output.ts';

interface KeysArguments extends KeyPlace {
  readonly limit: number;
  readonly json?: boolean;
}

/** Keys that the nearest name is sought among. */
const candidatesMax = 2_000;
const elementsMax = 200_000;
const namesMax = 100_000;
const pageMax = 10_000;

const help = `
Keys are read from '--url', else from '--data-dir', else from the store that VALKEY_URL names, else from the usual data folder.

Exit codes: 0 shown; 1 no such key; 2 no store there; 3 store unreachable; 4 store failed.`;

/** `keys get` and `keys list`: what the mirror has written, with Valkey or without. */
export function registerKeys(program: Command, context: CommandContext): void {
  const group = program.command('keys').description('read the keys that other programs know a desk by');
  group
    .command('get')
    .description('show what a key holds; compressed values are unpacked')
    .argument('<key>', 'the key, as ws:last:manifold:EUR_USD')
    .option('--data-dir <folder>', 'the data folder of the desk')
    .option('--url <address>', 'a Valkey, as redis://localhost:6379/0')
    .option('--limit <count>', 'elements of a collection shown, the newest', wholeNumber(1, elementsMax), 20)
    .option('--json', 'print everything as JSON')
    .addHelpText('after', help)
    .action(async (key: string, options: KeysArguments) =>
      context.exitWith(await withSource(options, context, (source) => showKey(key, options, source, context.output))),
    );
  group
    .command('list')
    .description('list keys by name; a star stands for any text, a question mark for one character')
    .argument('[pattern]', 'the pattern, as sep:signal_index:*', '*')
    .option('--data-dir <folder>', 'the data folder of the desk')
    .option('--url <address>', 'a Valkey, as redis://localhost:6379/0')
    .option('--limit <count>', 'keys shown', wholeNumber(1, namesMax), 100)
    .option('--json', 'print everything as JSON')
    .addHelpText('after', help)
    .action(async (pattern: string, options: KeysArguments) =>
      context.exitWith(
        await withSource(options, context, (source) => listKeys(pattern, options, source, context.output)),
      ),
    );
}

async function withSource(
  place: KeyPlace,
  { environment, output }: CommandContext,
  read: (source: KeySource) => Promise<number>,
): Promise<number> {
  let source: KeySource | undefined;
  try {
    source = await openKeySource(place, environment);
    return await read(source);
  } catch (error) {
    if (!(error instanceof KeyStoreError || error instanceof StoreError)) throw error;
    output.note(`tradewind: ${error.message}`);
    if (error.code === 'address') return 2;
    return error.code === 'unreachable' ? 3 : 4;
  } finally {
    await source?.reader.close();
  }
}

async function showKey(key: string, options: KeysArguments, source: KeySource, output: Output): Promise<number> {
  const value = await source.reader.get(key);
  if (value === undefined) {
    output.note(`tradewind: ${await absence(key, source)}`);
    return 1;
  }
  if (options.json === true) output.json(keyJson(key, value, options.limit));
  else printKey(key, value, options.limit, output);
  return 0;
}

/** Why a key shows nothing, and where to look instead. */
async function absence(key: string, { reader, name }: KeySource): Promise<string> {
  const row = findKeyRow(key);
  if (row?.type === 'channel') return `'${key}' is a channel: it is listened to and keeps nothing`;
  if (row?.plannedIn !== undefined && row.plannedIn !== null) {
    return `'${key}' is not written yet: it comes with issue ${row.plannedIn}`;
  }
  if (row?.writer === 'nobody') return `'${key}' is not written here: ${row.value}`;
  const [family = ''] = key.split(':');
  const relatives = await reader.list(`${family.replaceAll(/[*?]/g, '?')}:*`, candidatesMax);
  const { keys } = relatives.keys.length > 0 ? relatives : await reader.list('*', candidatesMax);
  if (keys.length === 0) return `no key '${key}' in '${name}', which holds no key at all`;
  const ended = row === undefined || row.ttlMs === null ? '' : '; it may have ended, since it has a life of its own';
  return `no key '${key}' in '${name}'${ended}; the nearest is '${nearestName(key, keys)}'`;
}

async function listKeys(pattern: string, options: KeysArguments, source: KeySource, output: Output): Promise<number> {
  const { keys, isComplete } = await keysOf(source.reader, pattern, options.limit);
  if (options.json === true) {
    output.json({ pattern, keys, isComplete });
    return 0;
  }
  for (const key of keys) output.line(key);
  if (keys.length === 0) output.note(`no key matches '${pattern}' in '${source.name}'`);
  if (!isComplete) output.note(`the first ${countText(keys.length)}; '--limit' shows more`);
  return 0;
}

/** Keys of a pattern up to a count, page by page. */
async function keysOf(
  reader: KeyReader,
  pattern: string,
  limit: number,
): Promise<{ readonly keys: readonly string[]; readonly isComplete: boolean }> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.list(pattern, Math.min(pageMax, limit - keys.length), cursor);
    keys.push(...page.keys);
    cursor = page.cursor;
  } while (cursor !== undefined && keys.length < limit);
  return { keys, isComplete: cursor === undefined };
}
