import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderEnvironmentExample, renderVariableReference } from '#domain/configuration/configuration-text.ts';

const reference = join(import.meta.dirname, '../../docs/reference');

test('the variable reference is what the configuration table says', () => {
  assert.equal(readFileSync(join(reference, 'variables.md'), 'utf8'), renderVariableReference());
});

test('the example environment is what the configuration table says', () => {
  assert.equal(readFileSync(join(reference, 'environment.example'), 'utf8'), renderEnvironmentExample());
});
