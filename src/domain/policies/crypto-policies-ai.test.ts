import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aiPolicySchema } from './crypto-policies-ai.ts';

test('there are 26 modules, one of which only watches', () => {
  const { modules } = aiPolicySchema.parse({});
  const entries = Object.entries(modules);
  assert.equal(entries.length, 26);
  assert.deepEqual(
    entries.filter(([, { mode }]) => mode !== 'ACTIVE').map(([name, { mode }]) => [name, mode]),
    [['supervisor', 'OBSERVATION']],
  );
  const { hfos, pil, pba, pal, self_healing, supervisor, xgboost } = modules;
  assert.deepEqual(
    [hfos, pil, pba, pal, self_healing, supervisor, xgboost].map(({ interval_ms }) => interval_ms / 1_000),
    [60, 60, 300, 300, 120, 1_800, 30],
  );
});

test('everything else has the figures of the table', () => {
  const { modules: _, flags, ...rest } = aiPolicySchema.parse({});
  assert.deepEqual(new Set(Object.values(flags)), new Set([true]));
  assert.equal(Object.keys(flags).length, 7);
  assert.deepEqual(rest, {
    ensemble: {
      weights: { xgb: 0.25, lgbm: 0.25, nhits: 0.3, patchtst: 0.2 },
      min_consensus: 3,
      min_agree_weight: 0.5,
    },
    min_confidence: { TRENDING: 0.32, NORMAL: 0.38, RANGING: 0.4 },
    global_min_confidence: 0.65,
    clm: {
      ...{ retrain_hours: 24, shadow_hours: 24, min_improvement: 0.02, drift_hours: 24, perf_hours: 6 },
      ...{ auto_retrain: true, auto_promote: true, min_shadow_predictions: 100 },
    },
    rl: { epsilon: 0.1, alpha: 0.2 },
    rl_v3: { mode: 'SHADOW', min_confidence: 0.6, max_trades_per_hour: 10 },
  });
});

test('weights that do not sum to one, and confidences beyond their clamps, are refused', () => {
  const rows: unknown[] = [
    { ensemble: { weights: { xgb: 0.3 } } },
    { ensemble: { weights: { xgb: 0.55, lgbm: 0.15, nhits: 0.15, patchtst: 0.15 } } },
    { min_confidence: { TRENDING: 0.51 } },
    { min_confidence: { RANGING: 0.24 } },
    { modules: { unknown: {} } },
    { rl_v3: { mode: 'PRIMARY' } },
  ];
  for (const row of rows) assert.equal(aiPolicySchema.safeParse(row).success, false, JSON.stringify(row));
  assert.equal(aiPolicySchema.safeParse({ ensemble: { weights: { xgb: 0.3, lgbm: 0.2 } } }).success, true);
});
