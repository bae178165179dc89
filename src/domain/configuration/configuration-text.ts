import { configurationGroups } from './configuration.ts';
import type { ConfigurationVariable } from './configuration-variable.ts';
import { expectationOf } from './parse-variable.ts';

/**
 * An example environment file: every variable that a user may set and something reads, each commented out with its default, so
 * that the file as it is changes nothing.
 */
export function renderEnvironmentExample(): string {
  const groups = configurationGroups.flatMap(({ title, variables }) => {
    const shown = variables.filter(isForUsers);
    return shown.length === 0 ? [] : [`# ${title}`, '', ...shown.flatMap(exampleLines)];
  });
  return [
    '# Variables of Tradewind. Take away the sign before a name to set it; what is not set has the value shown.',
    '# Trading parameters make the first policies of a data folder; later they are changed as policies.',
    '',
    ...groups,
  ].join('\n');
}

/** Names without effect, without a reader yet, or for the launcher and the tests alone are left to the reference page. */
function isForUsers({ kind, readAt }: ConfigurationVariable): boolean {
  return kind !== 'legacy' && !/^(?:planned|bin\/|\.ci\/|tests)/.test(readAt);
}

function exampleLines(variable: ConfigurationVariable): string[] {
  const quote = variable.type === 'json' ? "'" : '';
  return [
    `# ${variable.meaning}`,
    `# Expected: ${expectationOf(variable)}.${defaultNote(variable)}`,
    `#${variable.name}=${quote}${variable.default}${quote}`,
    '',
  ];
}

function defaultNote({ defaultFrom, defaultByRun }: ConfigurationVariable): string {
  if (defaultFrom !== undefined) return ` Not set: the value of ${defaultFrom}.`;
  if (defaultByRun === undefined) return '';
  return ` Not set: ${defaultByRun.live} live, ${defaultByRun.paper} on paper, ${defaultByRun.backtest} in a backtest.`;
}

/** The reference page of every variable, in Markdown. */
export function renderVariableReference(): string {
  const groups = configurationGroups.flatMap(({ title, variables }) => [
    `## ${title}`,
    '',
    '| variable | default | expected | meaning | policy | read at | named by |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...variables.map(referenceRow),
    '',
  ]);
  return [
    '# Variables',
    '',
    'Made from the configuration table; do not edit. A blank variable counts as not set. A malformed one stops the start with a',
    'sentence that says what was expected and what was found. Variables with a policy make the first documents of a data folder;',
    'later differences are shown by `bin/tradewind doctor` and applied by `bin/tradewind policy apply-env`. Where nothing reads a',
    'variable yet it says *planned*; *no effect* marks names of older releases.',
    '',
    ...groups,
  ].join('\n');
}

function referenceRow(variable: ConfigurationVariable): string {
  const cells = [
    [variable.name, ...variable.aliases].map(code).join(', also '),
    defaultCell(variable),
    expectationOf(variable),
    variable.meaning,
    variable.targets.map(({ domain, field }) => code(`${domain}.${field}`)).join(', '),
    readCell(variable),
    variable.origin,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultCell(variable: ConfigurationVariable): string {
  const { defaultFrom, defaultByRun } = variable;
  if (defaultFrom !== undefined) return `as ${code(defaultFrom)}`;
  if (defaultByRun !== undefined) {
    return `${defaultByRun.live} live, ${defaultByRun.paper} paper, ${defaultByRun.backtest} backtest`;
  }
  return variable.default === '' ? 'not set' : code(variable.default);
}

function readCell({ kind, readAt }: ConfigurationVariable): string {
  if (kind === 'legacy') return '*no effect*';
  return readAt === 'planned' ? '*planned*' : code(readAt);
}

function code(text: string): string {
  return `\`${text}\``;
}
