import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType, WeightsDocument } from '#domain/events.ts';
import { createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, tailOf } from '../../../tests/support/key-fold.ts';

const document: WeightsDocument = {
  publishedAt: fixtureAt,
  topK: 3,
  weights: { EUR_USD: 0.75, USD_JPY: 0.25 },
  exposureFractions: { EUR_USD: 0.225, USD_JPY: 0.075 },
  scores: { EUR_USD: 0.6, USD_JPY: 0.2 },
  isHeld: false,
  heldSinceAt: null,
  isFallback: false,
  eligibleCount: 2,
  gatesAgeSeconds: 30,
  reason: 'allocated',
};

function published(at: number, changes: Partial<WeightsDocument> = {}): EventByType['weights.published'] {
  return { type: 'weights.published', at, document: { ...document, ...changes } };
}

const manifold: Event = {
  type: 'manifold.published',
  at: fixtureAt,
  instrument: 'EURUSD.OANDA',
  windowEndAt: fixtureAt - 60_000,
  endPrice: 1.1,
  coherence: 0.5,
  stability: 0.875,
  entropy: 0.9,
  rupture: 0.125,
  patternCoherence: 0.25,
  downRunRatio: 0.0625,
  hazardLambda: 0.03,
  sigmaEffective: 0.00005,
  signature: 'c0.50_s0.88_e0.90',
  repetitionCount: 1,
  firstSeenAt: fixtureAt - 60_000,
};

const { setUpEvents } = createDeskFixture([]);

test('the weights stand by instrument, with their time and whether they may be added to', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, published(fixtureAt)]));
  const key = 'risk:allocation_weights';
  const value = '{"EUR_USD":0.75,"USD_JPY":0.25,"ts":1768392000,"ts_ms":1768392000000,"hold":false,"fallback":false}';
  assert.deepEqual(changesOf(changes, key), [{ type: 'set', key, value, ttlMs: null }]);
});

test('a held vector keeps the time it was made and says that it is held', () => {
  const held = published(fixtureAt + 60_000, { isHeld: true, heldSinceAt: fixtureAt + 60_000 });
  const { changes } = foldKeys(tailOf([...setUpEvents, held]));
  const [change] = changesOf(changes, 'risk:allocation_weights');
  assert.ok(change?.type === 'set');
  assert.match(change.value, /"ts":1768392000,"ts_ms":1768392000000,"hold":true,"fallback":false\}$/);
});

test('the status tells the last cycle in seconds, with the measures behind each score', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, manifold, published(fixtureAt + 30_000)]));
  const key = 'opt:allocator:status';
  assert.deepEqual(changesOf(changes, key), [
    {
      type: 'set',
      key,
      value:
        '{"ts":1768392030,"top_k":3,"weights":{"EUR_USD":0.75,"USD_JPY":0.25},"interval":60,"interval_sec":60,' +
        '"exposure_pct":{"EUR_USD":0.225,"USD_JPY":0.075},"eligible_count":2,"blob_age_sec":30,"hold":false,"fallback":false,' +
        '"last_publish_ts":1768392000,"reason":"allocated",' +
        '"scores":{"EUR_USD":{"W":0.6,"C":0.5,"S":0.875,"R":0.125,"H":0.9,"lambda":0.03}}}',
      ttlMs: 120_000,
    },
  ]);
});
