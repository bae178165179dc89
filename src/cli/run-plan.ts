import {
  type ConfigurationValues,
  flagOf,
  listOf,
  numberOf,
  settingOf,
  textOf,
} from '#domain/configuration/configuration-value.ts';
import type { Costs } from '#domain/costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { DeskHooks, DeskRun } from '#runtime/desk-run.ts';
import { configurationFrom, documentOf, policyDocuments } from '#runtime/desk-setup.ts';
import { dataSource, syntheticSource } from '#runtime/market-source.ts';
import type { StorePlan } from '#runtime/mirror/desk-stores.ts';
import { type PaperOptions, PaperRun } from '#runtime/paper-run.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import type { RemoteOptions } from '#runtime/tail/remote-engine.ts';
import { type Environment, withSettings } from './backtest-settings.ts';
import { dataFolder } from './data-folder.ts';
import { storePlan } from './store-plan.ts';

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
  readonly role?: RunRole;
}

/** Which part of a desk a process is; `all` is every part in one. */
export const runRoles = ['all', 'engine', 'api', 'worker', 'mirror'] as const;
export type RunRole = (typeof runRoles)[number];

/** What every role is told. */
export interface RolePlan {
  readonly role: RunRole;
  readonly values: ConfigurationValues;
  readonly folder: string;
  readonly stores: StorePlan;
  readonly host: string;
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly readOnly: boolean;
  /** Where the engine's endpoint is to be found, and what opens it. */
  readonly engine: RemoteOptions;
}

/** A desk that can be opened, on paper or at a real venue. */
export interface DeskPlan extends RolePlan {
  /** What its market is called. */
  readonly market: string;
  readonly isDemonstration: boolean;
  /** Event time per time of the clock. */
  readonly speed: number;
  readonly policies: readonly PolicyDocument[];
  readonly warnings: readonly string[];
  /** Values that must not turn up anywhere, beside those of the configuration. */
  readonly secrets: readonly string[];
  /** What a lease is taken on. */
  readonly leaseAccount: string;
  open(hooks: DeskHooks): DeskRun;
}

/** Everything a run on paper needs, worked out. */
export interface RunPlan extends DeskPlan {
  readonly paper: PaperOptions;
}

const desk = 'fx';
const usualSeed = 7;
/** Recorded markets run slower than the synthetic one, since there is an end to them. */
const recordedSpeed = 60;

/** What a role needs that does not trade itself. */
export function planRole(asked: RunArguments, environment: Environment): RolePlan {
  const values = configurationFrom(withSettings(environment, asked.set));
  const folder = dataFolder(asked.dataDir, environment, asked.market);
  return {
    role: asked.role ?? (textOf(values, 'TRADEWIND_ROLE') as RunRole),
    values,
    folder,
    stores: storePlan(folder, values),
    host: asked.host ?? textOf(values, 'TRADEWIND_HOST'),
    port: asked.port ?? numberOf(values, 'TRADEWIND_PORT'),
    allowedHosts: namesIn(settingOf(values, 'TRADEWIND_ALLOWED_HOSTS')),
    readOnly: flagOf(values, 'READ_ONLY', 'paper'),
    engine: { address: textOf(values, 'TRADEWIND_ENGINE_URL'), token: engineToken(values) },
  };
}

function namesIn(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

/** The secret of the engine's endpoint; undefined where none is set. */
export function engineToken(values: ConfigurationValues): string | undefined {
  const token = settingOf(values, 'TRADEWIND_ENGINE_TOKEN');
  return typeof token === 'string' && token !== '' ? token : undefined;
}

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
  const paper: PaperOptions = {
    folder: dataFolder(asked.dataDir, environment, asked.market),
    desk,
    market,
    policies,
    seed,
    startBalance: asked.balance,
    speed: asked.speed ?? usualSpeed,
    releasesKill: !flagOf(values, 'KILL_SWITCH', 'paper'),
  };
  return {
    paper,
    ...planRole(asked, environment),
    market: market.name,
    isDemonstration: directory === undefined,
    speed: paper.speed,
    policies,
    warnings,
    secrets: [],
    leaseAccount: textOf(values, 'TRADEWIND_ACCOUNT'),
    open: (hooks) => PaperRun.open({ ...paper, ...hooks }),
  };
}
