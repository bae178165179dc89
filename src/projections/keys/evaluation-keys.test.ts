import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, tailOf } from '../../../tests/support/key-fold.ts';

const evaluation: EventByType['evaluation.completed'] = {
  type: 'evaluation.completed',
  at: fixtureAt + 500,
  instrument: 'EURUSD.OANDA',
  parameterKey: 'c0.55:l12:t2.0:ec60:xc60',
  days: 30,
  summary: { trades: 18, winRate: 0.5, pnlTotal: 0.008, maxDrawdown: 0.036, calmar: 0.22 },
  floors: { minimumTrades: 12, calmarMinimum: 0.18, pnlMinimum: 0.002 },
  isEligible: true,
};

const { setUpEvents } = createDeskFixture([]);

test('a result is one document in the order its readers know, and stands for an hour', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, evaluation]));
  const key = 'bt:rolling:summary:EUR_USD';
  assert.deepEqual(changesOf(changes, key), [
    {
      type: 'set',
      key,
      value:
        '{"ts":1768392000,"params":{"c_min":0.55,"direction_lookback":12,"dir_threshold_bps":2,' +
        '"entry_cooldown_sec":60,"exit_cooldown_sec":60,"c_percentile":null},' +
        '"summary":{"trades":18,"calmar":0.22,"pnl_total":0.008,"win_rate":0.5,"max_drawdown":0.036},' +
        '"gates":{"min_trades":12,"calmar_min":0.18,"pnl_min":0.002},"eligible":1,"ts_ms":1768392000500,' +
        '"param_key":"c0.55:l12:t2.0:ec60:xc60","days":30}',
      ttlMs: 3_600_000,
    },
  ]);
});

test('each result joins the past of its parameter set: 2000 of thirty days', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, evaluation]));
  const key = 'bt:rolling:hist:EUR_USD:c0.55:l12:t2.0:ec60:xc60';
  assert.deepEqual(changesOf(changes, key), [
    {
      type: 'push',
      key,
      value:
        '{"ts":1768392000,"ts_ms":1768392000500,"trades":18,"calmar":0.22,"pnl_total":0.008,"win_rate":0.5,"max_drawdown":0.036}',
      keep: 2_000,
      ttlMs: 2_592_000_000,
    },
  ]);
});

test('counters are written where a result tells them, and only there', () => {
  const keys = ['opt:rolling:passes:EUR_USD', 'opt:rolling:fails:EUR_USD', 'opt:rolling:misses:EUR_USD'];
  const told = Object.assign({ counters: { passes: 1, fails: 0, misses: 3 } }, evaluation);
  const { changes } = foldKeys(tailOf([...setUpEvents, told]));
  const written = keys.flatMap((key) => changesOf(changes, key));
  assert.deepEqual(
    written,
    ['1', '0', '3'].map((value, index) => ({ type: 'set', key: keys[index], value, ttlMs: null })),
  );
  const { counters: _, ...untold } = told;
  const silent = foldKeys(tailOf([...setUpEvents, untold])).changes;
  assert.deepEqual(
    keys.flatMap((key) => changesOf(silent, key)),
    [],
  );
});
