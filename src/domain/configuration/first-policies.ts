import { defaultCosts } from '../default-costs.ts';
import type { DeskPolicy, LimitsPolicy, StrategyPolicy } from '../policies.ts';
import { configuration } from './configuration.ts';
import { type ConfigurationValues, settingOf, textOf, type VariableValue } from './configuration-value.ts';
import type { ConfigurationVariable } from './configuration-variable.ts';
import { cryptoCosts, cryptoDesk, cryptoLimits, cryptoStrategy } from './crypto-desk.ts';

/** A document under its key. Those of the house are whole; those of modules hold only what variables fill. */
export interface FirstPolicy {
  readonly key: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The FX desk of the house: one account at OANDA, and the modules of each slot in the order in which they are asked. */
const fxDesk: Omit<DeskPolicy, 'universe'> = {
  venue: 'OANDA',
  accountCurrency: 'USD',
  moneyDecimals: 6,
  decisionGridMs: 30_000,
  barIntervalMs: 60_000,
  barrierWaitMs: 5000,
  slots: {
    universe: ['pair-list', 'session-calendar'],
    forecast: [],
    signal: ['combined-direction', 'pulse-trader'],
    gate: ['rolling-evaluator', 'manifold-guards', 'freshness', 'spread-gate', 'margin-gate', 'cooldown-gate'],
    plan: ['atr-bracket'],
    allocation: ['top-k-allocator', 'budget-ramp'],
    risk: ['budget-limit', 'margin-gate', 'value-at-risk'],
    execution: ['market-bracket'],
    position: ['slope-exit', 'pnl-exit'],
    protection: ['before-close-exit', 'margin-overload'],
    supervision: ['parameter-selection'],
  },
  modes: {},
  modeCap: 'ACTIVE',
  shadowLimit: 4,
};

/**
 * The hard limits that no variable names. They stand behind the budget and must not bind before it: 30 percent of the margin at
 * fifty to one is at most 15 times the equity, so leverage ends at 20. The net exposure to one currency ends at 10 times the
 * equity: two thirds of that most, so that the whole budget is never one bet against the dollar. Thirty orders a minute are the
 * eight instruments of the universe each turned around once, with room for repeats.
 */
const houseLimits = {
  maximumLeverage: 20,
  maximumOrderNotional: 0,
  maximumOrdersPerMinute: 30,
  priceCollarBps: 100,
  maximumCurrencyExposure: 10,
  markAgeMsMax: 300_000,
} satisfies Partial<LimitsPolicy>;

/** What the strategy needs beyond the variables: the percentiles of the calibrated guards and the hold after a gap. */
const houseStrategy = {
  coherencePercentile: 0.7,
  entropyPercentile: 0.4,
  rupturePercentile: 0.8,
  gapHoldBars: 16,
} satisfies Partial<StrategyPolicy>;

/**
 * The policies that a new data folder starts with: the house's figures, and over them what the variables say. House
 * domains come first, those of modules after them by name. The reading must have been without problems.
 */
export function firstPolicies(
  values: ConfigurationValues,
  options: { readonly desk: DeskName },
): readonly FirstPolicy[] {
  const fields = fieldsByDomain(values);
  const house = houseOf(options.desk);
  const overrides = overridesOf(options.desk, values);
  const modules = [...fields.keys()].filter((domain) => !(domain in house)).sort();
  return [...Object.keys(house), ...modules].map((domain) => ({
    key: `${domain}/${options.desk}`,
    document: { ...house[domain], ...fields.get(domain), ...overrides[domain] },
  }));
}

/** The desks that the house knows. */
export type DeskName = 'fx' | 'crypto';

type Documents = Readonly<Record<string, object>>;

function houseOf(desk: DeskName): Documents {
  if (desk === 'fx') return { desk: fxDesk, limits: houseLimits, costs: defaultCosts, strategy: houseStrategy };
  return { desk: cryptoDesk, limits: houseLimits, costs: cryptoCosts, strategy: houseStrategy };
}

/** Variables speak of foreign exchange; where that means nothing to another desk, its own figures stand. */
function overridesOf(desk: DeskName, values: ConfigurationValues): Documents {
  if (desk === 'fx') return {};
  const universe = textOf(values, 'BINANCE_SYMBOLS')
    .split(',')
    .map((symbol) => symbol.trim().toUpperCase())
    .filter((symbol) => symbol !== '');
  return { desk: { universe }, limits: cryptoLimits, strategy: cryptoStrategy };
}

function fieldsByDomain(values: ConfigurationValues): Map<string, Record<string, unknown>> {
  const fields = new Map<string, Record<string, unknown>>();
  for (const variable of configuration) {
    for (const { domain, field } of variable.targets) {
      const document = fields.get(domain) ?? {};
      document[field] = policyValue(variable, settingOf(values, variable.name));
      fields.set(domain, document);
    }
  }
  return fields;
}

/** The value as its policy field spells it. */
export function policyValue(variable: ConfigurationVariable, value: VariableValue): VariableValue {
  return (typeof value === 'string' ? variable.policyValues?.[value] : undefined) ?? value;
}
