import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType, GatesDocument } from '#domain/events.ts';
import { createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, tailOf } from '../../../tests/support/key-fold.ts';

const document: GatesDocument = {
  ts: fixtureAt,
  v: 1,
  seq: 7,
  intervalSeconds: 60,
  gates: { EUR_USD: 1, USD_JPY: 0 },
  cooldowns: { EUR_USD: 0, USD_JPY: 1 },
  bufs: { EUR_USD: 0.1, USD_JPY: 0.12 },
  reasons: { EUR_USD: [], USD_JPY: ['cooldown'] },
  sessions: { EUR_USD: { open: true, minutesToClose: 90 }, USD_JPY: { open: false, minutesToClose: 0 } },
  repetition: { EUR_USD: { count: 3, firstSeenAt: fixtureAt - 60_000 } },
  hazard: { EUR_USD: 0.15 },
};

function published(changes: Partial<GatesDocument> = {}): EventByType['gates.published'] {
  return { type: 'gates.published', at: fixtureAt, document: { ...document, ...changes } };
}

const floors = { minimumTrades: 8, calmarMinimum: 0.1, pnlMinimum: 0 };
const evaluation: EventByType['evaluation.completed'] = {
  type: 'evaluation.completed',
  at: fixtureAt,
  instrument: 'EURUSD.OANDA',
  parameterKey: 'c0.55:l12:t2.0:ec60:xc60',
  days: 30,
  summary: { trades: 18, winRate: 0.5, pnlTotal: 0.008, maxDrawdown: 0.036, calmar: 0.22 },
  floors,
  isEligible: true,
};

const { setUpEvents } = createDeskFixture([]);

test('the blob is one document in ms, in the words of both its generations, with the floors of the last results', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, evaluation, published()]));
  const key = 'opt:rolling:gates_blob';
  assert.deepEqual(changesOf(changes, key), [
    {
      type: 'set',
      key,
      value:
        '{"ts":1768392000000,"gates":{"EUR_USD":1,"USD_JPY":0},"cooldowns":{"EUR_USD":0,"USD_JPY":1},' +
        '"bufs":{"EUR_USD":0.1,"USD_JPY":0.12},"repetition":{"EUR_USD":{"count_1h":3,"first_seen_ms":1768391940000}},' +
        '"hazard":{"EUR_USD":0.15},"v":1,"interval_sec":60,"reasons":{"EUR_USD":[],"USD_JPY":["cooldown"]},' +
        '"sessions":{"EUR_USD":{"open":true,"minutes_to_close":90},"USD_JPY":{"open":false,"minutes_to_close":0}},' +
        '"floors":{"EUR_USD":{"min_trades":8,"calmar_min":0.1,"pnl_min":0}},"seq":7}',
      ttlMs: 3_600_000,
    },
  ]);
});

test('each gate is a digit that outlives a document of gates twice', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, published()]));
  for (const [key, value] of [
    ['opt:rolling:eligible:EUR_USD', '1'],
    ['opt:rolling:eligible:USD_JPY', '0'],
  ] as const) {
    assert.deepEqual(changesOf(changes, key), [{ type: 'set', key, value, ttlMs: 360_000 }]);
  }
});

test('a cooldown is the presence of a key, written once and deleted when it is over', () => {
  const over = published({ cooldowns: { EUR_USD: 0, USD_JPY: 0 } });
  const { changes } = foldKeys(tailOf([...setUpEvents, published(), published(), over, over]));
  const key = 'opt:rolling:cooldown:USD_JPY';
  assert.deepEqual(changesOf(changes, key), [
    { type: 'set', key, value: '1', ttlMs: 7_200_000 },
    { type: 'delete', key },
  ]);
  assert.deepEqual(changesOf(changes, 'opt:rolling:cooldown:EUR_USD'), []);
});
