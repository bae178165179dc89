import { present } from '#base/assert.ts';
import { nearestName } from '../nearest-name.ts';
import { configuration, findVariable, knownNames } from './configuration.ts';
import type { ConfigurationValue, VariableValue } from './configuration-value.ts';
import type { ConfigurationVariable } from './configuration-variable.ts';
import { expectationOf, parseVariable } from './parse-variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable's value, and one sentence for each thing that is wrong. */
export interface ConfigurationReading {
  readonly values: ReadonlyMap<string, ConfigurationValue>;
  readonly problems: readonly string[];
}

const housePrefix = 'TRADEWIND_';
const shownLength = 80;

/**
 * Reads an environment. A blank variable counts as not set. A malformed one becomes a problem and has no value: nothing falls
 * back on a default in silence. Names of others are none of our business, except those that begin like the house's own.
 */
export function readConfiguration(environment: Environment): ConfigurationReading {
  const values = new Map<string, ConfigurationValue>();
  const problems: string[] = [];
  for (const variable of configuration) {
    const reading = readVariable(variable, environment);
    if ('problem' in reading) problems.push(reading.problem);
    else values.set(variable.name, reading);
  }
  for (const variable of configuration) borrowDefault(variable, values);
  problems.push(...relationProblems(values), ...unknownProblems(environment));
  return { values, problems };
}

function readVariable(variable: ConfigurationVariable, environment: Environment): ConfigurationValue | Problem {
  const spellings = [variable.name, ...variable.aliases].filter((name) => (environment[name] ?? '').trim() !== '');
  const first = spellings[0];
  if (first === undefined) return { value: defaultOf(variable), isSet: false };
  for (const name of spellings) {
    if (parsed(variable, environment, name) === undefined) return malformed(variable, name, environment[name] ?? '');
  }
  const value = parsed(variable, environment, first);
  const other = spellings.find((name) => !isSame(parsed(variable, environment, name), value));
  if (other !== undefined) return contradiction(variable, environment, [first, other]);
  return { value: present(value, first), isSet: true };
}

interface Problem {
  readonly problem: string;
}

function parsed(variable: ConfigurationVariable, environment: Environment, name: string): VariableValue | undefined {
  return parseVariable(variable, (environment[name] ?? '').trim());
}

function defaultOf(variable: ConfigurationVariable): VariableValue {
  if (variable.default === '') return null;
  return present(parseVariable(variable, variable.default), `default of ${variable.name}`);
}

function isSame(a: VariableValue | undefined, b: VariableValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function malformed(variable: ConfigurationVariable, name: string, text: string): Problem {
  return { problem: `'${name}': expected ${expectationOf(variable)}, found ${shown(variable, text)}` };
}

function contradiction(variable: ConfigurationVariable, environment: Environment, names: [string, string]): Problem {
  const [first, second] = names;
  const found = names.map((name) => `${shown(variable, environment[name] ?? '')} in '${name}'`).join(' and ');
  return { problem: `'${first}': expected the same as in '${second}', its other spelling, found ${found}` };
}

function shown(variable: ConfigurationVariable, text: string): string {
  if (variable.kind === 'secret') return `a text of ${text.length} characters`;
  return text.length > shownLength ? `'${text.slice(0, shownLength)}…'` : `'${text}'`;
}

/** A variable that is not set takes the value of the one it follows. */
function borrowDefault(variable: ConfigurationVariable, values: Map<string, ConfigurationValue>): void {
  const own = values.get(variable.name);
  if (variable.defaultFrom === undefined || own === undefined || own.isSet) return;
  const followed = values.get(variable.defaultFrom);
  if (followed === undefined) values.delete(variable.name);
  else values.set(variable.name, { value: followed.value, isSet: false });
}

function relationProblems(values: ReadonlyMap<string, ConfigurationValue>): string[] {
  return configuration.flatMap(({ name, notAbove }) => {
    const value = values.get(name)?.value;
    const most = notAbove === undefined ? undefined : values.get(notAbove)?.value;
    if (typeof value !== 'number' || typeof most !== 'number' || value <= most) return [];
    return [`'${name}': expected at most ${most}, the value of '${notAbove}', found '${value}'`];
  });
}

function unknownProblems(environment: Environment): string[] {
  return Object.keys(environment)
    .filter(
      (name) => name.startsWith(housePrefix) && environment[name] !== undefined && findVariable(name) === undefined,
    )
    .sort()
    .map(
      (name) => `'${name}': expected a known variable, found none of this name; the nearest is '${suggestion(name)}'`,
    );
}

/** A known variable may also have been given the house's prefix by mistake. */
function suggestion(name: string): string {
  return findVariable(name.slice(housePrefix.length))?.name ?? nearestName(name, knownNames());
}
