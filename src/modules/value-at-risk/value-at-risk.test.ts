import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fxInstrument } from '#domain/instrument.ts';
import type { Target } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { valueAtRisk } from './value-at-risk.ts';

const mids: Readonly<Record<string, number>> = { EUR_USD: 110_000, USD_CHF: 90_000, USD_JPY: 150_000 };
const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

/** An account of 100 000 dollars, prices for all pairs and a sigma of one basis point a minute for those named. */
function createScene(
  withSigma: readonly string[],
  parameters: Record<string, unknown> = {},
  sigma = 0.0001,
): DeskFixture {
  const scene = createDeskFixture([valueAtRisk], {
    symbols: Object.keys(mids),
    policies: { 'value-at-risk': parameters },
  });
  for (const [symbol, mid] of Object.entries(mids))
    scene.send({
      type: 'quote.updated',
      at: scene.at,
      instrument: fxInstrument(symbol).id,
      bidPrice: mid,
      askPrice: mid,
    });
  for (const symbol of withSigma)
    scene.send({
      type: 'manifold.published',
      at: scene.at,
      instrument: fxInstrument(symbol).id,
      windowEndAt: scene.at,
      endPrice: 1,
      coherence: 0.5,
      stability: 0.9,
      entropy: 0.8,
      rupture: 0.1,
      patternCoherence: 0.5,
      downRunRatio: 0.1,
      hazardLambda: 0.05,
      sigmaEffective: sigma,
      signature: 's',
      repetitionCount: 1,
      firstSeenAt: 0,
    });
  return scene;
}

function hold(scene: DeskFixture, quantities: Record<string, number>): void {
  const positions = Object.entries(quantities).map(([symbol, signedQuantity]) => ({
    instrument: fxInstrument(symbol).id,
    signedQuantity,
    cost: Math.abs(signedQuantity) * (mids[symbol] ?? 0),
  }));
  scene.send({
    type: 'venue.reconciled',
    at: scene.at,
    balance: 100_000_000_000,
    positions,
    openOrderIds: [],
    differences: [],
  });
}

function target(instrument: string, signedQuantity: number): Target {
  return { instrument, signedQuantity, sizeFraction: 1, plan: null, strategy: 's', reason: 'r' };
}

function propose(scene: DeskFixture, value: readonly Target[]) {
  const made = valueAtRisk.propose.risk?.(value, {}, contextFor(scene.engine, 'value-at-risk'));
  assert.ok(made !== undefined);
  return made;
}

test('one position has at most half a percent of equity at risk within the hour', () => {
  const { value, entries } = propose(createScene(['USD_JPY']), [target(yen, 9_000_000)]);
  // 1.645 × 0.0001 × √60 = 0.001274211520905… of the notional, so 500 dollars allow 392 399 of notional.
  assert.deepEqual(value, [target(yen, 392_399)]);
  assert.deepEqual(entries, [{ subject: yen, code: 'shrunk', value: 392_399 }]);
});

test('the bound of one position counts what is in hand', () => {
  const scene = createScene(['EUR_USD']);
  hold(scene, { EUR_USD: -300_000 });
  assert.deepEqual(propose(scene, [target(euro, -9_000_000)]).value, [target(euro, -356_726)]);
});

test('all positions together fit their own bound, in order', () => {
  const scene = createScene(['EUR_USD', 'USD_JPY'], { totalMaximum: 0.006 });
  // 0.005 of equity go to the first, 0.001 to the second: 78 479 dollars.
  assert.deepEqual(propose(scene, [target(yen, 9_000_000), target(euro, 9_000_000)]).value, [
    target(yen, 392_399),
    target(euro, 71_345),
  ]);
});

test('a shorter horizon allows more, by the root of time', () => {
  const scene = createScene(['USD_JPY'], { horizonMinutes: 15 });
  assert.deepEqual(propose(scene, [target(yen, 9_000_000)]).value, [target(yen, 784_799)]);
});

test('without a sigma nothing grows and reductions pass', () => {
  const scene = createScene([]);
  hold(scene, { EUR_USD: 100 });
  const { value, entries } = propose(scene, [target(euro, 60), target(yen, 1)]);
  assert.deepEqual(value, [target(euro, 60)]);
  assert.deepEqual(entries, [{ subject: yen, code: 'unmeasured', value: null }]);
  assert.deepEqual(propose(createScene(['USD_JPY'], {}, 0), [target(yen, 1)]).value, []);
});

test('a position in hand without a sigma lets no other grow', () => {
  const scene = createScene(['USD_JPY']);
  hold(scene, { USD_CHF: 100 });
  assert.deepEqual(propose(scene, [target(yen, 1)]).value, []);
});

const quantity = fc.integer({ min: -2_000_000, max: 2_000_000 });

test('no target grows or changes sides, and no increase leads above a bound', () => {
  const scene = createScene(['EUR_USD', 'USD_JPY'], { totalMaximum: 0.008 });
  const rate = 1.645 * 0.0001 * Math.sqrt(60);
  fc.assert(
    fc.property(quantity, quantity, quantity, quantity, (heldEuro, heldYen, wantedEuro, wantedYen) => {
      hold(scene, { EUR_USD: heldEuro, USD_JPY: heldYen });
      const { value } = propose(scene, [target(euro, wantedEuro), target(yen, wantedYen)]);
      let total = 0;
      let hasGrown = false;
      for (const [id, held, wanted, unit] of [
        [euro, heldEuro, wantedEuro, 1.1],
        [yen, heldYen, wantedYen, 1],
      ] as const) {
        const after = value.find(({ instrument }) => instrument === id)?.signedQuantity ?? held;
        if (after !== held) assert.ok(Math.abs(after) <= Math.abs(wanted) && after * wanted >= 0);
        const isIncrease = after * held >= 0 && Math.abs(after) > Math.abs(held);
        const share = (quantityHeld: number): number => (Math.abs(quantityHeld) * unit * rate) / 100_000;
        if (isIncrease) assert.ok(share(after) <= 0.005 + 1e-12);
        hasGrown ||= isIncrease;
        total += share(isIncrease ? after : held);
      }
      if (hasGrown) assert.ok(total <= 0.008 + 1e-12);
    }),
  );
});
