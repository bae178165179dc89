import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { fallbackVariables, parseLiveParams } from './live-params.ts';
import { UsageError } from './refusal.ts';

const winners = `# promoted on Sunday
EUR_USD:
  params: { c_min: 0.55, direction_lookback: 12, dir_threshold_bps: 2.0, entry_cooldown_sec: 60, exit_cooldown_sec: 60 }
  summary: { trades: 18, calmar: 0.22 }
GBP_USD:
  params: { c_min: 0.6, direction_lookback: 20, dir_threshold_bps: 3 }
USD_JPY:
  params: { c_min: p70, direction_lookback: 15, dir_threshold_bps: 1 }
`;

function variablesOf(text: string): Record<string, string> {
  return Object.fromEntries(fallbackVariables(parseLiveParams(text, 'live_params.yaml')));
}

function problemOf(text: string): string {
  try {
    parseLiveParams(text, 'live_params.yaml');
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return '';
}

test('the fallback is the median of the instruments, percentiles left out', () => {
  assert.deepEqual(variablesOf(winners), {
    GUARD_MIN_COHERENCE: '0.575',
    AUTO_MIN_COHERENCE: '0.575',
    AUTO_DIRECTION_LOOKBACK: '15',
    AUTO_DIR_THRESHOLD_BPS: '2',
  });
});

test('what GLOBAL says stands above the median, one parameter at a time', () => {
  const text = `${winners}GLOBAL:\n  params: { dir_threshold_bps: 2.5 }\n`;
  assert.equal(variablesOf(text)['AUTO_DIR_THRESHOLD_BPS'], '2.5');
  assert.equal(variablesOf(text)['AUTO_DIRECTION_LOOKBACK'], '15');
});

test('a parameter that no instrument fixes sets no variable', () => {
  assert.deepEqual(variablesOf('EUR_USD:\n  params: { c_min: p70 }\n'), {});
});

test('the median lies between the least and the most, whatever the order of the instruments', () => {
  const thresholds = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(thresholds, (values) => {
      const names = ['EUR_USD', 'USD_JPY', 'GBP_USD', 'EUR_JPY', 'USD_CAD', 'NZD_USD', 'AUD_USD', 'USD_CHF'];
      const text = (order: readonly number[]) =>
        stringify(
          Object.fromEntries(order.map((value, index) => [names[index], { params: { dir_threshold_bps: value } }])),
        );
      const found = Number(variablesOf(text(values))['AUTO_DIR_THRESHOLD_BPS']);
      const below = values.filter((value) => value < found).length;
      const above = values.filter((value) => value > found).length;
      assert.ok(below <= values.length / 2 && above <= values.length / 2);
      assert.equal(Number(variablesOf(text(values.toReversed()))['AUTO_DIR_THRESHOLD_BPS']), found);
    }),
  );
});

test('a file of another shape is refused with the place and what was expected', () => {
  const cases: readonly [string, RegExp][] = [
    ['', /expected parameters by instrument, found none/],
    ['{}', /found none/],
    ['- EUR_USD', /expected parameters by instrument/],
    ['EUR_USD: [', /line 1 is not YAML/],
    ['EUR_USD:\n  params: {}\nEUR_USD:\n  params: {}\n', /line 3 is not YAML: Map keys must be unique/],
    ['EURUSD:\n  params: {}\n', /field 'EURUSD': .*(?:EUR_USD|Invalid key)/],
    ['EUR_USD:\n  params: { c_min: 1.5 }\n', /field 'EUR_USD.params.c_min'/],
    ['EUR_USD:\n  params: { c_min: high }\n', /field 'EUR_USD.params.c_min'/],
    ['EUR_USD:\n  params: { direction_lookback: 1.5 }\n', /field 'EUR_USD.params.direction_lookback'/],
    ['EUR_USD:\n  params: { lookback: 12 }\n', /field 'EUR_USD.params': .*lookback/],
    ['EUR_USD: 5\n', /field 'EUR_USD'/],
  ];
  for (const [text, expected] of cases) assert.match(problemOf(text), expected, text);
  assert.equal(problemOf(winners), '');
});
