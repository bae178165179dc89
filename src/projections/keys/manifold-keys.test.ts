import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, tailOf } from '../../../tests/support/key-fold.ts';

const minuteMs = 60_000;

const manifold: EventByType['manifold.published'] = {
  type: 'manifold.published',
  at: fixtureAt,
  instrument: 'EURUSD.OANDA',
  windowEndAt: fixtureAt - minuteMs,
  endPrice: 1.10127,
  coherence: 0.5,
  stability: 0.375,
  entropy: 0.9,
  rupture: 0.625,
  patternCoherence: 0.25,
  downRunRatio: 0.0625,
  hazardLambda: 0.03,
  sigmaEffective: 0.00005,
  signature: 'c0.50_s0.38_e0.90',
  repetitionCount: 1,
  firstSeenAt: fixtureAt - minuteMs,
};

const document =
  '{"instrument":"EUR_USD","ts_ms":1768392000000,' +
  '"metrics":{"coherence":0.5,"stability":0.375,"entropy":0.9,"rupture":0.625},' +
  '"coeffs":{"sigma_eff":0.00005,"lambda":0.03},' +
  '"diagnostics":{"state":"collapsed","window_end_ms":1768391940000,"price_end":1.10127,' +
  '"coherence_pattern":0.25,"down_run_ratio":0.0625,"hazard_r":0.625,"hazard_lambda":0.03},' +
  '"repetition":{"signature":"c0.50_s0.38_e0.90","count_1h":1,"first_seen_ms":1768391940000}}';

test('a window of a live desk is kept for 300 s, told to listeners and added to those of two hours', () => {
  const { setUpEvents } = createDeskFixture([]);
  const { changes } = foldKeys(tailOf([...setUpEvents, manifold]));
  const last = 'ws:last:manifold:EUR_USD';
  assert.deepEqual(changesOf(changes, last), [{ type: 'set', key: last, value: document, ttlMs: 300_000 }]);
  assert.deepEqual(changesOf(changes, 'ws:manifold'), [{ type: 'publish', channel: 'ws:manifold', message: document }]);
  const key = 'ws:manifold:hist:EUR_USD';
  const score = fixtureAt - minuteMs;
  assert.deepEqual(changesOf(changes, key), [
    { type: 'add', key, score, member: document, replacesScore: true, keep: null, ttlMs: 7_200_000 },
    { type: 'dropBelow', key, score: score - 7_200_000 },
  ]);
});

test('the windows kept reach twice as far back as repetitions are counted', () => {
  const { setUpEvents } = createDeskFixture([], { policies: { strategy: { signatureLookbackMinutes: 90 } } });
  const { changes } = foldKeys(tailOf([...setUpEvents, manifold]));
  const [added] = changesOf(changes, 'ws:manifold:hist:EUR_USD');
  assert.ok(added?.type === 'add');
  assert.equal(added.ttlMs, 180 * minuteMs);
});

test('a desk that goes live writes the windows that are young enough, for the rest of their life', () => {
  const { setUpEvents } = createDeskFixture([], { isWarm: false });
  const yen = { ...manifold, at: fixtureAt - 5 * minuteMs, instrument: 'USDJPY.OANDA' };
  const warm = { type: 'warmup.completed', at: fixtureAt + 100_000, bars: 0 } as const;
  const before = foldKeys(tailOf([...setUpEvents, yen, manifold])).changes;
  assert.deepEqual(changesOf(before, 'ws:last:manifold:EUR_USD'), []);
  const { changes } = foldKeys(tailOf([...setUpEvents, yen, manifold, warm]));
  const key = 'ws:last:manifold:EUR_USD';
  assert.deepEqual(changesOf(changes, key), [{ type: 'set', key, value: document, ttlMs: 200_000 }]);
  assert.equal(changesOf(changes, 'ws:manifold').length, 1);
  assert.deepEqual(changesOf(changes, 'ws:last:manifold:USD_JPY'), []);
});
