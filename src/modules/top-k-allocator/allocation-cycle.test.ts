import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType, GatesDocument, WeightsDocument } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { contextFor } from '#engine/engine.ts';
import type { ModuleContext } from '#engine/module.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../../../tests/support/desk-fixture.ts';
import { allocationCycle } from './allocation-cycle.ts';
import type { AllocatorParameters } from './allocator-parameters.ts';
import { topKAllocator } from './top-k-allocator.ts';

const symbols = ['AUD_USD', 'EUR_USD', 'GBP_USD', 'USD_JPY'];

/** A desk with fresh bars and a window for each pair. Coherence rises in the order of the symbols; entropy and rupture are alike. */
function createScene(options: FixtureOptions = {}): DeskFixture {
  const scene = createDeskFixture([topKAllocator], { symbols, ...options });
  for (const symbol of symbols) scene.bar(symbol, 110_000, { at: scene.at });
  for (const [index, symbol] of symbols.entries()) publishWindow(scene, symbol, { coherence: 0.4 + index / 10 });
  return scene;
}

function publishWindow(scene: DeskFixture, symbol: string, changes: Partial<EventByType['manifold.published']>): void {
  scene.send({
    type: 'manifold.published',
    at: scene.at,
    instrument: fxInstrument(symbol).id,
    windowEndAt: scene.at,
    endPrice: 1.1,
    coherence: 0.5,
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
    ...changes,
  });
}

function publishGates(scene: DeskFixture, changes: Partial<GatesDocument> = {}): void {
  const each = <T>(value: T) => Object.fromEntries(symbols.map((symbol) => [symbol, value]));
  const document: GatesDocument = {
    ts: scene.at,
    v: 1,
    seq: 1,
    intervalSeconds: 60,
    gates: each(1 as const),
    cooldowns: each(0 as const),
    bufs: each(0.1),
    reasons: {},
    sessions: each({ open: true, minutesToClose: 300 }),
    repetition: {},
    hazard: {},
    ...changes,
  };
  scene.send({ type: 'gates.published', at: scene.at, document });
}

function cycleOf(scene: DeskFixture) {
  return allocationCycle(contextFor(scene.engine, 'top-k-allocator') as ModuleContext<AllocatorParameters>);
}

function publishCycle(scene: DeskFixture): WeightsDocument {
  const { document } = cycleOf(scene);
  scene.send({ type: 'weights.published', at: scene.at, document });
  return document;
}

function near(found: number | undefined, expected: number): void {
  assert.ok(found !== undefined && Math.abs(found - expected) < 1e-12, `expected '${expected}', found '${found}'`);
}

test('the three best scores share the weights, and exposure is their share of thirty percent', () => {
  const scene = createScene();
  publishGates(scene);
  const { document, problem } = cycleOf(scene);
  assert.equal(problem, undefined);
  // 0.6 C + 0.2 × 0.9 + 0.15 × 0.9 + 0.05 × 0.2 with C = 0.4, 0.5, 0.6, 0.7.
  near(document.scores['AUD_USD'], 0.565);
  near(document.scores['USD_JPY'], 0.745);
  assert.deepEqual(Object.keys(document.weights), ['USD_JPY', 'GBP_USD', 'EUR_USD']);
  near(document.weights['USD_JPY'], 0.745 / 2.055);
  near(
    Object.values(document.weights).reduce((sum, weight) => sum + weight, 0),
    1,
  );
  near(document.exposureFractions['USD_JPY'], (0.745 / 2.055) * 0.3);
  assert.equal(document.eligibleCount, 4);
  assert.equal(document.publishedAt, scene.at);
  assert.deepEqual([document.isHeld, document.isFallback, document.reason], [false, false, 'allocated']);
});

test('the hazard lowers a score by its weight, and a hazard of 0.10 is the whole of the term', () => {
  const scene = createScene({ policies: { 'top-k-allocator': { weightHazard: 0.2 } } });
  publishWindow(scene, 'EUR_USD', { hazardLambda: 0.05 });
  publishWindow(scene, 'USD_JPY', { hazardLambda: 0.4 });
  const { scores } = cycleOf(scene).document;
  near(scores['EUR_USD'], 0.625 - 0.1);
  near(scores['USD_JPY'], 0.625 - 0.2);
});

test('closed gates, cooldowns, sessions and near closes keep an instrument out', () => {
  const scene = createScene();
  const sessions = Object.fromEntries(symbols.map((symbol) => [symbol, { open: true, minutesToClose: 300 }]));
  publishGates(scene, {
    gates: { AUD_USD: 0, EUR_USD: 1, GBP_USD: 1, USD_JPY: 1 },
    cooldowns: { AUD_USD: 0, EUR_USD: 1, GBP_USD: 0, USD_JPY: 0 },
    sessions: { ...sessions, USD_JPY: { open: true, minutesToClose: 5 } },
  });
  assert.deepEqual(cycleOf(scene).document.weights, { GBP_USD: 1 });
  publishGates(scene, { sessions: { ...sessions, GBP_USD: { open: false, minutesToClose: 300 } } });
  assert.equal(cycleOf(scene).document.weights['GBP_USD'], undefined);
  publishGates(scene, { sessions: {} });
  assert.equal(cycleOf(scene).document.eligibleCount, 0);
});

test('the minutes to the close run on while the document ages', () => {
  const scene = createScene({ policies: { 'top-k-allocator': { manifoldAgeSeconds: 600 } } });
  publishGates(scene, { sessions: { EUR_USD: { open: true, minutesToClose: 7 } } });
  scene.tick(60_000);
  assert.equal(cycleOf(scene).document.eligibleCount, 1);
  scene.tick(60_000);
  assert.equal(cycleOf(scene).document.eligibleCount, 0);
});

test('a bar older than a minute keeps an instrument out as unjudged', () => {
  const scene = createScene();
  publishGates(scene);
  scene.tick(60_000);
  for (const symbol of ['AUD_USD', 'EUR_USD', 'GBP_USD']) scene.bar(symbol, 110_000);
  scene.tick(30_000);
  const { document, unjudged } = cycleOf(scene);
  assert.deepEqual(Object.keys(document.weights), ['GBP_USD', 'EUR_USD', 'AUD_USD']);
  assert.deepEqual(unjudged, ['USD_JPY']);
});

test('equal scores go by symbol', () => {
  const scene = createScene();
  for (const symbol of symbols) publishWindow(scene, symbol, {});
  publishGates(scene);
  assert.deepEqual(Object.keys(cycleOf(scene).document.weights), ['AUD_USD', 'EUR_USD', 'GBP_USD']);
});

test('before the first vector the best open instruments stand in whatever the gates say', () => {
  const scene = createScene();
  const { document, problem } = cycleOf(scene);
  assert.equal(problem, 'gates-missing');
  // Before noon UTC in January only London is open, so the pairs of Tokyo and Sydney are not.
  assert.deepEqual(Object.keys(document.weights), ['GBP_USD', 'EUR_USD']);
  assert.ok(document.isFallback && !document.isHeld);
  assert.equal(document.reason, 'gates-missing');
  assert.equal(document.gatesAgeSeconds, null);
});

test('the first vector of eligible instruments ends the fallback', () => {
  const scene = createScene();
  assert.ok(publishCycle(scene).isFallback);
  publishGates(scene, { gates: { AUD_USD: 0, EUR_USD: 0, GBP_USD: 0, USD_JPY: 0 } });
  assert.ok(publishCycle(scene).isFallback);
  publishGates(scene);
  assert.ok(!publishCycle(scene).isFallback);
  publishGates(scene, { gates: { AUD_USD: 0, EUR_USD: 0, GBP_USD: 0, USD_JPY: 0 } });
  const held = publishCycle(scene);
  assert.deepEqual([held.isFallback, held.isHeld, held.reason], [false, true, 'none-eligible']);
});

test('gates that grow stale hold the vector, from the first cycle that found them so', () => {
  const scene = createScene({ policies: { 'top-k-allocator': { manifoldAgeSeconds: 600 } } });
  publishGates(scene);
  const first = publishCycle(scene);
  scene.tick(181_000);
  const held = publishCycle(scene);
  const heldSinceAt = scene.at;
  scene.tick(60_000);
  const later = publishCycle(scene);
  assert.deepEqual(held.weights, first.weights);
  assert.deepEqual([held.isHeld, held.heldSinceAt, held.publishedAt], [true, heldSinceAt, first.publishedAt]);
  assert.deepEqual([later.heldSinceAt, later.reason, later.gatesAgeSeconds], [heldSinceAt, 'gates-stale', 241]);
  publishGates(scene);
  assert.deepEqual([publishCycle(scene).isHeld, publishCycle(scene).heldSinceAt], [false, null]);
});

test('on a closed market the fallback is empty', () => {
  const scene = createScene({ startAt: Date.UTC(2026, 0, 17, 12) });
  const { document } = cycleOf(scene);
  assert.deepEqual(document.weights, {});
  assert.ok(document.isFallback);
});
