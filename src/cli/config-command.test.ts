import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuration } from '#domain/configuration/configuration.ts';
import { renderEnvironmentExample } from '#domain/configuration/configuration-text.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { registerConfig } from './config-command.ts';

interface Listed {
  readonly name: string;
  readonly value: unknown;
  readonly isSet: boolean;
}

test('every variable is listed with its value in force', async () => {
  const { code, result } = await runCommand(registerConfig, ['config', '--json'], { ALLOC_TOP_K: '4' });
  assert.equal(code, 0);
  const { variables, problems } = JSON.parse(result) as { variables: Listed[]; problems: string[] };
  assert.equal(variables.length, configuration.length);
  assert.deepEqual(problems, []);
  const topK = variables.find(({ name }) => name === 'ALLOC_TOP_K');
  assert.deepEqual([topK?.value, topK?.isSet], [4, true]);
});

test('a secret is never printed', async () => {
  const environment = { API_BEARER_TOKEN: 'very-secret', DATABASE_URL: 'postgres://user:hidden@host/x' };
  for (const argv of [['config'], ['config', '--json'], ['config', '--env-file'], ['config', '--markdown']]) {
    const { result, work } = await runCommand(registerConfig, argv, environment);
    assert.doesNotMatch(result + work, /very-secret|hidden/, argv.join(' '));
  }
});

test('a malformed variable is said and ends with one', async () => {
  const { code, result, work } = await runCommand(registerConfig, ['config'], { ALLOC_TOP_K: 'many' });
  assert.equal(code, 1);
  assert.match(result, /ALLOC_TOP_K\s+malformed/);
  assert.match(work, /'ALLOC_TOP_K': expected a whole number from 1 to 8, found 'many'/);
});

test('the example file and the reference page are those of the table', async () => {
  const example = await runCommand(registerConfig, ['config', '--env-file']);
  assert.equal(example.result.trimEnd(), renderEnvironmentExample().trimEnd());
  const page = await runCommand(registerConfig, ['config', '--markdown']);
  assert.match(page.result, /^# Variables/);
  assert.equal((await runCommand(registerConfig, ['config', '--json', '--markdown'])).code, 2);
});
