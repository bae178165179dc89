import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fxInstrument } from '#domain/instrument.ts';
import type { Target } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { budgetLimit } from './budget-limit.ts';

const mids: Readonly<Record<string, number>> = { EUR_USD: 110_000, USD_JPY: 150_000 };
const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

/** A unit of EUR_USD takes 0.022 of margin, one of USD_JPY 0.02. */
function createScene(balance = 100_000_000_000): DeskFixture {
  const scene = createDeskFixture([budgetLimit], { symbols: Object.keys(mids), balance });
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

/** Holds these quantities, bought or sold at the given prices or at the mids. */
function hold(scene: DeskFixture, quantities: Record<string, number>, prices = mids): void {
  const { balance } = scene.engine.state.account;
  const positions = Object.entries(quantities).map(([symbol, signedQuantity]) => ({
    instrument: fxInstrument(symbol).id,
    signedQuantity,
    cost: Math.abs(signedQuantity) * (prices[symbol] ?? 0),
  }));
  scene.send({ type: 'venue.reconciled', at: scene.at, balance, positions, openOrderIds: [], differences: [] });
}

function target(instrument: string, signedQuantity: number): Target {
  return { instrument, signedQuantity, sizeFraction: 1, plan: null, strategy: 's', reason: 'r' };
}

function propose(scene: DeskFixture, value: readonly Target[]) {
  const made = budgetLimit.propose.risk?.(value, {}, contextFor(scene.engine, 'budget-limit'));
  assert.ok(made !== undefined);
  return made;
}

test('the margin of all positions fits thirty percent of the account, later increases give way', () => {
  const scene = createScene();
  hold(scene, { USD_JPY: 1_000_000 });
  const { value, entries } = propose(scene, [target(euro, -400_000), target(yen, 1_200_000)]);
  // 20 000 are in use and 8 800 come first, so 1 200 are left for the second: 60 000 units.
  assert.deepEqual(value, [target(euro, -400_000), target(yen, 1_060_000)]);
  assert.deepEqual(entries, [{ subject: yen, code: 'shrunk', value: 1_060_000 }]);
});

test('an increase without room is dropped and a reduction passes', () => {
  const scene = createScene();
  hold(scene, { USD_JPY: 2_000_000 });
  const { value, entries } = propose(scene, [target(euro, 1), target(yen, 5)]);
  assert.deepEqual(value, [target(yen, 5)]);
  assert.deepEqual(entries, [{ subject: euro, code: 'dropped', value: null }]);
});

test('a running loss makes the budget smaller, a running profit does not make it larger', () => {
  const losing = createScene();
  hold(losing, { EUR_USD: 100_000 }, { EUR_USD: 120_000 });
  // The loss of 10 000 leaves 27 000 of budget, of which 2 200 are in use.
  assert.equal(propose(losing, [target(yen, 9_000_000)]).value[0]?.signedQuantity, 1_240_000);
  const winning = createScene();
  hold(winning, { EUR_USD: 100_000 }, { EUR_USD: 100_000 });
  assert.equal(propose(winning, [target(yen, 9_000_000)]).value[0]?.signedQuantity, 1_390_000);
});

test('targets that fit keep the array, and an account below zero lets nothing grow', () => {
  const before = [target(euro, 1_000)];
  assert.equal(propose(createScene(), before).value, before);
  assert.deepEqual(propose(createScene(-5), before).value, []);
});

const quantity = fc.integer({ min: -2_000_000, max: 2_000_000 });

test('no target grows or changes sides, and all margin stays under the budget or what was used', () => {
  const scene = createScene();
  fc.assert(
    fc.property(quantity, quantity, quantity, quantity, (heldEuro, heldYen, wantedEuro, wantedYen) => {
      hold(scene, { EUR_USD: heldEuro, USD_JPY: heldYen });
      const { value } = propose(scene, [target(euro, wantedEuro), target(yen, wantedYen)]);
      let used = 0;
      for (const [id, held, wanted, unit] of [
        [euro, heldEuro, wantedEuro, 0.022],
        [yen, heldYen, wantedYen, 0.02],
      ] as const) {
        const after = value.find(({ instrument }) => instrument === id)?.signedQuantity;
        if (after !== undefined) assert.ok(Math.abs(after) <= Math.abs(wanted) && after * wanted >= 0);
        const isSameSide = after !== undefined && after * held >= 0;
        used += Math.max(Math.abs(held), isSameSide ? Math.abs(after) : 0) * unit;
      }
      const usedBefore = Math.abs(heldEuro) * 0.022 + Math.abs(heldYen) * 0.02;
      assert.ok(used <= Math.max(30_000, usedBefore) + 0.001);
    }),
  );
});
