import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { present } from '#base/assert.ts';
import { contextFor } from '#engine/engine.ts';
import { pushValue } from '#metrics/rolling-rank.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../../../tests/support/desk-fixture.ts';
import { combinedDirection } from './combined-direction.ts';

const euro = 'EURUSD.OANDA';

/** A desk whose one pair has had the closes given, in ticks, and a window with the measures given. */
function fixtureOf(closes: readonly number[], strategy: Record<string, unknown> = {}): DeskFixture {
  const options: FixtureOptions = {
    symbols: ['EUR_USD'],
    policies: { strategy: { directionLookback: 3, ...strategy } },
  };
  const fixture = createDeskFixture([combinedDirection], options);
  for (const close of closes) fixture.minute({ EUR_USD: close });
  setWindow(fixture, { coherence: 0.6 });
  return fixture;
}

function setWindow(
  { engine }: DeskFixture,
  measures: { coherence?: number; patternCoherence?: number; windowCount?: number },
): void {
  const { manifold } = present(engine.state.markets[euro], 'market');
  manifold.windowCount = measures.windowCount ?? 1;
  manifold.window.coherence = measures.coherence ?? 0.6;
  manifold.window.patternCoherence = measures.patternCoherence ?? 0;
}

function propose({ engine }: DeskFixture) {
  return present(combinedDirection.propose.signal, 'signal')([], {}, contextFor(engine, 'combined-direction'));
}

function codeOf(fixture: DeskFixture): string | undefined {
  return propose(fixture).entries[0]?.code;
}

const rising = [110_000, 110_020, 110_040, 110_060, 110_080];
const falling = [110_080, 110_060, 110_040, 110_020, 110_000];

test('a rising price gives a long signal with the coherence of the window as confidence', () => {
  const { value, entries } = propose(fixtureOf(rising));
  assert.deepEqual(value, [
    {
      instrument: euro,
      direction: 'long',
      confidence: 0.6,
      strategy: 'combined',
      reason: 'combined-direction',
      sizeFraction: 1,
    },
  ]);
  const slope = ((1.1008 - 1.1002) / 1.1002) * 10_000;
  assert.deepEqual(entries, [{ subject: euro, code: 'long', value: slope }]);
});

test('a falling price gives a short signal', () => {
  const { value, entries } = propose(fixtureOf(falling));
  assert.equal(value[0]?.direction, 'short');
  assert.equal(entries[0]?.code, 'short');
});

test('confidence lies between 0 and 1', () => {
  const fixture = fixtureOf(rising);
  setWindow(fixture, { coherence: 1.0000001 });
  assert.equal(propose(fixture).value[0]?.confidence, 1);
});

test('a slope under the threshold gives no signal and returns the value it was given', () => {
  const fixture = fixtureOf(rising, { directionThresholdBps: 6 });
  const before: [] = [];
  const signal = present(combinedDirection.propose.signal, 'signal');
  const proposal = signal(before, {}, contextFor(fixture.engine, 'combined-direction'));
  assert.equal(proposal.value, before);
  assert.equal(proposal.entries[0]?.code, 'slope');
});

test('too few bars, no window and a market after a gap say so', () => {
  assert.equal(codeOf(fixtureOf(rising.slice(0, 3))), 'no-data');
  const fixture = fixtureOf(rising);
  setWindow(fixture, { windowCount: 0 });
  assert.equal(codeOf(fixture), 'no-window');
  assert.equal(codeOf(fixtureOf(rising, { gapHoldBars: 5 })), 'gap-hold');
  assert.equal(codeOf(fixtureOf(rising, { gapHoldBars: 4 })), 'long');
});

test('a gap holds entries until its bars have passed', () => {
  const fixture = fixtureOf(rising, { gapHoldBars: 4 });
  fixture.tick(61 * 60_000);
  const codes: (string | undefined)[] = [];
  for (let count = 1; count <= 6; count += 1) {
    fixture.minute({ EUR_USD: 110_100 + 20 * count });
    codes.push(codeOf(fixture));
  }
  assert.deepEqual(codes, ['gap-hold', 'gap-hold', 'gap-hold', 'gap-hold', 'long', 'long']);
});

test('the seed profile takes the coherence of the policy as its bound', () => {
  assert.equal(codeOf(fixtureOf(rising, { minimumCoherence: 0.6 })), 'long');
  assert.equal(codeOf(fixtureOf(rising, { minimumCoherence: 0.61 })), 'coherence');
});

test('the calibrated profile takes its bound from the market, and says where there is too little history', () => {
  const fixture = fixtureOf(rising, { guardProfile: 'calibrated' });
  assert.equal(codeOf(fixture), 'uncalibrated');
  const { history } = present(fixture.engine.state.markets[euro], 'market').manifold;
  for (let index = 0; index < 360; index += 1) {
    pushValue(history.coherence, index / 360);
    pushValue(history.entropy, 0);
    pushValue(history.rupture, 0);
  }
  // The 70th percentile of 0, 1/360 … 359/360 is 251.3/360 = 0.698.
  setWindow(fixture, { coherence: 0.697 });
  assert.equal(codeOf(fixture), 'coherence');
  setWindow(fixture, { coherence: 0.699 });
  assert.equal(codeOf(fixture), 'long');
});

test('the delta is taken of the pattern, of the coherence or not at all, and is 0 at the first window', () => {
  const codes = (mode: string, windowCount: number): string | undefined => {
    const fixture = fixtureOf(rising, { deltaCoherenceMode: mode });
    setWindow(fixture, { coherence: 0.6, patternCoherence: 0.5, windowCount });
    const { manifold } = present(fixture.engine.state.markets[euro], 'market');
    manifold.previousCoherence = 0.6;
    manifold.previousPatternCoherence = 0.53;
    return codeOf(fixture);
  };
  assert.equal(codes('pattern', 2), 'delta-coherence');
  assert.equal(codes('pattern', 1), 'long');
  assert.equal(codes('coherence', 2), 'long');
  assert.equal(codes('off', 2), 'long');
});

test('every listed instrument gets an entry in ascending order, and a signal of another strategy stays first', () => {
  const fixture = createDeskFixture([combinedDirection], { policies: { strategy: { directionLookback: 3 } } });
  for (const close of rising) fixture.minute({ EUR_USD: close, USD_JPY: 150_000 });
  setWindow(fixture, {});
  const other = { ...present(propose(fixture).value[0], 'signal'), strategy: 'other' };
  const signal = present(combinedDirection.propose.signal, 'signal');
  const { value, entries } = signal([other], {}, contextFor(fixture.engine, 'combined-direction'));
  assert.deepEqual(
    value.map(({ strategy }) => strategy),
    ['other', 'combined'],
  );
  assert.deepEqual(
    entries.map(({ subject, code }) => `${subject} ${code}`),
    ['EURUSD.OANDA long', 'USDJPY.OANDA no-window'],
  );
});

test('real windows of 150 bars lead to a decision without help', () => {
  const fixture = createDeskFixture([combinedDirection], { symbols: ['EUR_USD'] });
  for (let minute = 0; minute < 150; minute += 1) fixture.minute({ EUR_USD: 110_000 + 20 * minute });
  const last = fixture.decisions().at(-1);
  assert.equal(last?.entries[0]?.code, 'long');
  assert.equal(last?.outcome, 'changed');
});

test('altering future bars changes no earlier decision', () => {
  const moves = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 6, maxLength: 20 });
  const decisionsOf = (changes: readonly number[]): string[] => {
    const fixture = fixtureOf([110_000], { directionLookback: 2 });
    let close = 110_000;
    return changes.map((change) => {
      close += change;
      fixture.minute({ EUR_USD: close });
      return JSON.stringify(propose(fixture));
    });
  };
  const property = fc.property(moves, fc.integer({ min: -30, max: 30 }), (changes, last) => {
    const altered = [...changes.slice(0, -1), last];
    assert.deepEqual(decisionsOf(altered).slice(0, -1), decisionsOf(changes).slice(0, -1));
  });
  fc.assert(property, { numRuns: 15 });
});
