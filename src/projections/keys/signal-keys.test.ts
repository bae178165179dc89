import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { barOf, createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, lastSet, tailOf } from '../../../tests/support/key-fold.ts';
import { SIGNAL_LIFE_MS, SWEEP_MINUTES_MAX, signalKey, stateOf } from './signal-keys.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Bars whose closes count up from 110000, the last of them closing at an instant, and the window they end in. */
function windowAt(closedAt: number, rupture = 0.125): Event[] {
  const bars = Array.from({ length: 128 }, (_, index) =>
    barOf('EUR_USD', 110_000 + index, closedAt - (127 - index) * minuteMs),
  );
  return [...bars, manifoldAt(closedAt, rupture)];
}

function manifoldAt(closedAt: number, rupture: number): EventByType['manifold.published'] {
  return {
    type: 'manifold.published',
    at: closedAt + 5,
    instrument: 'EURUSD.OANDA',
    windowEndAt: closedAt - minuteMs,
    endPrice: 1.10127,
    coherence: 0.5,
    stability: 1 - rupture,
    entropy: 0.9,
    rupture,
    patternCoherence: 0.25,
    downRunRatio: 0.0625,
    hazardLambda: 0.03,
    sigmaEffective: 0.00005,
    signature: 'c0.50_s0.88_e0.90',
    repetitionCount: 2,
    firstSeenAt: closedAt - 16 * minuteMs,
  };
}

const { setUpEvents } = createDeskFixture([], { symbols: ['EUR_USD'], isWarm: false });

test('a signal bears the stamp of the second candle of its window, and the end beside it', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, ...windowAt(fixtureAt)]));
  // 2026-01-14 12:00 is 1768392000 s; the bar that closes then opened at 11:59, the one 127 before it at 09:52.
  const key = 'sep:signal:EUR_USD:1768384320000000000';
  assert.deepEqual(lastSet(changes, key), {
    timestamp_ns: 1_768_384_320_000_000_000,
    price: 1.1,
    state: 'live',
    metrics: { coherence: 0.5, stability: 0.875, entropy: 0.9, rupture: 0.125 },
    coeffs: { lambda_hazard: 0.125, sigma_eff_volatility: 0.00005 },
    repetition: { signature: 'c0.50_s0.88_e0.90', count_1h: 2, first_seen_ms: 1_768_391_040_000 },
    coherence: 0.5,
    stability: 0.875,
    entropy: 0.9,
    rupture: 0.125,
    lambda_hazard: 0.125,
    ts_ms: 1_768_384_320_000,
    window_end_ns: 1_768_391_940_000_000_000,
    window_end_ms: 1_768_391_940_000,
    price_end: 1.10127,
    coherence_pattern: 0.25,
    down_run_ratio: 0.0625,
    hazard_r: 0.125,
    hazard_lambda: 0.03,
  });
  const [set] = changesOf(changes, key);
  assert.ok(set?.type === 'set');
  assert.equal(set.ttlMs, 3_024_000_000);
  assert.match(set.value, /^\{"timestamp_ns":1768384320000000000,"price":1\.1,"state":"live","metrics":/);
});

test('two sorted sets find a signal: by its stamp and by the time it was made', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, ...windowAt(fixtureAt)]));
  const member = 'sep:signal:EUR_USD:1768384320000000000';
  const placed = { member, replacesScore: false, keep: null, ttlMs: 3_024_000_000 };
  for (const [key, score] of [
    ['sep:signal_index:EUR_USD', 1_768_384_320_000],
    ['sep:signal_inserts:EUR_USD', 1_768_392_000_005],
  ] as const) {
    assert.deepEqual(changesOf(changes, key), [
      { type: 'add', key, score, ...placed },
      { type: 'dropBelow', key, score: score - 35 * dayMs },
    ]);
  }
});

test('a window before 128 bars are known leaves no signal', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, ...windowAt(fixtureAt).slice(1)]));
  assert.ok(!changes.some((change) => change.type !== 'publish' && change.key.startsWith('sep:signal')));
});

test('a rupture of a half is a collapse', () => {
  assert.deepEqual([0.49, 0.5].map(stateOf), ['live', 'collapsed']);
});

test('signals older than 35 days of event time are deleted as new ones come, a bounded number at a time', () => {
  const later = fixtureAt + SIGNAL_LIFE_MS;
  const events = [
    ...windowAt(fixtureAt),
    ...windowAt(fixtureAt + 240 * minuteMs),
    ...windowAt(later),
    ...windowAt(later + 3 * dayMs),
    ...windowAt(later + 4 * dayMs),
  ];
  const { changes } = foldKeys(tailOf([...setUpEvents, ...events]));
  const deleted = changes.flatMap((change) => (change.type === 'delete' ? [change.key] : []));
  const stampAt = fixtureAt - 128 * minuteMs;
  assert.deepEqual(deleted.slice(0, 2), [signalKey('EUR_USD', stampAt), signalKey('EUR_USD', stampAt + minuteMs)]);
  assert.ok(deleted.includes(signalKey('EUR_USD', stampAt + 240 * minuteMs)));
  assert.equal(new Set(deleted).size, deleted.length);
  // One minute at first, then the bound, then the rest of four days.
  assert.equal(SWEEP_MINUTES_MAX, 2_880);
  assert.equal(deleted.length, 1 + 2_880 + 2_880);
});
