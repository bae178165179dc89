import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { Signal } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { pushValue } from '#metrics/rolling-rank.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { manifoldGuards } from './manifold-guards.ts';

const euro = 'EURUSD.OANDA';
const signal: Signal = {
  instrument: euro,
  direction: 'long',
  confidence: 0.5,
  strategy: 'combined',
  reason: 'test',
  sizeFraction: 1,
};
/** The bounds of the seeds. */
const seed = {
  guardProfile: 'seed',
  minimumCoherence: 0.55,
  minimumStability: 0.4,
  maximumRupture: 0.6,
  maximumEntropy: 0.7,
};
const good = { coherence: 0.6, stability: 0.5, rupture: 0.5, entropy: 0.6 };

function fixtureOf(
  measures: Record<string, number>,
  strategy: Record<string, unknown> = seed,
  parameters: Record<string, unknown> = {},
): DeskFixture {
  const policies = { strategy, 'manifold-guards': parameters };
  const fixture = createDeskFixture([manifoldGuards], { policies });
  const { manifold } = present(fixture.engine.state.markets[euro], 'market');
  manifold.windowCount = 1;
  Object.assign(manifold.window, measures);
  return fixture;
}

function propose({ engine }: DeskFixture, value: readonly Signal[] = [signal]) {
  return present(manifoldGuards.propose.gate, 'gate')(value, {}, contextFor(engine, 'manifold-guards'));
}

test('a window inside every bound passes and the list stays the same', () => {
  const value = [signal];
  const proposal = propose(fixtureOf(good), value);
  assert.equal(proposal.value, value);
  assert.deepEqual(proposal.entries, [{ subject: euro, code: 'pass', value: null }]);
});

test('each bound of the seed profile blocks with its own code and tells the measure', () => {
  const rows: readonly [Record<string, number>, string, number][] = [
    [{ ...good, coherence: 0.54 }, 'coherence-below-min', 0.54],
    [{ ...good, stability: 0.39 }, 'stability-below-min', 0.39],
    [{ ...good, rupture: 0.61 }, 'rupture-above-max', 0.61],
    [{ ...good, entropy: 0.71 }, 'entropy-above-max', 0.71],
  ];
  for (const [measures, code, measure] of rows) {
    assert.deepEqual(propose(fixtureOf(measures)), { value: [], entries: [{ subject: euro, code, value: measure }] });
  }
});

test('a window on its bounds passes', () => {
  const { value } = propose(fixtureOf({ coherence: 0.55, stability: 0.4, rupture: 0.6, entropy: 0.7 }));
  assert.equal(value.length, 1);
});

test('a market without a window is blocked, and so is one that is not listed', () => {
  const fixture = fixtureOf(good);
  present(fixture.engine.state.markets[euro], 'market').manifold.windowCount = 0;
  const { value, entries } = propose(fixture, [signal, { ...signal, instrument: 'AUDUSD.OANDA' }]);
  assert.deepEqual(value, []);
  assert.deepEqual(
    entries.map(({ code }) => code),
    ['no-window', 'no-window'],
  );
});

test('the calibrated profile blocks until a day of windows is known, then takes percentiles', () => {
  const fixture = fixtureOf(good, { guardProfile: 'calibrated' });
  const { manifold } = present(fixture.engine.state.markets[euro], 'market');
  assert.equal(propose(fixture).entries[0]?.code, 'uncalibrated');
  for (let index = 0; index < 360; index += 1) {
    pushValue(manifold.history.coherence, index / 359);
    pushValue(manifold.history.entropy, index / 359);
    pushValue(manifold.history.rupture, index / 359);
  }
  Object.assign(manifold.window, { coherence: 0.71, entropy: 0.39, rupture: 0.79, stability: 0.21 });
  assert.equal(propose(fixture).entries[0]?.code, 'pass');
  manifold.window.entropy = 0.41;
  assert.equal(propose(fixture).entries[0]?.code, 'entropy-above-max');
  manifold.window.coherence = 0.69;
  assert.equal(propose(fixture).entries[0]?.code, 'coherence-below-min');
});

test('the hazard bound is off by default and blocks above its value where it is set', () => {
  const fixture = fixtureOf(good, seed, { hazardMaximum: 0.2 });
  assert.equal(propose(fixture).entries[0]?.code, 'no-window');
  const published = {
    type: 'manifold.published' as const,
    at: fixture.at,
    instrument: euro,
    windowEndAt: fixture.at,
    endPrice: 1.1,
    ...good,
    patternCoherence: 0.5,
    downRunRatio: 0,
    hazardLambda: 0.2,
    sigmaEffective: 0,
    signature: '',
    repetitionCount: 1,
    firstSeenAt: 0,
  };
  fixture.send(published);
  assert.equal(propose(fixture).entries[0]?.code, 'pass');
  fixture.send({ ...published, hazardLambda: 0.21 });
  assert.deepEqual(propose(fixture).entries, [{ subject: euro, code: 'hazard-above-max', value: 0.21 }]);
  const open = fixtureOf(good);
  open.send({ ...published, hazardLambda: 1 });
  assert.equal(propose(open).entries[0]?.code, 'pass');
});
