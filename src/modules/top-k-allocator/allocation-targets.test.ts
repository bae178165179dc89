import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WeightsDocument } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { Target } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import type { ModuleContext } from '#engine/module.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../../../tests/support/desk-fixture.ts';
import { allocationStanding, allocationTargets } from './allocation-targets.ts';
import { type AllocatorParameters, allocatorParameters } from './allocator-parameters.ts';
import { topKAllocator } from './top-k-allocator.ts';

const mids: Readonly<Record<string, number>> = { EUR_JPY: 165_000, EUR_USD: 110_000, USD_JPY: 150_000 };
const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

function createScene(options: FixtureOptions = {}): DeskFixture {
  const scene = createDeskFixture([topKAllocator], { symbols: Object.keys(mids), ...options });
  for (const [symbol, mid] of Object.entries(mids))
    scene.send({
      type: 'quote.updated',
      at: scene.at,
      instrument: fxInstrument(symbol).id,
      bidPrice: mid,
      askPrice: mid,
    });
  return scene;
}

function weigh(scene: DeskFixture, weights: Record<string, number>, changes: Partial<WeightsDocument> = {}): void {
  const document: WeightsDocument = {
    publishedAt: scene.at,
    topK: 3,
    weights,
    exposureFractions: {},
    scores: {},
    isHeld: false,
    heldSinceAt: null,
    isFallback: false,
    eligibleCount: 2,
    gatesAgeSeconds: 0,
    reason: 'allocated',
    ...changes,
  };
  scene.send({ type: 'weights.published', at: scene.at, document });
}

/** Sets the books to these positions at the current mids, with the balance untouched. */
function hold(scene: DeskFixture, quantities: Record<string, number>): void {
  const positions = Object.entries(quantities).map(([symbol, signedQuantity]) => ({
    instrument: fxInstrument(symbol).id,
    signedQuantity,
    cost: Math.abs(signedQuantity) * (mids[symbol] ?? 0),
  }));
  const { balance } = scene.engine.state.account;
  scene.send({ type: 'venue.reconciled', at: scene.at, balance, positions, openOrderIds: [], differences: [] });
}

function target(instrument: string, signedQuantity: number): Target {
  return { instrument, signedQuantity, sizeFraction: 1, plan: null, strategy: 'wave', reason: 'up' };
}

function propose(scene: DeskFixture, value: readonly Target[], unjudged: readonly string[] = []) {
  const context = contextFor(scene.engine, 'top-k-allocator') as ModuleContext<AllocatorParameters>;
  return allocationTargets(value, unjudged, context);
}

test('a signal is sized by its weight of thirty percent of the account', () => {
  const scene = createScene();
  weigh(scene, { EUR_USD: 0.6, USD_JPY: 0.4 });
  const { value, entries } = propose(scene, [target(euro, 7), target(yen, -7)]);
  // 18 000 and 12 000 of margin at 0.022 and 0.02 a unit.
  assert.deepEqual(value, [target(euro, 818_181), target(yen, -600_000)]);
  assert.deepEqual(entries, [
    { subject: euro, code: 'sized', value: 818_181 },
    { subject: yen, code: 'sized', value: -600_000 },
  ]);
});

test('a cross is sized in the currency of the account', () => {
  const scene = createScene();
  weigh(scene, { EUR_JPY: 1 });
  // 165 yen are 1.10 dollars at 150, as EUR_USD says: 0.022 a unit.
  assert.deepEqual(propose(scene, [target('EURJPY.OANDA', 1)]).value, [target('EURJPY.OANDA', 1_363_636)]);
});

test('a share too small for one unit gives one unit', () => {
  const scene = createScene({ balance: 10_000 });
  weigh(scene, { EUR_USD: 1 });
  assert.deepEqual(propose(scene, [target(euro, -50)]).value, [target(euro, -1)]);
});

test('open positions shrink the budget on the base of margin and not on that of equity', () => {
  const sizeOn = (budgetBase: string): number | undefined => {
    const scene = createScene({ policies: { 'top-k-allocator': { budgetBase } } });
    weigh(scene, { EUR_USD: 0.5, USD_JPY: 0.5 });
    hold(scene, { USD_JPY: 500_000 });
    return propose(scene, [target(euro, 1)]).value.find(({ instrument }) => instrument === euro)?.signedQuantity;
  };
  assert.equal(sizeOn('margin'), 613_636);
  assert.equal(sizeOn('equity'), 681_818);
});

test('a signal without a weight has no target, and one already of the right size keeps the array', () => {
  const scene = createScene();
  weigh(scene, { EUR_USD: 1 });
  assert.deepEqual(propose(scene, [target(yen, 7)]).entries, [{ subject: yen, code: 'no-weight', value: null }]);
  assert.deepEqual(propose(scene, [target(yen, 7)]).value, []);
  const before = [target(euro, 1_363_636)];
  assert.equal(propose(scene, before).value, before);
  const none: Target[] = [];
  assert.equal(propose(scene, none).value, none);
});

test('a position whose instrument has left fresh weights is closed first, signal or not', () => {
  const scene = createScene();
  weigh(scene, { EUR_USD: 1 });
  hold(scene, { USD_JPY: -40 });
  const { value, entries } = propose(scene, [target(euro, 1), target(yen, -7)]);
  assert.deepEqual(
    value.map(({ instrument, signedQuantity, reason }) => [instrument, Math.sign(signedQuantity), reason]),
    [
      [yen, 0, 'left-allocation'],
      [euro, 1, 'up'],
    ],
  );
  assert.deepEqual(entries[0], { subject: yen, code: 'left-allocation', value: 0 });
  assert.equal(entries.filter(({ subject }) => subject === yen).length, 1);
});

test('a position left out because its data is old is kept', () => {
  const scene = createScene();
  weigh(scene, { EUR_USD: 1 });
  hold(scene, { USD_JPY: -40 });
  const { value, entries } = propose(scene, [], ['USD_JPY']);
  assert.deepEqual(value, []);
  assert.deepEqual(entries, [{ subject: yen, code: 'stale-kept', value: null }]);
});

test('held weights keep every position: no targets at all', () => {
  const scene = createScene();
  weigh(scene, { EUR_USD: 1 }, { isHeld: true, heldSinceAt: scene.at });
  hold(scene, { EUR_USD: 9_000_000, USD_JPY: 40 });
  const { value, entries, reason } = propose(scene, [target(euro, 1)]);
  assert.deepEqual(value, []);
  assert.deepEqual(entries, [{ subject: euro, code: 'held', value: null }]);
  assert.equal(reason, 'held');
});

test('weights held for too long let positions shrink or close, never grow', () => {
  const scene = createScene();
  weigh(scene, { EUR_JPY: 0.1, EUR_USD: 0.1, USD_JPY: 0.8 }, { isHeld: true, heldSinceAt: scene.at - 900_000 });
  hold(scene, { EUR_JPY: 500_000, EUR_USD: 200_000, USD_JPY: 10 });
  const { value, entries } = propose(scene, [target(euro, 1), target(yen, 1), target('EURJPY.OANDA', -1)]);
  // Used margin is 15 400.20, so a tenth of the budget is 2 537.99.
  assert.deepEqual(value, [target(euro, 115_363), { ...target('EURJPY.OANDA', -1), signedQuantity: 0 }]);
  assert.deepEqual(
    entries.map(({ code }) => code),
    ['hold-reduced', 'hold-expired', 'hold-reduced'],
  );
});

test('a fallback trades only where the policy lets it', () => {
  const shown = createScene();
  weigh(shown, { EUR_USD: 1 }, { isFallback: true });
  hold(shown, { USD_JPY: 40 });
  assert.deepEqual(propose(shown, [target(euro, 7)]).value, []);
  assert.equal(propose(shown, [target(euro, 7)]).reason, 'fallback');
  const traded = createScene({ policies: { 'top-k-allocator': { fallbackTradable: true } } });
  weigh(traded, { EUR_USD: 1 }, { isFallback: true });
  assert.deepEqual(propose(traded, [target(euro, 7)]).value, [target(euro, 1_363_636)]);
});

test('without any weights, or with an empty vector, there are no targets and positions are kept', () => {
  const scene = createScene();
  hold(scene, { USD_JPY: 40 });
  assert.deepEqual(propose(scene, [target(euro, 7)]).value, []);
  weigh(scene, {});
  assert.deepEqual(propose(scene, [target(euro, 7)]).value, []);
});

test('an instrument without a price in the account currency has no target', () => {
  const scene = createDeskFixture([topKAllocator], { symbols: ['EUR_JPY'] });
  weigh(scene, { EUR_JPY: 1 });
  assert.deepEqual(propose(scene, [target('EURJPY.OANDA', 7)]).entries, [
    { subject: 'EURJPY.OANDA', code: 'no-price', value: null },
  ]);
});

test('a hold expires at its greatest age', () => {
  const scene = createScene();
  weigh(scene, { EUR_USD: 1 }, { isHeld: true, heldSinceAt: 1_000 });
  const { weights } = scene.engine.state;
  const parameters = allocatorParameters.parse({});
  assert.equal(allocationStanding(weights, parameters, 900_999), 'held');
  assert.equal(allocationStanding(weights, parameters, 901_000), 'hold-expired');
});
