import { basename, join, resolve } from 'node:path';
import { textOf } from '#domain/configuration/configuration-value.ts';
import { readConfiguration } from '#domain/configuration/read-configuration.ts';

/** Where a market's run is kept unless `--data-dir` says otherwise: a folder of the market's name in the data folder. */
export function dataFolder(
  chosen: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  market = 'synthetic',
): string {
  if (chosen !== undefined) return chosen;
  const { values } = readConfiguration(environment);
  const recorded = /^data:(.+)$/s.exec(market)?.[1];
  const name = recorded === undefined ? market : `data-${basename(resolve(recorded))}`;
  return join(textOf(values, 'TRADEWIND_DATA_DIR'), name);
}
