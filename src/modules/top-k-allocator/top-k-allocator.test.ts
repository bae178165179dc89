import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Event, EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { defineModule } from '#engine/module.ts';
import {
  createDeskFixture,
  type DeskFixture,
  type FixtureOptions,
  fixtureAt,
} from '../../../tests/support/desk-fixture.ts';
import { topKAllocator } from './top-k-allocator.ts';

const symbols = ['EUR_USD', 'GBP_USD'];
const closes = { EUR_USD: 110_000, GBP_USD: 130_000 };

/** A signal for each pair at every decision. */
const alwaysLong = defineModule({
  name: 'always-long',
  displayName: 'Always long',
  purpose: 'Wishes to be long of everything.',
  parameters: z.strictObject({}),
  initialState: () => ({}),
  propose: {
    signal: (_value, _state, context) => ({
      value: context.universe.map((instrument) => ({
        instrument,
        direction: 'long',
        confidence: 1,
        strategy: 'always',
        reason: 'always',
        sizeFraction: 1,
      })),
      entries: [],
    }),
  },
});

function createScene(options: FixtureOptions = {}): DeskFixture {
  const scene = createDeskFixture([alwaysLong, topKAllocator], { symbols, ...options });
  for (const [index, symbol] of symbols.entries())
    scene.send({
      type: 'manifold.published',
      at: scene.at,
      instrument: fxInstrument(symbol).id,
      windowEndAt: scene.at,
      endPrice: 1.1,
      coherence: 0.5 + index / 10,
      stability: 0.9,
      entropy: 0.8,
      rupture: 0.1,
      patternCoherence: 0.5,
      downRunRatio: 0.1,
      hazardLambda: 0.05,
      sigmaEffective: 0.0001,
      signature: 's',
      repetitionCount: 1,
      firstSeenAt: 0,
    });
  return scene;
}

function openGates(scene: DeskFixture, gates: Record<string, 0 | 1>): void {
  const session = { open: true, minutesToClose: 300 };
  scene.send({
    type: 'gates.published',
    at: scene.at,
    document: {
      ts: scene.at,
      v: 1,
      seq: 1,
      intervalSeconds: 60,
      gates,
      cooldowns: { EUR_USD: 0, GBP_USD: 0 },
      bufs: {},
      reasons: {},
      sessions: { EUR_USD: session, GBP_USD: session },
      repetition: {},
      hazard: {},
    },
  });
}

function ofType<T extends Event['type']>(events: readonly Event[], type: T): EventByType[T][] {
  return events.filter((event): event is EventByType[T] => event.type === type);
}

function ordersOf(events: readonly Event[]) {
  return ofType(events, 'order.submitted').map(({ order }) => [order.instrument, order.side, order.quantity]);
}

/** Seconds after noon at which weights were published. */
function cyclesOf(scene: DeskFixture): number[] {
  return ofType(scene.events, 'weights.published').map(({ at }) => (at - fixtureAt) / 1000);
}

test('a cycle runs at the first tick, then once a minute at the grid point at which the desk decides', () => {
  const scene = createScene();
  openGates(scene, { EUR_USD: 1, GBP_USD: 1 });
  for (let minute = 0; minute < 3; minute += 1) scene.minute(closes);
  assert.deepEqual(cyclesOf(scene), [0, 30, 90, 150]);
});

test('a longer interval publishes less often', () => {
  const scene = createScene({ policies: { 'top-k-allocator': { intervalSeconds: 180 } } });
  for (let minute = 0; minute < 6; minute += 1) scene.minute(closes);
  assert.deepEqual(cyclesOf(scene), [0, 30, 210]);
});

test('a desk that is not warm has no cycle', () => {
  const scene = createScene({ isWarm: false });
  scene.minute(closes);
  assert.deepEqual(ofType(scene.events, 'weights.published'), []);
});

test('the decision of the same tick trades the weights just made', () => {
  const scene = createScene();
  openGates(scene, { EUR_USD: 1, GBP_USD: 0 });
  const events = scene.minute(closes);
  // 30 000 of margin at 0.022001 a unit, the quote being one pip wide above the bid.
  assert.deepEqual(ordersOf(events), [['EURUSD.OANDA', 'buy', 1_363_574]]);
});

test('a position is closed once its gate is shut, and kept while its data is old', () => {
  const scene = createScene();
  openGates(scene, { EUR_USD: 1, GBP_USD: 1 });
  scene.send({
    type: 'venue.reconciled',
    at: scene.at,
    balance: 100_000_000_000,
    positions: [{ instrument: 'GBPUSD.OANDA', signedQuantity: 500, cost: 500 * 130_000 }],
    openOrderIds: [],
    differences: [],
  });
  scene.minute(closes);
  assert.ok(!ordersOf(scene.events).some(([, side]) => side === 'sell'));
  scene.minute({ EUR_USD: 110_000 });
  assert.deepEqual(scene.engine.state.weights?.weights, { EUR_USD: 1 });
  assert.ok(!ordersOf(scene.events).some(([, side]) => side === 'sell'));
  openGates(scene, { EUR_USD: 1, GBP_USD: 0 });
  const closing = scene.minute(closes);
  assert.deepEqual(ordersOf(closing), [['GBPUSD.OANDA', 'sell', 500]]);
});

test('unusable gates raise one alert, which usable ones clear', () => {
  const scene = createScene();
  openGates(scene, { EUR_USD: 1, GBP_USD: 1 });
  for (let minute = 0; minute < 6; minute += 1) scene.minute(closes);
  const raised = ofType(scene.events, 'alert.raised');
  assert.deepEqual(
    raised.map(({ name, reason }) => [name, reason]),
    [['allocation-held', 'gates-stale']],
  );
  assert.ok(scene.engine.state.weights?.isHeld);
  openGates(scene, { EUR_USD: 1, GBP_USD: 1 });
  scene.minute(closes);
  assert.equal(ofType(scene.events, 'alert.cleared').length, 1);
  assert.ok(!scene.engine.state.weights?.isHeld);
});

test('what comes later changes no earlier allocation', () => {
  const run = (last: number): readonly Event[] => {
    const scene = createScene();
    openGates(scene, { EUR_USD: 1, GBP_USD: 1 });
    scene.minute(closes);
    scene.minute(closes);
    const before = scene.events.slice();
    scene.minute({ EUR_USD: last, GBP_USD: last });
    return before;
  };
  assert.deepEqual(run(90_000), run(150_000));
});
