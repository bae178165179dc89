import { assert } from '#base/assert.ts';

/**
 * What a variable is for. `policy` makes the first documents of a data folder; `process` says where and how the program runs;
 * `secret` is never shown; `legacy` is accepted and changes nothing; `planned` is known and not read yet.
 */
export type VariableKind = 'policy' | 'process' | 'secret' | 'legacy' | 'planned';

export type VariableType = 'integer' | 'number' | 'flag' | 'text' | 'list' | 'json' | 'choice' | 'url';

/** The policy field that a variable fills. */
export interface PolicyTarget {
  readonly domain: string;
  readonly field: string;
}

/** Runs that start with different order locks. */
export type RunDefaults = Readonly<Record<'live' | 'paper' | 'backtest', string>>;

/** One row of the configuration table. */
export interface ConfigurationVariable {
  readonly name: string;
  /** Older spellings that mean the same. */
  readonly aliases: readonly string[];
  readonly kind: VariableKind;
  readonly type: VariableType;
  /** As an environment file spells it; empty where nothing stands for the variable. */
  readonly default: string;
  /** The variable whose value stands in while this one is not set. */
  readonly defaultFrom?: string;
  /** Where the default depends on the run. */
  readonly defaultByRun?: RunDefaults;
  /** Bounds that a figure may reach; of `json`, those its figures are clamped to. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Bounds that a figure must not reach. */
  readonly above?: number;
  readonly below?: number;
  /** The variable whose figure this one may not exceed. */
  readonly notAbove?: string;
  readonly choices?: readonly string[];
  /** What a choice becomes in the policy, where its spelling differs. */
  readonly policyValues?: Readonly<Record<string, string | number>>;
  readonly meaning: string;
  /** Who names it first: the seed documents, the FX desk specification, or this house. */
  readonly origin: 'seed' | 'specification' | 'house';
  readonly targets: readonly PolicyTarget[];
  /** The room and file or folder that reads it, or `planned`. */
  readonly readAt: string;
}

/** A row as it is written: `feeds` names policy fields as `domain.field`. */
export interface VariableRow
  extends Omit<ConfigurationVariable, 'aliases' | 'kind' | 'default' | 'origin' | 'targets' | 'readAt'> {
  readonly aliases?: readonly string[];
  /** A policy where nothing is said. */
  readonly kind?: VariableKind;
  readonly default?: string;
  /** The specification where nothing is said. */
  readonly origin?: ConfigurationVariable['origin'];
  readonly feeds?: readonly string[];
  /** The module of the first field where nothing is said. */
  readonly readAt?: string;
}

/** Completes a written row: a policy reads its variable in the module that owns the field, anything else says where. */
export function configurationVariable(row: VariableRow): ConfigurationVariable {
  const { feeds = [], ...written } = row;
  const kind = row.kind ?? 'policy';
  const targets = feeds.map(policyTarget);
  assert((kind === 'policy') === targets.length > 0, `'${row.name}' feeds a policy exactly where it is one`);
  const readAt = row.readAt ?? (kind === 'planned' ? 'planned' : `modules/${targets[0]?.domain ?? ''}`);
  assert(!/^modules\/(?:desk|limits|costs|strategy)?$/.test(readAt), `'${row.name}' says where it is read`);
  return {
    ...written,
    aliases: row.aliases ?? [],
    kind,
    default: row.default ?? '',
    origin: row.origin ?? 'specification',
    targets,
    readAt,
  };
}

function policyTarget(path: string): PolicyTarget {
  const dot = path.indexOf('.');
  assert(dot > 0, `a policy field is written 'domain.field', found '${path}'`);
  return { domain: path.slice(0, dot), field: path.slice(dot + 1) };
}
