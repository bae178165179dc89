import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { present } from '#base/assert.ts';
import type { OrderPlan } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { ruleBroken } from '#engine/slot-rules.ts';
import { createDeskFixture } from '../../../tests/support/desk-fixture.ts';
import { marketBracket } from './market-bracket.ts';

const euro = 'EURUSD.OANDA';
const entry: OrderPlan = {
  instrument: euro,
  side: 'buy',
  quantity: 1000,
  orderType: 'limit',
  limitPrice: 110_000,
  stopPrice: null,
  timeInForce: 'goodTillTime',
  expiresAt: 60_000,
  isReduceOnly: false,
  purpose: 'entry',
  bracket: { stopPrice: 109_800, targetPrice: 110_300 },
  strategy: 'combined',
  reason: 'combined-direction',
};
const exit: OrderPlan = {
  ...entry,
  side: 'sell',
  orderType: 'market',
  limitPrice: null,
  timeInForce: 'fillOrKill',
  expiresAt: null,
  isReduceOnly: true,
  purpose: 'exit',
  bracket: null,
};

const fixture = createDeskFixture([marketBracket]);

function propose(value: readonly OrderPlan[]) {
  const execution = present(marketBracket.propose.execution, 'execution');
  return execution(value, {}, contextFor(fixture.engine, 'market-bracket'));
}

test('an entry becomes a market order that fills whole or not at all and keeps its bracket', () => {
  const { value, entries } = propose([entry]);
  assert.deepEqual(value, [
    { ...entry, orderType: 'market', limitPrice: null, timeInForce: 'fillOrKill', expiresAt: null },
  ]);
  assert.deepEqual(entries, [{ subject: euro, code: 'market-entry-with-bracket', value: 1000 }]);
});

test('an entry without a bracket says so', () => {
  assert.equal(propose([{ ...entry, bracket: null }]).entries[0]?.code, 'market-entry');
});

test('orders that are as they must be come back as the same list', () => {
  const value = [exit, ...propose([entry]).value];
  const proposal = propose(value);
  assert.equal(proposal.value, value);
  assert.deepEqual(proposal.entries, []);
});

test('a reduction by another kind of order becomes a market order that only reduces', () => {
  const { value, entries } = propose([{ ...entry, side: 'sell', purpose: 'exit' }]);
  assert.deepEqual(value, [exit]);
  assert.equal(entries[0]?.code, 'market-reduction');
});

test('no net quantity changes, whatever the plans', () => {
  const plan = fc.record({
    instrument: fc.constantFrom(euro, 'USDJPY.OANDA'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 1_000_000 }),
    orderType: fc.constantFrom('market' as const, 'limit' as const),
    purpose: fc.constantFrom('entry' as const, 'exit' as const),
  });
  const property = fc.property(fc.array(plan, { maxLength: 6 }), (changes) => {
    const before = changes.map((change) => ({ ...entry, ...change }));
    const { value } = propose(before);
    assert.equal(ruleBroken('execution', before, value, fixture.engine.state), undefined);
    assert.ok(value.every(({ orderType, timeInForce }) => orderType === 'market' && timeInForce === 'fillOrKill'));
    assert.ok(value.every(({ purpose, isReduceOnly }) => isReduceOnly === (purpose === 'exit')));
  });
  fc.assert(property);
});
