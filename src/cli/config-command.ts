import { type Command, Option } from 'commander';
import { configurationGroups } from '#domain/configuration/configuration.ts';
import { renderEnvironmentExample, renderVariableReference } from '#domain/configuration/configuration-text.ts';
import type { VariableValue } from '#domain/configuration/configuration-value.ts';
import type { ConfigurationVariable } from '#domain/configuration/configuration-variable.ts';
import { expectationOf } from '#domain/configuration/parse-variable.ts';
import { type ConfigurationReading, readConfiguration } from '#domain/configuration/read-configuration.ts';
import type { CommandContext } from './command-context.ts';
import type { Output } from './output.ts';

interface ConfigArguments {
  readonly json?: boolean;
  readonly envFile?: boolean;
  readonly markdown?: boolean;
}

/** `config`: every variable the house knows, and what it is here. */
export function registerConfig(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('list every variable with its default, its range and the value in force')
    .addOption(new Option('--json', 'print the list as JSON').conflicts(['envFile', 'markdown']))
    .addOption(new Option('--env-file', 'print an example environment file').conflicts(['json', 'markdown']))
    .addOption(new Option('--markdown', 'print the reference page').conflicts(['json', 'envFile']))
    .addHelpText('after', '\nExit codes: 0 all variables are well, 1 one is malformed or unknown.')
    .action((options: ConfigArguments) => context.exitWith(config(options, context)));
}

function config(options: ConfigArguments, { environment, output }: CommandContext): number {
  if (options.envFile === true || options.markdown === true) {
    output.line((options.envFile === true ? renderEnvironmentExample() : renderVariableReference()).trimEnd());
    return 0;
  }
  const reading = readConfiguration(environment);
  if (options.json === true) {
    const variables = configurationGroups.flatMap(({ title, variables: rows }) =>
      rows.map((row) => described(row, title, reading)),
    );
    output.json({ variables, problems: reading.problems });
  } else {
    print(reading, output);
  }
  return reading.problems.length === 0 ? 0 : 1;
}

function described(variable: ConfigurationVariable, group: string, { values }: ConfigurationReading): object {
  const held = values.get(variable.name);
  const isSecret = variable.kind === 'secret';
  return {
    ...variable,
    group,
    expected: expectationOf(variable),
    isSet: held?.isSet ?? true,
    isMalformed: held === undefined,
    value: isSecret ? null : (held?.value ?? null),
  };
}

function print(reading: ConfigurationReading, output: Output): void {
  const { colors } = output;
  for (const { title, variables } of configurationGroups) {
    output.line(colors.bold(title));
    output.table(
      ['variable', 'value', 'default', 'expected', 'read at', 'named by'],
      variables.map((variable) => [
        variable.name,
        shownValue(variable, reading),
        defaultText(variable),
        expectationOf(variable),
        variable.kind === 'legacy' ? 'no effect' : variable.readAt,
        variable.origin,
      ]),
    );
    output.line();
  }
  for (const problem of reading.problems) output.note(colors.red(problem));
  output.note('the meaning of each: --markdown or --json; a file to fill in: --env-file');
}

function shownValue(variable: ConfigurationVariable, { values }: ConfigurationReading): string {
  const held = values.get(variable.name);
  if (held === undefined) return 'malformed';
  if (variable.kind === 'secret') return held.isSet ? 'set' : '-';
  return `${valueText(held.value)}${held.isSet ? ' (set)' : ''}`;
}

function defaultText({ default: text, defaultFrom, defaultByRun }: ConfigurationVariable): string {
  if (defaultFrom !== undefined) return `as ${defaultFrom}`;
  if (defaultByRun !== undefined) return `${defaultByRun.live} live, ${defaultByRun.paper} paper`;
  return text === '' ? '-' : text;
}

function valueText(value: VariableValue): string {
  if (value === null) return '-';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'object') return Array.isArray(value) ? value.join(',') : JSON.stringify(value);
  return String(value);
}
