import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fxInstrument } from '#domain/instrument.ts';
import type { Signal, Target } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { marginGate } from './margin-gate.ts';

const mids: Readonly<Record<string, number>> = { EUR_USD: 110_000, USD_JPY: 150_000 };
const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

/** An account of 100 000 dollars; a unit of EUR_USD takes 0.022 of margin, one of USD_JPY 0.02. */
function createScene(): DeskFixture {
  const scene = createDeskFixture([marginGate], { symbols: Object.keys(mids) });
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

/** Holds so much of USD_JPY that its margin is this share of the account, and lets the clock tick. */
function use(scene: DeskFixture, utilization: number): void {
  hold(scene, { USD_JPY: Math.round(utilization * 5_000_000) });
  scene.tick();
}

const signal: Signal = {
  instrument: euro,
  direction: 'long',
  confidence: 1,
  strategy: 's',
  reason: 'r',
  sizeFraction: 1,
};

function target(instrument: string, signedQuantity: number): Target {
  return { instrument, signedQuantity, sizeFraction: 1, plan: null, strategy: 's', reason: 'r' };
}

function proposeGate(scene: DeskFixture, value: readonly Signal[]) {
  const { state } = scene.engine;
  const made = marginGate.propose.gate?.(value, state.modules['margin-gate'], contextFor(scene.engine, 'margin-gate'));
  assert.ok(made !== undefined);
  return made;
}

function proposeRisk(scene: DeskFixture, value: readonly Target[]) {
  const { state } = scene.engine;
  const made = marginGate.propose.risk?.(value, state.modules['margin-gate'], contextFor(scene.engine, 'margin-gate'));
  assert.ok(made !== undefined);
  return made;
}

test('entries are blocked from 0.30 on until the use of margin is below 0.27', () => {
  const scene = createScene();
  const codes: (string | undefined)[] = [];
  for (const utilization of [0.1, 0.2999, 0.3, 0.29, 0.27, 0.2699, 0.29, 0.31]) {
    use(scene, utilization);
    codes.push(proposeGate(scene, [signal]).entries[0]?.code);
  }
  assert.deepEqual(codes, ['pass', 'pass', 'margin-high', 'margin-high', 'margin-high', 'pass', 'pass', 'margin-high']);
});

test('a blocked gate drops every signal and an open one keeps the array', () => {
  const scene = createScene();
  const before = [signal];
  assert.equal(proposeGate(scene, before).value, before);
  use(scene, 0.5);
  const { value, entries } = proposeGate(scene, before);
  assert.deepEqual(value, []);
  assert.deepEqual(entries, [{ subject: euro, code: 'margin-high', value: 0.5 }]);
});

test('an empty account uses no margin', () => {
  const scene = createDeskFixture([marginGate], { balance: 0 });
  scene.tick();
  assert.equal(proposeGate(scene, [signal]).entries[0]?.value, 0);
});

test('increases end where thirty percent of the margin would be in use', () => {
  const scene = createScene();
  use(scene, 0.2);
  // 10 000 are left below 30 000: 454 545 units at 0.022.
  const { value, entries } = proposeRisk(scene, [target(euro, 500_000), target(yen, 1_000_001)]);
  assert.deepEqual(value, [target(euro, 454_545)]);
  assert.deepEqual(entries, [
    { subject: euro, code: 'shrunk', value: 454_545 },
    { subject: yen, code: 'dropped', value: null },
  ]);
});

test('while the gate is blocked nothing grows and reductions pass', () => {
  const scene = createScene();
  use(scene, 0.3);
  use(scene, 0.28);
  const { value, entries } = proposeRisk(scene, [target(euro, 1), target(yen, 5)]);
  assert.deepEqual(value, [target(yen, 5)]);
  assert.deepEqual(entries, [{ subject: euro, code: 'margin-high', value: null }]);
});

const quantity = fc.integer({ min: -3_000_000, max: 3_000_000 });

test('no target grows or changes sides, and the margin of all stays under thirty percent or what was used', () => {
  const scene = createScene();
  fc.assert(
    fc.property(quantity, quantity, quantity, quantity, (heldEuro, heldYen, wantedEuro, wantedYen) => {
      hold(scene, { EUR_USD: heldEuro, USD_JPY: heldYen });
      const before = [target(euro, wantedEuro), target(yen, wantedYen)];
      const { value } = proposeRisk(scene, before);
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
