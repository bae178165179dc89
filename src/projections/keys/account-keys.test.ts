import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { accountFigures as engineFigures } from '#engine/account.ts';
import { budgetRamp } from '#modules/budget-ramp/budget-ramp.ts';
import { barOf, createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, followLively, tailOf } from '../../../tests/support/key-fold.ts';
import { accountFigures } from './account-keys.ts';
import { deskPolicy } from './kept-policies.ts';
import { keysProjection } from './keys-projection.ts';

test('the figures are those that the engine sizes by, at every turn of a desk at work', () => {
  const state = keysProjection.initial();
  let positions = 0;
  followLively({}, (entries, engine) => {
    for (const entry of entries) keysProjection.project(state, entry, () => undefined);
    const desk = deskPolicy(state);
    if (desk === undefined) return;
    const { balance, marginUsed, marginAvailable } = engineFigures(engine.state, desk);
    assert.deepEqual(accountFigures(state, desk), { balance, marginUsed, marginAvailable });
    if (marginUsed > 0) positions += 1;
  });
  assert.ok(positions > 100, `positions were held at ${positions} turns`);
});

const tick: Event = { type: 'time.ticked', at: fixtureAt + 30_500 };

function fillOf(changes: Partial<EventByType['order.filled']>): EventByType['order.filled'] {
  return {
    type: 'order.filled',
    at: fixtureAt,
    clientOrderId: 'order',
    venueOrderId: '1',
    fillId: '1',
    instrument: 'EURUSD.OANDA',
    side: 'buy',
    quantity: 10_000,
    price: 110_000,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 0,
    balance: 100_000_000_000,
    venueAt: fixtureAt,
    isPessimistic: false,
    ...changes,
  };
}

test('the budget is a share of the smaller of balance and free margin, in whole money', () => {
  const { setUpEvents } = createDeskFixture([budgetRamp]);
  // Ten thousand euro bought at 1.10000; the bid is 1.10100, the ask 1.10110: ten dollars gained, 220.21 tied up.
  const events = [fillOf({}), barOf('EUR_USD', 110_100, fixtureAt), tick];
  const { changes } = foldKeys(tailOf([...setUpEvents, ...events]));
  const key = 'risk:alloc_budget';
  assert.deepEqual(changesOf(changes, key).at(-1), {
    type: 'hash',
    key,
    fields: {
      balance: '100000.000000',
      margin_available: '99789.790000',
      target_pct: '0.3',
      budget: '29936.937000',
      ts: '1768392030',
      ts_ms: '1768392030500',
    },
    ttlMs: 300_000,
  });
});

test('nothing is written while a position has no price, before the desk is live, or without a module that takes a budget', () => {
  const key = 'risk:alloc_budget';
  const written = (events: readonly Event[], after: number): number =>
    changesOf(foldKeys(tailOf([...events])).changes, key).length - after;
  const { setUpEvents } = createDeskFixture([budgetRamp]);
  const yen = fillOf({ instrument: 'USDJPY.OANDA', price: 150_000 });
  const before = written(setUpEvents, 0);
  assert.equal(before, 1);
  assert.equal(written([...setUpEvents, tick], before), 1);
  assert.equal(written([...setUpEvents, yen, tick], before), 0);
  assert.equal(written([...setUpEvents, yen, barOf('USD_JPY', 150_000, fixtureAt), tick], before), 1);
  assert.equal(written([...createDeskFixture([budgetRamp], { isWarm: false }).setUpEvents, tick], 0), 0);
  assert.equal(written([...createDeskFixture([]).setUpEvents, tick], 0), 0);
});

test('a told quote stands until a bar that opened after it', () => {
  const { setUpEvents } = createDeskFixture([]);
  const quote: Event = {
    type: 'quote.updated',
    at: fixtureAt - 30_000,
    instrument: 'EURUSD.OANDA',
    bidPrice: 110_000,
    askPrice: 110_020,
  };
  const crossed = { ...quote, bidPrice: 110_030 };
  const bar = barOf('EUR_USD', 110_100, fixtureAt);
  const marketAfter = (...events: Event[]): unknown => {
    const market = foldKeys(tailOf([...setUpEvents, ...events])).state.markets['EURUSD.OANDA'];
    return [market?.bidPrice, market?.askPrice, market?.isQuoteDerived];
  };
  assert.deepEqual(marketAfter(quote, crossed), [110_000, 110_020, false]);
  assert.deepEqual(marketAfter(quote, bar), [110_000, 110_020, false]);
  assert.deepEqual(marketAfter(quote, { ...bar, openAt: fixtureAt }), [110_100, 110_110, true]);
});
