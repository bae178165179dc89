import { flagOf, listOf, numberOf, textOf } from '#domain/configuration-value.ts';
import type { Costs } from '#domain/costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { configurationFrom, documentOf, policyDocuments } from '#runtime/desk-setup.ts';
import { dataSource, syntheticSource } from '#runtime/market-source.ts';
import type { PaperOptions } from '#runtime/paper-run.ts';
import { type Environment, withSettings } from './backtest-settings.ts';
import { dataFolder } from './data-folder.ts';

/** What was asked for on the command line; what is absent comes from the environment or is the usual. */
export interface RunArguments {
  /** `synthetic`, or `data:` and a folder of recorded bars. */
  readonly market: string;
  readonly speed?: number;
  readonly seed?: number;
  readonly dataDir?: string;
  readonly instruments?: readonly string[];
  readonly balance: number;
  readonly port?: number;
  readonly host?: string;
  readonly set: Readonly<Record<string, string>>;
}

/** Everything a run needs, worked out. */
export interface RunPlan {
  readonly paper: PaperOptions;
  readonly isDemonstration: boolean;
  readonly host: string;
  readonly port: number;
  readonly readOnly: boolean;
  readonly warnings: readonly string[];
}

const desk = 'fx';
const usualSeed = 7;
/** Recorded markets run slower than the synthetic one, since there is an end to them. */
const recordedSpeed = 60;

export function planRun(asked: RunArguments, environment: Environment): RunPlan {
  const chosen = asked.instruments === undefined ? {} : { HOTBAND_PAIRS: asked.instruments.join(',') };
  const values = configurationFrom(withSettings(withSettings(environment, chosen), asked.set));
  const policies = policyDocuments(values, desk);
  const instruments = listOf(values, 'HOTBAND_PAIRS').map((symbol) =>
    fxInstrument(symbol, numberOf(values, 'EXPOSURE_SCALE')),
  );
  const seed =
    asked.seed ?? (values.get('TRADEWIND_SEED')?.isSet === true ? numberOf(values, 'TRADEWIND_SEED') : usualSeed);
  const directory = /^data:(.+)$/s.exec(asked.market)?.[1];
  const costs = documentOf({ policies, desk }, 'costs') as unknown as Costs;
  const { source: market, warnings } =
    directory === undefined
      ? { source: syntheticSource({ seed, instruments, costs }), warnings: [] }
      : dataSource(directory, instruments);
  const isSpeedSet = values.get('TRADEWIND_SPEED')?.isSet === true;
  const usualSpeed = directory === undefined || isSpeedSet ? numberOf(values, 'TRADEWIND_SPEED') : recordedSpeed;
  return {
    paper: {
      folder: dataFolder(asked.dataDir, environment, asked.market),
      desk,
      market,
      policies,
      seed,
      startBalance: asked.balance,
      speed: asked.speed ?? usualSpeed,
      releasesKill: !flagOf(values, 'KILL_SWITCH', 'paper'),
    },
    isDemonstration: directory === undefined,
    host: asked.host ?? textOf(values, 'TRADEWIND_HOST'),
    port: asked.port ?? numberOf(values, 'TRADEWIND_PORT'),
    readOnly: flagOf(values, 'READ_ONLY', 'paper'),
    warnings,
  };
}
