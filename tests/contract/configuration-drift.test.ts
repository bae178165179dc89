import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { configuration, findVariable } from '#domain/configuration/configuration.ts';
import { settingOf } from '#domain/configuration/configuration-value.ts';
import { firstPolicies, policyValue } from '#domain/configuration/first-policies.ts';
import { readConfiguration } from '#domain/configuration/read-configuration.ts';
import { deskSchema, housePolicies } from '#domain/policies.ts';
import { modules } from '#modules/index.ts';
import { projectPaths } from '../tidy/project-files.ts';

const root = resolve(import.meta.dirname, '../..');
const { values } = readConfiguration({});
const documents = firstPolicies(values, { desk: 'fx' });
const moduleByName = new Map(modules.map((module) => [module.name, module]));

const desk = deskSchema.parse(documents.find(({ key }) => key === 'desk/fx')?.document);
const standing = Object.entries(desk.slots).flatMap(([slot, names = []]) => names.map((name) => ({ slot, name })));

/** Each policy field that a variable fills in a module that has been written. */
const fields = configuration.flatMap((variable) =>
  variable.targets
    .filter(({ domain }) => !(domain in housePolicies) && existsSync(join(root, 'src/modules', domain)))
    .map((target) => ({ variable, ...target })),
);

test('every field of a module that a variable fills is one of its parameters', () => {
  for (const { variable, domain, field } of fields) {
    const shape = moduleByName.get(domain)?.parameters.shape;
    assert.ok(shape !== undefined && field in shape, `'${variable.name}' fills '${domain}.${field}', which is nowhere`);
  }
});

test('a variable and the module it fills have the same default', () => {
  for (const { variable, domain, field } of fields) {
    const own: Record<string, unknown> = moduleByName.get(domain)?.parameters.parse({}) ?? {};
    const value = policyValue(variable, settingOf(values, variable.name));
    assert.deepEqual(own[field], value, `'${variable.name}' and '${domain}.${field}'`);
  }
});

test('every bound of a variable is one that its module accepts', () => {
  for (const { variable, domain, field } of fields) {
    const { minimum, maximum, policyValues } = variable;
    const edges = [minimum, maximum].filter((edge) => edge !== undefined && variable.type !== 'json');
    const choices = (variable.choices ?? []).map((choice) => policyValues?.[choice] ?? choice);
    for (const value of [...edges, ...choices]) {
      const parsed = moduleByName
        .get(domain)
        ?.parameters.partial()
        .safeParse({ [field]: value });
      assert.ok(parsed?.success, `'${variable.name}' lets '${value}' through, '${domain}.${field}' does not`);
    }
  }
});

test('every first document of a module is accepted by it', () => {
  for (const { key, document } of documents) {
    const parameters = moduleByName.get(key.split('/')[0] ?? '')?.parameters;
    if (parameters === undefined) continue;
    const parsed = parameters.safeParse(document);
    assert.ok(parsed.success, `'${key}': ${parsed.error?.message}`);
  }
});

test('every module of the first desk exists and has a proposal for its slot', () => {
  for (const { slot, name } of standing) {
    const slots = Object.keys(moduleByName.get(name)?.propose ?? {});
    assert.ok(slots.includes(slot), `'${name}' stands in '${slot}' but proposes for '${slots.join(', ')}'`);
  }
});

test('a row names a module of the desk, or a file that exists, as its reader', () => {
  for (const { name, readAt } of configuration) {
    const [room, reader] = readAt.split('/');
    if (room === 'modules')
      assert.ok(
        standing.some((module) => module.name === reader),
        `'${name}': '${readAt}'`,
      );
    else if (room === 'engine' || room === 'domain')
      assert.ok(existsSync(join(root, 'src', readAt)), `'${name}': '${readAt}'`);
  }
});

test('every variable of the house that a source names is in the table; a test may misspell one on purpose', () => {
  const own = /(?<![A-Z_$])TRADEWIND_[A-Z][A-Z_]*[A-Z](?![A-Z_])/g;
  for (const path of projectPaths(root)) {
    if (!/^(?:src|tests|bench|bin|\.ci|package\.json)/.test(path)) continue;
    if (path.endsWith('.test.ts')) continue;
    for (const [name] of readFileSync(join(root, path), 'utf8').matchAll(own)) {
      assert.ok(findVariable(name) !== undefined, `'${path}' names '${name}'`);
    }
  }
});
