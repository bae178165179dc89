import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { shownAddress } from '#adapters/valkey/connect.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import { settingOf } from '#domain/configuration/configuration-value.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { dataFolder } from './data-folder.ts';
import { UsageError } from './refusal.ts';

/** What a command reads keys from. */
export type KeyReader = Pick<KeyStore, 'get' | 'list' | 'close'>;

/** An open store and how people call it. */
export interface KeySource {
  readonly reader: KeyReader;
  readonly name: string;
}

export interface KeyPlace {
  readonly dataDir?: string;
  readonly url?: string;
}

/** The file of keys in a data folder. */
const keyFileName = 'keys.sqlite';

/**
 * The store that was asked for: an address, else a data folder, else the store of the environment, else the usual data folder. Throws a
 * `UsageError` where a folder holds no keys and a `StoreError` where an address is none.
 */
export async function openKeySource(
  { dataDir, url }: KeyPlace,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<KeySource> {
  if (url !== undefined && dataDir !== undefined) {
    throw new UsageError("expected '--url' or '--data-dir', found both");
  }
  const known = dataDir === undefined ? (url ?? settingOf(configurationFrom(environment), 'VALKEY_URL')) : undefined;
  if (typeof known === 'string') {
    return { reader: await openValkeyKeyStore(known, { time: systemTime }), name: shownAddress(known) };
  }
  const path = join(dataFolder(dataDir, environment), keyFileName);
  if (!existsSync(path)) {
    throw new UsageError(`no keys there: '${path}' is expected, which a running desk writes; '--url' names a Valkey`);
  }
  return { reader: openKeyFile(path, { time: systemTime, readOnly: true }), name: path };
}
