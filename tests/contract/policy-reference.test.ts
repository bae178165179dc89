import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { guardRails } from '#domain/policies/guard-rails.ts';
import { policyFields } from '#domain/policies/policy-fields.ts';
import { renderPolicyReference } from '#domain/policies/policy-text.ts';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import { policyFieldPaths } from './policy-field-paths.ts';

const domains = policyDomains(modules);

test('the policy reference is what the schemas say', () => {
  const path = join(import.meta.dirname, '../../docs/reference/policies.md');
  assert.equal(readFileSync(path, 'utf8'), renderPolicyReference(domains));
});

test('every field of every policy is named here, and every one that is named exists', () => {
  const found = Object.entries(domains).map(([name, domain]) => [
    name,
    policyFields(name, domain).map(({ path }) => path),
  ]);
  assert.deepEqual(Object.fromEntries(found), policyFieldPaths);
});

test('every field says what it means', () => {
  for (const [name, domain] of Object.entries(domains)) {
    for (const { path, meaning } of policyFields(name, domain)) assert.notEqual(meaning, '', `${name}.${path}`);
  }
});

test('every guard rail stands beside a field', () => {
  const shown = new Set(
    Object.entries(domains).flatMap(([name, domain]) =>
      policyFields(name, domain).flatMap((field) => field.guardRails),
    ),
  );
  for (const rail of guardRails) assert.ok(shown.has(rail), `${rail.domain}.${rail.path}`);
});

test('no module takes the name of a domain of the house', () => {
  assert.equal(Object.keys(domains).length, 8 + modules.length);
});
