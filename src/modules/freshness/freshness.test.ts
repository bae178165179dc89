import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { Signal } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { freshness } from './freshness.ts';

const euro = 'EURUSD.OANDA';
const signal: Signal = {
  instrument: euro,
  direction: 'long',
  confidence: 0.5,
  strategy: 'combined',
  reason: 'test',
  sizeFraction: 1,
};

/** A desk at a decision: the newest bar arrived 30 s ago, and its close is the end of the newest window. */
function fixtureOf(parameters: Record<string, unknown> = {}): DeskFixture {
  const fixture = createDeskFixture([freshness], { policies: { freshness: parameters } });
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const { manifold, lastOpenAt } = present(fixture.engine.state.markets[euro], 'market');
  manifold.windowCount = 1;
  manifold.window.windowEndAt = lastOpenAt;
  return fixture;
}

function propose({ engine }: DeskFixture, value: readonly Signal[] = [signal]) {
  return present(freshness.propose.gate, 'gate')(value, {}, contextFor(engine, 'freshness'));
}

test('young data passes and the list stays the same', () => {
  const value = [signal];
  const proposal = propose(fixtureOf(), value);
  assert.equal(proposal.value, value);
  assert.deepEqual(proposal.entries, [{ subject: euro, code: 'pass', value: null }]);
});

test('a bar that arrived more than a minute ago blocks, at a minute it passes', () => {
  const fixture = fixtureOf();
  fixture.tick(30_000);
  assert.equal(propose(fixture).entries[0]?.code, 'pass');
  fixture.tick(1_000);
  assert.deepEqual(propose(fixture), { value: [], entries: [{ subject: euro, code: 'bar-stale', value: 61 }] });
});

test('a window known for more than five minutes blocks, at five minutes it passes', () => {
  const fixture = fixtureOf();
  const { manifold, lastOpenAt } = present(fixture.engine.state.markets[euro], 'market');
  // The bar closed 30 s ago, so a window 270 s older has been known for five minutes.
  manifold.window.windowEndAt = lastOpenAt - 270_000;
  assert.equal(propose(fixture).entries[0]?.code, 'pass');
  manifold.window.windowEndAt = lastOpenAt - 271_000;
  assert.deepEqual(propose(fixture).entries, [{ subject: euro, code: 'window-stale', value: 301 }]);
});

test('the ages are parameters', () => {
  const fixture = fixtureOf({ manifoldAgeSeconds: 20, signalAgeSeconds: 20 });
  assert.equal(propose(fixture).entries[0]?.code, 'bar-stale');
  assert.equal(propose(fixtureOf({ signalAgeSeconds: 20 })).entries[0]?.code, 'window-stale');
});

test('a market without a window is blocked, and so is one that is not listed', () => {
  const fixture = fixtureOf();
  const value = [{ ...signal, instrument: 'USDJPY.OANDA' }, { ...signal, instrument: 'AUDUSD.OANDA' }, signal];
  const proposal = propose(fixture, value);
  assert.deepEqual(proposal.value, [signal]);
  assert.deepEqual(
    proposal.entries.map(({ code }) => code),
    ['no-window', 'no-window', 'pass'],
  );
});
