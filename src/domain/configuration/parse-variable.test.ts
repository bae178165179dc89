import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { configuration, variableNamed } from './configuration.ts';
import { configurationVariable } from './configuration-variable.ts';
import { expectationOf, parseVariable } from './parse-variable.ts';

const good: readonly (readonly [string, string, unknown])[] = [
  ['ALLOC_TOP_K', '8', 8],
  ['ALLOC_TOP_K', '+3', 3],
  ['EVAL_PNL_MIN', '-.5e-2', -0.005],
  ['EVAL_PNL_MIN', '-0', 0],
  ['RISK_ALLOC_TARGET_PCT', '1', 1],
  ['PULSE_ENABLED', 'TRUE', true],
  ['PULSE_ENABLED', '0', false],
  ['EVAL_MODE', 'both', 'both'],
  ['HOTBAND_PAIRS', 'eur_usd, USD_JPY', ['EUR_USD', 'USD_JPY']],
  ['VALKEY_URL', 'redis://valkey:6379/0', 'redis://valkey:6379/0'],
  ['HYSTERESIS_PAIR_JSON', '{}', {}],
];

test('a text becomes the value of its type', () => {
  for (const [name, text, value] of good) assert.deepEqual(parseVariable(variableNamed(name), text), value, text);
});

const bad: readonly (readonly [string, readonly string[]])[] = [
  ['ALLOC_TOP_K', ['0', '9', '2.5', 'three', '3 ', '0x3', '1e0', '99999999999999999999']],
  ['EVAL_INTERVAL_SEC', ['9', '-60', 'Infinity']],
  ['EVAL_PNL_MIN', ['NaN', '1e999', '.', '1,5', '5%']],
  ['RISK_ALLOC_TARGET_PCT', ['0', '1.01', '-0.3']],
  ['MARGIN_HYST_HIGH', ['0', '1']],
  ['EXIT_PNL_SL', ['0', '1.25']],
  ['PULSE_ENABLED', ['yes', '2', 'on']],
  ['EVAL_MODE', ['Strict', 'none']],
  ['HOTBAND_PAIRS', ['EURUSD', 'EUR_USD,', 'EUR_USD,EUR_USD', 'EUR_USD USD_JPY']],
  ['VALKEY_URL', ['valkey:6379', 'redis://', 'redis:// x']],
  ['HYSTERESIS_PAIR_JSON', ['{', '[]', 'null', '0.1', '{"EURUSD":0.1}', '{"EUR_USD":"0.1"}', '{"EUR_USD":1e999}']],
];

test('a malformed text has no value', () => {
  for (const [name, texts] of bad) {
    for (const text of texts) assert.equal(parseVariable(variableNamed(name), text), undefined, `${name}=${text}`);
  }
});

test('hysteresis of single instruments is clamped to 0 and 0.30', () => {
  const variable = variableNamed('HYSTERESIS_PAIR_JSON');
  const value = parseVariable(variable, '{"USD_JPY":0.2,"USD_CHF":0.5,"NZD_USD":-1}');
  assert.deepEqual(value, { NZD_USD: 0, USD_CHF: 0.3, USD_JPY: 0.2 });
  assert.deepEqual(Object.keys(value ?? {}), ['NZD_USD', 'USD_CHF', 'USD_JPY']);
});

test('every number in its range is read as itself, every other one not at all', () => {
  const figures = configuration.filter(({ type }) => type === 'number' || type === 'integer');
  fc.assert(
    fc.property(
      fc.constantFrom(...figures),
      fc.integer({ min: -20, max: 2000 }),
      fc.constantFrom(1, 10, 100),
      (row, n, d) => {
        const value = row.type === 'integer' ? n : n / d;
        const { minimum = -Infinity, maximum = Infinity, above = -Infinity, below = Infinity } = row;
        const isIn = value >= minimum && value <= maximum && value > above && value < below;
        assert.equal(parseVariable(row, String(value)), isIn ? value : undefined, `${row.name}=${value}`);
      },
    ),
  );
});

test('an expectation is said in words', () => {
  const words = (name: string): string => expectationOf(variableNamed(name));
  assert.equal(words('ALLOC_TOP_K'), 'a whole number from 1 to 8');
  assert.equal(words('RISK_MAX_POSITIONS_PER_PAIR'), 'a whole number, which is 1');
  assert.equal(words('RISK_ALLOC_TARGET_PCT'), 'a number above 0 and at most 1');
  assert.equal(words('MARGIN_HYST_HIGH'), 'a number above 0 and below 1');
  assert.equal(words('EVAL_PNL_MIN'), 'a number');
  assert.equal(words('EVAL_MODE'), 'strict, echo or both');
  assert.equal(words('PULSE_ENABLED'), '0 or 1');
  assert.equal(words('AUTO_DIRECTION_MODE'), 'combined');
});

test('a choice without choices accepts nothing', () => {
  const row = configurationVariable({ name: 'X', kind: 'planned', type: 'choice', meaning: 'X.' });
  assert.equal(parseVariable(row, 'x'), undefined);
});
