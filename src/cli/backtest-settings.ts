import { findVariable, knownNames } from '#domain/configuration/configuration.ts';
import { nearestName } from '#domain/nearest-name.ts';
import { UsageError } from './refusal.ts';

/** Variables that trading depends on although no policy holds them: they say what is traded. */
const marketVariables = ['EXPOSURE_SCALE', 'BINANCE_SYMBOLS'];

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with settings of one run laid over it. A setting counts for its variable in every spelling. Refuses names that
 * are none, and variables that no decision depends on, since setting them here would change nothing.
 */
export function withSettings(environment: Environment, settings: Readonly<Record<string, string>>): Environment {
  const merged: Record<string, string | undefined> = { ...environment };
  for (const [name, value] of Object.entries(settings)) {
    const variable = findVariable(name);
    if (variable === undefined) {
      const nearest = nearestName(name, knownNames());
      throw new UsageError(
        `'--set ${name}': expected a known variable, found none of this name; the nearest is '${nearest}'`,
      );
    }
    if (variable.kind !== 'policy' && !marketVariables.includes(variable.name)) {
      throw new UsageError(
        `'--set ${name}': expected a variable that trading depends on, found one that changes no decision`,
      );
    }
    for (const spelling of [variable.name, ...variable.aliases]) delete merged[spelling];
    merged[variable.name] = value;
  }
  return merged;
}
