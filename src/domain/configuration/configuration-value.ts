import { assert, present } from '#base/assert.ts';
import { variableNamed } from './configuration.ts';
import type { RunDefaults } from './configuration-variable.ts';

/** A parsed value; null where the variable is not set and has no default. */
export type VariableValue = string | number | boolean | readonly string[] | Readonly<Record<string, number>> | null;

/** The value of one variable and whether the environment set it. */
export interface ConfigurationValue {
  readonly value: VariableValue;
  readonly isSet: boolean;
}

/** Values by the name of their row. A malformed variable is absent: whoever starts anything looks at the problems first. */
export type ConfigurationValues = ReadonlyMap<string, ConfigurationValue>;

/** The value of a variable of the table. */
export function settingOf(values: ConfigurationValues, name: string): VariableValue {
  return present(values.get(name), `value of ${name}`).value;
}

export function textOf(values: ConfigurationValues, name: string): string {
  const value = settingOf(values, name);
  assert(typeof value === 'string', `'${name}' is a text that is set`);
  return value;
}

export function numberOf(values: ConfigurationValues, name: string): number {
  const value = settingOf(values, name);
  assert(typeof value === 'number', `'${name}' is a number that is set`);
  return value;
}

export function listOf(values: ConfigurationValues, name: string): readonly string[] {
  const value = settingOf(values, name);
  assert(Array.isArray(value), `'${name}' is a list that is set`);
  return value;
}

/** A flag; where its default depends on the run, that of the run. */
export function flagOf(values: ConfigurationValues, name: string, run?: keyof RunDefaults): boolean {
  const value = settingOf(values, name);
  if (typeof value === 'boolean') return value;
  const { defaultByRun } = variableNamed(name);
  assert(defaultByRun !== undefined && run !== undefined, `'${name}' is a flag that is set`);
  return defaultByRun[run] === '1';
}
