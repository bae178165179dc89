import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultCosts } from '../default-costs.ts';
import { housePolicies, parsePolicy, parsePolicyKey } from '../policies.ts';
import { configuration } from './configuration.ts';
import { firstPolicies } from './first-policies.ts';
import { type Environment, readConfiguration } from './read-configuration.ts';

function documents(environment: Environment = {}): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { values, problems } = readConfiguration(environment);
  assert.deepEqual(problems, []);
  return Object.fromEntries(firstPolicies(values, { desk: 'fx' }).map(({ key, document }) => [key, document]));
}

test('the documents of the house are whole and valid', () => {
  const all = documents();
  for (const [domain, policy] of Object.entries(housePolicies)) {
    const document = all[`${domain}/fx`] ?? {};
    assert.deepEqual(parsePolicy(policy, document, policy.version, false), { document }, domain);
  }
});

test('every key is a policy key of the desk, house first, then modules by name', () => {
  const keys = Object.keys(documents());
  assert.deepEqual(keys.slice(0, 4), ['desk/fx', 'limits/fx', 'costs/fx', 'strategy/fx']);
  assert.deepEqual(keys.slice(4), keys.slice(4).sort());
  for (const key of keys) assert.equal(parsePolicyKey(key)?.desk, 'fx', key);
});

test('the desk trades eight pairs on a grid of thirty seconds', () => {
  const desk = documents()['desk/fx'];
  assert.deepEqual(desk?.['universe'], [
    ...['EUR_USD', 'USD_JPY', 'GBP_USD', 'EUR_JPY', 'USD_CAD', 'NZD_USD', 'AUD_USD', 'USD_CHF'],
  ]);
  assert.equal(desk?.['decisionGridMs'], 30_000);
  assert.equal(desk?.['modeCap'], 'ACTIVE');
});

test('every module that variables fill stands on the desk', () => {
  const { slots = {} } = documents()['desk/fx'] ?? {};
  const standing = new Set(Object.values(slots as Record<string, string[]>).flat());
  for (const key of Object.keys(documents()).slice(4)) assert.ok(standing.has(key.split('/')[0] ?? ''), key);
});

test('the limits are those of the specification and of the house', () => {
  assert.deepEqual(documents()['limits/fx'], {
    maximumPositionUnits: 0,
    maximumDailyLoss: 0,
    maximumPositions: 3,
    maximumNetUnits: 100_000,
    maximumLeverage: 20,
    maximumOrderNotional: 0,
    maximumOrdersPerMinute: 30,
    priceCollarBps: 100,
    maximumCurrencyExposure: 10,
    markAgeMsMax: 300_000,
  });
});

test('costs start as the default table', () => {
  assert.deepEqual(documents()['costs/fx'], defaultCosts);
});

test('one variable fills every field it is meant for', () => {
  const all = documents({ RISK_ALLOC_TARGET_PCT: '0.2', ALLOC_TOP_K: '2' });
  for (const domain of ['top-k-allocator', 'budget-ramp', 'budget-limit']) {
    assert.equal(all[`${domain}/fx`]?.['targetFraction'], 0.2, domain);
  }
  assert.equal(all['top-k-allocator/fx']?.['topK'], 2);
  assert.equal(all['budget-ramp/fx']?.['topK'], 2);
  assert.equal(all['limits/fx']?.['maximumPositions'], 2);
});

test('a choice that policies spell differently is translated', () => {
  const standard = documents()['strategy/fx'];
  assert.equal(standard?.['bracketIntervalMinutes'], 5);
  assert.equal(standard?.['deltaCoherenceMode'], 'pattern');
  const changed = documents({ AUTO_TP_ATR_GRAN: 'H1', DIR_DC_MODE: 'off' })['strategy/fx'];
  assert.equal(changed?.['bracketIntervalMinutes'], 60);
  assert.equal(changed?.['deltaCoherenceMode'], 'off');
});

test('what is not set and has no default is null', () => {
  const all = documents();
  assert.equal(all['spread-gate/fx']?.['maximumSpreadBps'], null);
  assert.equal(all['rolling-evaluator/fx']?.['maximumHazard'], null);
  assert.equal(all['strategy/fx']?.['exitSlopeBps'], null);
});

test('every choice of the house domains makes a valid document', () => {
  for (const { name, type, choices = [], targets } of configuration) {
    if (type !== 'choice' || targets[0]?.domain !== 'strategy') continue;
    for (const choice of choices) {
      const document = documents({ [name]: choice })['strategy/fx'] ?? {};
      const { strategy } = housePolicies;
      assert.deepEqual(parsePolicy(strategy, document, 1, false), { document }, `${name}=${choice}`);
    }
  }
});

test('every figure a house variable accepts is accepted by its policy', () => {
  const figures = configuration.filter(
    ({ type, targets }) =>
      (type === 'number' || type === 'integer') && /^(?:limits|strategy)$/.test(targets[0]?.domain ?? ''),
  );
  fc.assert(
    fc.property(fc.constantFrom(...figures), fc.double({ noNaN: true, min: -2000, max: 2000 }), (row, figure) => {
      const text = row.type === 'integer' ? String(Math.trunc(figure)) : String(figure);
      const { values, problems } = readConfiguration({ [row.name]: text });
      if (problems.length > 0) return;
      const domain = row.targets[0]?.domain === 'limits' ? 'limits' : 'strategy';
      const found = firstPolicies(values, { desk: 'fx' }).find(({ key }) => key === `${domain}/fx`);
      assert.ok(
        'document' in parsePolicy(housePolicies[domain], { ...found?.document }, 1, false),
        `${row.name}=${text}`,
      );
    }),
  );
});
