import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fxInstrument } from '#domain/instrument.ts';
import type { Target } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { budgetRamp } from './budget-ramp.ts';

const mids: Readonly<Record<string, number>> = { EUR_JPY: 165_000, EUR_USD: 110_000, USD_JPY: 150_000 };
const euro = 'EURUSD.OANDA';

/** An account of 100 000 dollars; a unit of EUR_USD and of EUR_JPY takes 0.022 of margin, one of USD_JPY 0.02. */
function createScene(parameters: Record<string, unknown> = {}, balance = 100_000_000_000): DeskFixture {
  const scene = createDeskFixture([budgetRamp], {
    symbols: Object.keys(mids),
    balance,
    policies: { 'budget-ramp': parameters },
  });
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

/** Sets the position of EUR_USD at the current mid, with the balance untouched. */
function hold(scene: DeskFixture, signedQuantity: number): void {
  const { balance } = scene.engine.state.account;
  const positions = [{ instrument: euro, signedQuantity, cost: Math.abs(signedQuantity) * 110_000 }];
  scene.send({ type: 'venue.reconciled', at: scene.at, balance, positions, openOrderIds: [], differences: [] });
}

function target(instrument: string, signedQuantity: number, sizeFraction = 1): Target {
  return { instrument, signedQuantity, sizeFraction, plan: null, strategy: 's', reason: 'r' };
}

function propose(scene: DeskFixture, value: readonly Target[]) {
  const proposal = budgetRamp.propose.allocation?.(value, {}, contextFor(scene.engine, 'budget-ramp'));
  assert.ok(proposal !== undefined);
  return proposal;
}

function quantityOf(scene: DeskFixture, wanted: Target): number | undefined {
  return propose(scene, [wanted]).value[0]?.signedQuantity;
}

test('on the base of the budget a position is capped at three percent of the margin, on that of margin at ten', () => {
  // 3 000 and 10 000 of margin at 0.022 a unit, without a ramp.
  assert.equal(quantityOf(createScene({ rampStepFraction: 1 }), target(euro, 9_000_000)), 136_363);
  const scene = createScene({ rampStepFraction: 1, perPositionBase: 'margin' });
  assert.equal(quantityOf(scene, target(euro, -9_000_000)), -454_545);
});

test('a cross is capped by its margin in dollars, as EUR_USD gives it', () => {
  assert.equal(quantityOf(createScene({ rampStepFraction: 1 }), target('EURJPY.OANDA', 9_000_000)), 136_363);
  assert.equal(quantityOf(createScene({ rampStepFraction: 1 }), target('USDJPY.OANDA', 9_000_000)), 150_000);
});

test('the split among eight positions caps where it is the smaller', () => {
  const scene = createScene({ rampStepFraction: 1, perPositionFraction: 1, topK: 8 });
  assert.equal(quantityOf(scene, target(euro, 9_000_000)), Math.trunc(3_750 / 0.022));
});

test('four decisions build a position up to its cap and the fifth changes nothing', () => {
  const scene = createScene({ budgetBase: 'equity' });
  const held: number[] = [];
  for (let decision = 0; decision < 4; decision += 1) {
    const quantity = quantityOf(scene, target(euro, 9_000_000)) ?? 0;
    held.push(quantity);
    hold(scene, quantity);
  }
  assert.deepEqual(held, [34_090, 68_180, 102_270, 136_360]);
  const { value, entries } = propose(scene, [target(euro, 9_000_000)]);
  assert.deepEqual(value, []);
  assert.deepEqual(entries, [{ subject: euro, code: 'dead-band', value: null }]);
});

test('on the base of margin the cap falls with what is used, and four decisions still reach it', () => {
  const scene = createScene();
  const codes: (string | undefined)[] = [];
  for (let decision = 0; decision < 5; decision += 1) {
    const { value, entries } = propose(scene, [target(euro, 9_000_000)]);
    codes.push(entries[0]?.code);
    const quantity = value[0]?.signedQuantity;
    if (quantity !== undefined) hold(scene, quantity);
  }
  assert.deepEqual(codes, ['ramped', 'ramped', 'ramped', 'capped', 'dead-band']);
});

test('a signal with its own share of the budget stays under it', () => {
  // Two percent of 30 000 are 600, below the cap of 3 000 and below one step of the ramp.
  assert.equal(quantityOf(createScene(), target(euro, 9_000_000, 0.02)), 27_272);
});

test('a difference below two percent of the target is left alone, one of two percent is not', () => {
  const scene = createScene();
  hold(scene, 10_000);
  assert.equal(quantityOf(scene, target(euro, 10_204)), undefined);
  assert.equal(quantityOf(scene, target(euro, 10_205)), 10_205);
  assert.equal(quantityOf(scene, target(euro, 9_804)), undefined);
  assert.equal(quantityOf(scene, target(euro, 9_803)), 9_803);
});

test('a reduction is taken whole, a close and the other side pass as they are', () => {
  const scene = createScene({ topK: 8 });
  hold(scene, 100_000);
  const before = [target(euro, 20_000)];
  assert.equal(propose(scene, before).value, before);
  assert.equal(quantityOf(scene, target(euro, 0)), 0);
  assert.equal(quantityOf(scene, target(euro, -9_000_000)), -9_000_000);
});

test('a position above its cap is brought down to it', () => {
  const scene = createScene({ budgetBase: 'equity' });
  hold(scene, 200_000);
  assert.equal(quantityOf(scene, target(euro, 9_000_000)), 136_363);
});

test('an account too small for one unit takes one unit', () => {
  assert.equal(quantityOf(createScene({}, 100_000), target(euro, 9_000_000)), 1);
});

test('without a price nothing grows and a reduction passes', () => {
  const scene = createDeskFixture([budgetRamp], { symbols: ['EUR_JPY'] });
  assert.deepEqual(propose(scene, [target('EURJPY.OANDA', 5)]).entries, [
    { subject: 'EURJPY.OANDA', code: 'no-price', value: null },
  ]);
  assert.deepEqual(propose(scene, [target('EURJPY.OANDA', 5)]).value, []);
  const positions = [{ instrument: 'EURJPY.OANDA', signedQuantity: 9, cost: 9 * 165_000 }];
  scene.send({
    type: 'venue.reconciled',
    at: scene.at,
    balance: 100_000_000_000,
    positions,
    openOrderIds: [],
    differences: [],
  });
  assert.equal(quantityOf(scene, target('EURJPY.OANDA', 5)), 5);
});

test('a target never grows or changes sides, and one decision never adds more than a step', () => {
  const scene = createScene();
  fc.assert(
    fc.property(
      fc.integer({ min: -400_000, max: 400_000 }),
      fc.integer({ min: -2_000_000, max: 2_000_000 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (held, wanted, sizeFraction) => {
        hold(scene, held);
        const after = quantityOf(scene, target(euro, wanted, sizeFraction));
        if (after === undefined) return;
        assert.ok(Math.abs(after) <= Math.abs(wanted) && after * wanted >= 0);
        if (held * wanted >= 0) assert.ok(Math.abs(after) - Math.abs(held) <= 34_090);
      },
    ),
  );
});
