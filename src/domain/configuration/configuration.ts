import { present } from '#base/assert.ts';
import { configurationRowsAllocation } from './configuration-rows-allocation.ts';
import { configurationRowsDesk } from './configuration-rows-desk.ts';
import { configurationRowsEvaluator } from './configuration-rows-evaluator.ts';
import { configurationRowsOuter } from './configuration-rows-outer.ts';
import { configurationRowsProcess } from './configuration-rows-process.ts';
import { configurationRowsRisk } from './configuration-rows-risk.ts';
import { configurationRowsSocial } from './configuration-rows-social.ts';
import { configurationRowsStores } from './configuration-rows-stores.ts';
import { configurationRowsStrategy } from './configuration-rows-strategy.ts';
import { configurationRowsVenue } from './configuration-rows-venue.ts';
import type { ConfigurationVariable } from './configuration-variable.ts';

/** Variables that belong together, in the order in which texts show them. */
export interface ConfigurationGroup {
  readonly title: string;
  readonly variables: readonly ConfigurationVariable[];
}

/**
 * The one table of every variable the house knows (FX desk specification j). Parsing, the first
 * policies, the example environment file and the reference page are derived from it.
 */
export const configurationGroups: readonly ConfigurationGroup[] = [
  { title: 'Process', variables: configurationRowsProcess },
  { title: 'Stores, roles and telemetry', variables: configurationRowsStores },
  { title: 'Desk and sessions', variables: configurationRowsDesk },
  { title: 'Evaluator', variables: configurationRowsEvaluator },
  { title: 'Allocation and budget', variables: configurationRowsAllocation },
  { title: 'Strategy and exits', variables: configurationRowsStrategy },
  { title: 'Risk and order locks', variables: configurationRowsRisk },
  { title: 'Real venues', variables: configurationRowsVenue },
  { title: 'Deployment and dashboard', variables: configurationRowsOuter },
  { title: 'Social sources', variables: configurationRowsSocial },
];

export const configuration: readonly ConfigurationVariable[] = configurationGroups.flatMap(
  ({ variables }) => variables,
);

const byName: ReadonlyMap<string, ConfigurationVariable> = new Map(
  configuration.flatMap((variable) => [variable.name, ...variable.aliases].map((name) => [name, variable] as const)),
);

/** The row behind a name or an older spelling of it. */
export function findVariable(name: string): ConfigurationVariable | undefined {
  return byName.get(name);
}

/** The row of a name that our own code asks for. */
export function variableNamed(name: string): ConfigurationVariable {
  return present(byName.get(name), `variable ${name}`);
}

/** Every spelling in the table, older ones too. */
export function knownNames(): readonly string[] {
  return [...byName.keys()];
}
