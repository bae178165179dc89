import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { configuration } from './configuration.ts';
import { type Environment, readConfiguration } from './read-configuration.ts';

test('an empty environment has a value for every variable and no problem', () => {
  const { values, problems } = readConfiguration({});
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...values.keys()],
    configuration.map(({ name }) => name),
  );
  assert.ok([...values.values()].every(({ isSet }) => !isSet));
});

test('the defaults are those of the specification and of what corrects it', () => {
  const { values } = readConfiguration({});
  const value = (name: string): unknown => values.get(name)?.value;
  assert.equal(value('GUARD_PROFILE'), 'calibrated');
  assert.equal(value('MAX_SPREAD_BPS'), null);
  assert.equal(value('AUTO_MAX_HAZARD'), null);
  assert.equal(value('EXIT_SLOPE_BPS'), null);
  assert.equal(value('KILL_SWITCH'), null);
  assert.equal(value('EVAL_BACKTEST_INTERVAL_SEC'), 900);
  assert.deepEqual(value('HYSTERESIS_PAIR_JSON'), { NZD_USD: 0.12, USD_CHF: 0.15 });
});

test('a blank variable counts as not set, and blanks around a value are nothing', () => {
  const { values, problems } = readConfiguration({ ALLOC_TOP_K: '  ', EVAL_MODE: ' echo\t' });
  assert.deepEqual(problems, []);
  assert.deepEqual(values.get('ALLOC_TOP_K'), { value: 3, isSet: false });
  assert.deepEqual(values.get('EVAL_MODE'), { value: 'echo', isSet: true });
});

test('an older spelling sets the variable', () => {
  const { values } = readConfiguration({ ALLOC_W_C: '0.5', API_PORT: '9000', MARGIN_AWARE_THRESHOLD: '0.4' });
  assert.deepEqual(values.get('ALLOC_SCORE_WEIGHT_COHERENCE'), { value: 0.5, isSet: true });
  assert.deepEqual(values.get('TRADEWIND_PORT'), { value: 9000, isSet: true });
  assert.deepEqual(values.get('MARGIN_HYST_HIGH'), { value: 0.4, isSet: true });
});

test('two spellings may say the same in different words', () => {
  const { values, problems } = readConfiguration({ AUTO_MIN_COHERENCE: '0.5', GUARD_MIN_COHERENCE: '0.50' });
  assert.deepEqual(problems, []);
  assert.deepEqual(values.get('AUTO_MIN_COHERENCE'), { value: 0.5, isSet: true });
});

const wrong: readonly (readonly [Environment, string])[] = [
  [{ ALLOC_TOP_K: 'nine' }, "'ALLOC_TOP_K': expected a whole number from 1 to 8, found 'nine'"],
  [{ ALLOC_W_C: '-1' }, "'ALLOC_W_C': expected a number at least 0, found '-1'"],
  [{ KILL_SWITCH: 'off' }, "'KILL_SWITCH': expected 0 or 1, found 'off'"],
  [{ EVAL_MODE: 'loose' }, "'EVAL_MODE': expected strict, echo or both, found 'loose'"],
  [
    { HOTBAND_PAIRS: 'EURUSD' },
    "'HOTBAND_PAIRS': expected different pairs like EUR_USD, separated by commas, found 'EURUSD'",
  ],
  [
    { HYSTERESIS_PAIR_JSON: '{' },
    `'HYSTERESIS_PAIR_JSON': expected a JSON object of pairs and numbers, like {"USD_CHF":0.15}, found '{'`,
  ],
  [
    { AUTO_MIN_COHERENCE: '0.55', GUARD_MIN_COHERENCE: '0.65' },
    "'AUTO_MIN_COHERENCE': expected the same as in 'GUARD_MIN_COHERENCE', its other spelling, found '0.55' in 'AUTO_MIN_COHERENCE' and '0.65' in 'GUARD_MIN_COHERENCE'",
  ],
  [{ MARGIN_HYST_LOW: '0.4' }, "'MARGIN_HYST_LOW': expected at most 0.3, the value of 'MARGIN_HYST_HIGH', found '0.4'"],
  [
    { RISK_MAX_POSITIONS_PER_PAIR: '2' },
    "'RISK_MAX_POSITIONS_PER_PAIR': expected a whole number, which is 1, found '2'",
  ],
  [
    { TRADEWIND_PROT: '80' },
    "'TRADEWIND_PROT': expected a known variable, found none of this name; the nearest is 'TRADEWIND_PORT'",
  ],
  [
    { TRADEWIND_ALLOC_TOP_K: '2' },
    "'TRADEWIND_ALLOC_TOP_K': expected a known variable, found none of this name; the nearest is 'ALLOC_TOP_K'",
  ],
];

test('a problem names the variable, what was expected and what was found', () => {
  for (const [environment, problem] of wrong) assert.deepEqual(readConfiguration(environment).problems, [problem]);
});

test('a malformed variable has no value, not even its default', () => {
  const { values } = readConfiguration({ ALLOC_TOP_K: 'nine' });
  assert.equal(values.has('ALLOC_TOP_K'), false);
  assert.equal(values.has('RISK_MAX_TOTAL_POSITIONS'), false);
});

test('a malformed older spelling is a problem beside a good one', () => {
  const { problems } = readConfiguration({ AUTO_MAX_RUPTURE: '0.5', GUARD_MAX_RUPTURE: 'high' });
  assert.deepEqual(problems, ["'GUARD_MAX_RUPTURE': expected a number from 0 to 1, found 'high'"]);
});

test('the number of positions follows the number of instruments unless it is set', () => {
  assert.equal(readConfiguration({ ALLOC_TOP_K: '5' }).values.get('RISK_MAX_TOTAL_POSITIONS')?.value, 5);
  const { values } = readConfiguration({ ALLOC_TOP_K: '5', RISK_MAX_TOTAL_POSITIONS: '2' });
  assert.deepEqual(values.get('RISK_MAX_TOTAL_POSITIONS'), { value: 2, isSet: true });
});

test('variables of others are left alone', () => {
  assert.deepEqual(readConfiguration({ PATH: '/bin', HOME: '/root', ALLOC: 'x', TRADEWIND_X: undefined }).problems, []);
});

test('a secret never stands in a problem', () => {
  const { problems } = readConfiguration({ DATABASE_URL: 'hunter2' });
  assert.deepEqual(problems, ["'DATABASE_URL': expected an address like scheme://host, found a text of 7 characters"]);
});

test('a long text is cut short in a problem', () => {
  const [problem = ''] = readConfiguration({ HOTBAND_PAIRS: 'X'.repeat(5000) }).problems;
  assert.ok(problem.length < 200, problem);
});

test('whatever the texts, each variable has a value or a problem', () => {
  const entries = fc.array(fc.tuple(fc.constantFrom(...configuration.map(({ name }) => name)), fc.string()));
  fc.assert(
    fc.property(entries, (texts) => {
      const { values, problems } = readConfiguration(Object.fromEntries(texts));
      for (const { name, defaultFrom } of configuration) {
        const isSaid = [name, defaultFrom].some((said) => problems.some((text) => text.startsWith(`'${said}'`)));
        assert.ok(values.has(name) || isSaid, name);
      }
    }),
  );
});
