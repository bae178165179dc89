import { existsSync } from 'node:fs';
import { BusError } from '#adapters/bus/bus-error.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { settingOf } from '#domain/configuration/configuration-value.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { streamFile } from '#runtime/mirror/desk-stores.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { UsageError } from './refusal.ts';

/** Which bus is meant: that of a store, or the one in a desk's folder. */
export interface BusPlace {
  readonly url?: string | undefined;
  readonly dataDir?: string | undefined;
}

/**
 * Works on the bus that was asked for, and ends the connection: an address, else a data folder, else the store of the environment, else
 * the usual data folder. A store that fails ends the command with 1 and one sentence. Throws a `UsageError` where there is no bus or the
 * address or a pattern is none.
 */
export async function withBus(
  place: BusPlace,
  context: CommandContext,
  work: (driver: StreamDriver) => Promise<void>,
): Promise<void> {
  const { output, exitWith } = context;
  try {
    const driver = openBus(place, context.environment);
    try {
      await work(driver);
    } finally {
      await driver.close();
    }
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    if (error.code === 'address' || error.code === 'pattern') throw new UsageError(error.message);
    output.note(`tradewind: ${error.message}`);
    exitWith(1);
  }
}

function openBus({ url, dataDir }: BusPlace, environment: CommandContext['environment']): StreamDriver {
  if (url !== undefined && dataDir !== undefined) throw new UsageError("expected '--url' or '--data-dir', found both");
  const address = dataDir === undefined ? (url ?? settingOf(configurationFrom(environment), 'VALKEY_URL')) : undefined;
  if (typeof address === 'string') return new ValkeyStreams(address, systemTime);
  const path = streamFile(dataFolder(dataDir, environment));
  if (existsSync(path)) return new FileStreams(path, systemTime);
  throw new UsageError(`no streams there: '${path}' is expected, which a running desk writes; '--url' names a Valkey`);
}
