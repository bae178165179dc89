import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { createMarket } from './market.ts';
import { readPolicies, strategyOf } from './policy-view.ts';
import { createState, type EngineState } from './state.ts';

const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

/** A state with the three documents every desk needs and one of a module, differing for the yen. */
function stateOf(): EngineState {
  const state = createState();
  state.desk = 'fx';
  for (const symbol of ['EUR_USD', 'USD_JPY']) {
    const instrument = fxInstrument(symbol);
    state.markets[instrument.id] = createMarket({
      type: 'instrument.listed',
      at: 0,
      instrument,
      hasVolume: true,
      priceBasis: 'bid',
    });
  }
  const documents: Record<string, Record<string, unknown>> = {
    'desk/fx': { venue: 'OANDA' },
    'limits/fx': { maximumPositions: 8 },
    'costs/fx': { latencyMs: 250 },
    'strategy/fx': { stopLossPips: 15 },
    'strategy/fx/USD_JPY': { stopLossPips: 20 },
    'guard/fx': { level: 1, age: 2 },
    'guard/fx/USD_JPY': { level: 9 },
    'guard/crypto': { level: 5, age: 5 },
  };
  for (const [key, document] of Object.entries(documents)) state.policies[key] = { version: 1, document };
  return state;
}

test('a desk without its desk, limits or costs has no policies', () => {
  for (const missing of ['desk/fx', 'limits/fx', 'costs/fx']) {
    const state = stateOf();
    delete state.policies[missing];
    assert.equal(readPolicies(state), undefined, missing);
  }
  assert.equal(readPolicies(createState()), undefined);
});

test("the house's documents are those of the desk", () => {
  const policies = readPolicies(stateOf());
  assert.deepEqual(
    [policies?.desk, policies?.limits, policies?.costs],
    [{ venue: 'OANDA' }, { maximumPositions: 8 }, { latencyMs: 250 }],
  );
});

test("an instrument has the desk's document with what differs for it, and the desk its own", () => {
  const policies = readPolicies(stateOf());
  assert.deepEqual(policies?.of('guard'), { level: 1, age: 2 });
  assert.deepEqual(policies?.of('guard', euro), { level: 1, age: 2 });
  assert.deepEqual(policies?.of('guard', yen), { level: 9, age: 2 });
  assert.deepEqual(policies?.of('guard', 'GBPUSD.OANDA'), { level: 1, age: 2 });
  assert.ok(policies !== undefined);
  assert.deepEqual([strategyOf(policies), strategyOf(policies, yen)], [{ stopLossPips: 15 }, { stopLossPips: 20 }]);
});

test('a document is merged once', () => {
  const policies = readPolicies(stateOf());
  assert.equal(policies?.of('guard', yen), policies?.of('guard', yen));
});

test('a domain that nobody wrote stops', () => {
  assert.throws(() => readPolicies(stateOf())?.of('nobody'), /policy 'nobody\/fx'' is absent/);
});
