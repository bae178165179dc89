import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StrategyPolicy } from '#domain/policies.ts';
import { oracleDrawdown, oracleTrips } from '../../../tests/oracles/shadow-oracle.ts';
import {
  createShadowScene,
  minuteBar,
  playMinutes,
  type ShadowMinute,
  type ShadowScene,
  shadowCosts,
  shadowMinutes,
  shadowStartAt,
  shadowStrategy,
  windowAt,
} from '../../../tests/support/shadow-market.ts';
import type { MarketInputs } from './market-moment.ts';
import type { ShadowRun } from './shadow-run.ts';
import { slotOf } from './trip-ledger.ts';

const minuteMs = 60_000;
const rankCapacity = 400;

function runOf(scene: ShadowScene): ShadowRun {
  const run = scene.set.runs[0];
  assert.ok(run !== undefined);
  return run;
}

/** The newest trip as plain figures. */
function lastTrip(run: ShadowRun): { entryAt: number; exitAt: number; profit: number; drawdown: number } {
  const { trips } = run;
  const slot = slotOf(trips, trips.end - 1);
  const at = (name: 'entryAt' | 'exitAt' | 'profit' | 'drawdown'): number => trips[name][slot] ?? Number.NaN;
  return { entryAt: at('entryAt'), exitAt: at('exitAt'), profit: at('profit'), drawdown: at('drawdown') };
}

/** Eight quiet minutes from 08:00, a rise of 30 ticks in one minute that makes a long entry, and the minute its order misses. */
function rise(after: readonly { open: number; high?: number; low?: number; close: number }[]): ShadowMinute[] {
  const quiet = Array.from({ length: 8 }, (_, index) => minuteBar(480 + index, { open: 110_000, close: 110_000 }));
  const missed = minuteBar(489, { open: 110_030, close: 110_030 });
  const bars = [...quiet, minuteBar(488, { open: 110_000, close: 110_030 }), missed];
  for (const [index, prices] of after.entries()) bars.push(minuteBar(490 + index, prices));
  return bars.map((bar, index) => ({ bar, window: index === 0 ? windowAt(bar) : undefined }));
}

test('an entry fills at the first open its order can reach, with the whole spread of a bid series and the slippage', () => {
  const scene = createShadowScene([shadowStrategy]);
  playMinutes(scene, rise([{ open: 110_035, close: 110_040 }]));
  const run = runOf(scene);
  assert.equal(run.sign, 1);
  assert.equal(run.entryPrice, 110_035 + 10 + 2);
  assert.equal(run.entryAt, shadowStartAt + 490 * minuteMs);
  assert.equal(run.stopPrice, 110_040 - 150);
  assert.equal(run.targetPrice, 110_040 + 225);
});

test('a stop slips, and fills at the open where that is worse', () => {
  const scene = createShadowScene([shadowStrategy]);
  playMinutes(
    scene,
    rise([
      { open: 110_030, close: 110_030 },
      { open: 109_900, low: 109_890, close: 109_900 },
    ]),
  );
  assert.equal(lastTrip(runOf(scene)).profit, (109_890 - 2 - 110_042) / 110_042);
  const gapped = createShadowScene([shadowStrategy]);
  playMinutes(
    gapped,
    rise([
      { open: 110_030, close: 110_030 },
      { open: 109_800, close: 109_950 },
    ]),
  );
  assert.equal(lastTrip(runOf(gapped)).profit, (109_800 - 2 - 110_042) / 110_042);
});

test('a bar that reaches stop and target ends at the stop, in the bar of the entry too', () => {
  const scene = createShadowScene([shadowStrategy]);
  playMinutes(scene, rise([{ open: 110_030, high: 110_900, low: 109_000, close: 110_800 }]));
  const trip = lastTrip(runOf(scene));
  assert.equal(trip.profit, (109_890 - 2 - 110_042) / 110_042);
  assert.equal(trip.exitAt - trip.entryAt, minuteMs);
});

test('a target fills at its price once it is passed by a tick, without slippage', () => {
  const touched = createShadowScene([shadowStrategy]);
  playMinutes(touched, rise([{ open: 110_030, high: 110_265, close: 110_260 }]));
  assert.equal(runOf(touched).sign, 1);
  const passed = createShadowScene([shadowStrategy]);
  playMinutes(passed, rise([{ open: 110_030, high: 110_266, close: 110_260 }]));
  assert.equal(lastTrip(runOf(passed)).profit, (110_265 - 110_042) / 110_042);
});

test('a spread recorded with the bar wins over the cost table, and around a mid both sides pay half', () => {
  const scene = createShadowScene([shadowStrategy], { changes: { priceBasis: 'mid' } });
  const minutes = rise([{ open: 110_035, close: 110_040 }]);
  playMinutes(
    scene,
    minutes.map(({ bar, window }) => ({ bar: { ...bar, spread: 4 }, window })),
  );
  assert.equal(runOf(scene).entryPrice, 110_035 + 2 + 2);
});

test('a commission of the cost table is paid on both sides', () => {
  const costs = { ...shadowCosts, otherwise: { spreadPips: [0], slippagePips: 0, commissionPerMillion: 100 } };
  const scene = createShadowScene([shadowStrategy], { changes: { costs } });
  playMinutes(scene, rise([{ open: 110_030, high: 110_300, close: 110_260 }]));
  const expected = (110_255 - 110_030) / 110_030 - 0.0001 - (0.0001 * 110_255) / 110_030;
  assert.ok(Math.abs(lastTrip(runOf(scene)).profit - expected) < 1e-15);
});

test('a position leaves at the first open its order can reach after its sessions come near their end', () => {
  const scene = createShadowScene([shadowStrategy]);
  const flat = { open: 110_030, close: 110_030 };
  const minutes = rise([flat]);
  // The union of the sessions ends at 20:00; five minutes before is near.
  const late = Array.from({ length: 20 }, (_, index) => ({ bar: minuteBar(1185 + index, flat), window: undefined }));
  playMinutes(scene, [...minutes, ...late]);
  assert.equal(runOf(scene).sign, 0);
  assert.equal(lastTrip(runOf(scene)).exitAt, shadowStartAt + 1196 * minuteMs);
});

test('the bar that opens before the order leaves does not fill it, whatever its prices', () => {
  const scene = createShadowScene([shadowStrategy]);
  playMinutes(scene, rise([]));
  assert.equal(runOf(scene).sign, 0);
  assert.equal(runOf(scene).pendingSign, 1);
});

test('no entry is made while the guards, the sessions, a gap or a cooldown hold it', () => {
  const after = [{ open: 110_030, close: 110_030 }];
  const held: Partial<StrategyPolicy>[] = [
    { minimumCoherence: 0.51 },
    { maximumEntropy: 0.49 },
    { gapHoldBars: 9 },
    { directionThresholdBps: 2.8 },
    { guardProfile: 'calibrated' },
  ];
  for (const changes of held) {
    const scene = createShadowScene([{ ...shadowStrategy, ...changes }]);
    playMinutes(scene, rise(after));
    assert.equal(runOf(scene).sign, 0, JSON.stringify(changes));
  }
  const closed = createShadowScene([shadowStrategy], { changes: { calendar: null } });
  playMinutes(closed, rise(after));
  assert.equal(runOf(closed).sign, 0);
});

const strategies: fc.Arbitrary<StrategyPolicy> = fc
  .record({
    minimumCoherence: fc.constantFrom(0, 0.3),
    maximumRupture: fc.constantFrom(1, 0.8),
    maximumEntropy: fc.constantFrom(1, 0.8),
    coherencePercentile: fc.constantFrom(0.1, 0.3),
    entropyPercentile: fc.constantFrom(0.9, 1),
    rupturePercentile: fc.constantFrom(0.9, 1),
    directionLookback: fc.integer({ min: 1, max: 12 }),
    directionThresholdBps: fc.constantFrom(0, 1, 3),
    deltaCoherenceMode: fc.constantFrom('pattern', 'coherence', 'off'),
    deltaCoherenceMinimum: fc.constantFrom(-1, -0.2),
    entryCooldownSeconds: fc.constantFrom(0, 60, 600),
    exitCooldownSeconds: fc.constantFrom(0, 60, 300),
    exitSlopeEnabled: fc.boolean(),
    exitSlopeBps: fc.constantFrom(null, 4),
    exitPnlEnabled: fc.boolean(),
    exitPnlTakeProfit: fc.constantFrom(0.02, 0.1),
    exitPnlStopLoss: fc.constantFrom(-0.03, -0.1),
    bracketMode: fc.constantFrom('fixed', 'atr'),
    bracketLength: fc.integer({ min: 1, max: 6 }),
    bracketMultiple: fc.constantFrom(0.5, 1.8),
    stopLossPips: fc.constantFrom(3, 10),
    gapHoldBars: fc.constantFrom(0, 4),
  } as const)
  .map((changes) => ({ ...shadowStrategy, ...changes }) as StrategyPolicy);

const marketChanges: fc.Arbitrary<Partial<MarketInputs>> = fc.record({
  priceBasis: fc.constantFrom('bid', 'mid'),
  costs: fc.constantFrom(shadowCosts, {
    ...shadowCosts,
    otherwise: { spreadPips: [0.3], slippagePips: 0, commissionPerMillion: 35 },
  }),
} as const);

/** Compares a run with the slow simulation and returns how many round trips both made. */
function compareWithOracle(
  minutes: readonly ShadowMinute[],
  strategy: StrategyPolicy,
  changes: Partial<MarketInputs>,
): number {
  const scene = createShadowScene([strategy], { rankCapacity, changes });
  playMinutes(scene, minutes);
  const run = runOf(scene);
  const expected = oracleTrips({ minutes, strategy, inputs: scene.inputs(), rankCapacity });
  assert.equal(run.trips.end, expected.closed.length);
  for (const [index, trip] of expected.closed.entries()) {
    const slot = slotOf(run.trips, index);
    assert.equal(run.trips.entryAt[slot], trip.entryAt);
    assert.equal(run.trips.exitAt[slot], trip.exitAt);
    assert.ok(Math.abs((run.trips.profit[slot] ?? Number.NaN) - trip.profit) < 1e-12);
    assert.ok(Math.abs((run.trips.drawdown[slot] ?? Number.NaN) - oracleDrawdown(trip.levels)) < 1e-12);
    assert.equal(run.trips.peak[slot], Math.max(0, ...trip.levels));
    assert.equal(run.trips.trough[slot], Math.min(0, ...trip.levels));
  }
  assert.equal(run.sign !== 0, expected.open !== undefined);
  if (expected.open !== undefined)
    assert.ok(Math.abs(run.path.drawdown - oracleDrawdown(expected.open.levels)) < 1e-12);
  return expected.closed.length;
}

test('a shadow run makes the round trips of the slow simulation', () => {
  let trips = 0;
  fc.assert(
    fc.property(shadowMinutes({ min: 100, max: 250 }), strategies, marketChanges, (minutes, strategy, changes) => {
      trips += compareWithOracle(minutes, { ...strategy, guardProfile: 'seed' }, changes);
    }),
    { numRuns: 150 },
  );
  // The property would hold of a run that never trades.
  assert.ok(trips > 1000, `${trips} round trips were compared`);
});

test('a run under calibrated guards makes the round trips of the slow simulation', () => {
  let trips = 0;
  fc.assert(
    fc.property(shadowMinutes({ min: 420, max: 520 }), strategies, marketChanges, (minutes, strategy, changes) => {
      const measured = minutes.map(({ bar, window }) => {
        const [coherence, entropy, rupture] = [(bar.close % 97) / 97, (bar.close % 89) / 89, (bar.high % 83) / 83];
        return { bar, window: window ?? windowAt(bar, { coherence, entropy, rupture, patternCoherence: coherence }) };
      });
      trips += compareWithOracle(measured, { ...strategy, guardProfile: 'calibrated' }, changes);
    }),
    { numRuns: 25 },
  );
  assert.ok(trips > 40, `${trips} round trips were compared`);
});

test('bars yet to come change no round trip that is closed', () => {
  fc.assert(
    fc.property(
      shadowMinutes({ min: 60, max: 200 }),
      fc.nat(199),
      fc.integer({ min: -300, max: 300 }),
      (minutes, cut, shift) => {
        const known = minutes.slice(0, Math.min(cut, minutes.length));
        const future = minutes.slice(known.length).map(({ bar, window }) => {
          const { open, high, low, close } = bar;
          return {
            bar: { ...bar, open: open + shift, high: high + shift, low: low + shift, close: close + shift },
            window,
          };
        });
        const first = createShadowScene([shadowStrategy]);
        const second = createShadowScene([shadowStrategy]);
        playMinutes(first, known);
        playMinutes(second, known);
        const before = structuredClone(runOf(second));
        playMinutes(first, minutes.slice(known.length));
        playMinutes(second, future);
        for (let index = 0; index < before.trips.end; index += 1) {
          for (const name of ['entryAt', 'exitAt', 'profit', 'drawdown'] as const) {
            assert.equal(
              runOf(first).trips[name][slotOf(runOf(first).trips, index)],
              before.trips[name][slotOf(before.trips, index)],
            );
            assert.equal(
              runOf(second).trips[name][slotOf(runOf(second).trips, index)],
              before.trips[name][slotOf(before.trips, index)],
            );
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});
