import assert from 'node:assert/strict';
import { test } from 'node:test';
import { riskModes, riskPolicySchema, volatilityLevels } from './crypto-policies-risk.ts';

test('the modes allow less from one to the next', () => {
  const { modes } = riskPolicySchema.parse({});
  const rows = riskModes.map((name) => {
    const { max_leverage, max_risk_per_trade, max_daily_dd, max_positions, min_confidence, scaling } = modes[name];
    return [name, max_leverage, max_risk_per_trade, max_daily_dd, max_positions, min_confidence, scaling];
  });
  assert.deepEqual(rows, [
    ['AGGRESSIVE', 7, 0.03, 0.06, 15, 0.45, 1.5],
    ['NORMAL', 5, 0.015, 0.05, 10, 0.5, 1],
    ['SAFE', 3, 0.0075, 0.03, 5, 0.6, 0.7],
    ['CRITICAL', 2, 0.0025, 0.02, 3, 0.85, 0.3],
  ]);
  assert.deepEqual(
    riskModes.map((name) => [modes[name].max_position_usd, modes[name].allow_new_trades, modes[name].enable_clm]),
    [
      [300, true, true],
      [1_000, true, true],
      [500, true, false],
      [250, false, false],
    ],
  );
});

test('the figures of the whole desk, of the emergency stop and of each volatility are those of the table', () => {
  const { modes: _, ess, volatility, ...rest } = riskPolicySchema.parse({});
  assert.deepEqual(rest, {
    ...{ active_mode: 'NORMAL', max_positions_per_symbol: 1, max_daily_dd: 0.05, max_weekly_dd: 0.15 },
    ...{ max_gross_exposure: 2, max_symbol_conc: 0.3, max_sector_conc: 0.4, max_corr: 0.7, losing_streak_limit: 5 },
    ...{ emergency_mode: false, allow_new_trades: true, emergency_reason: null, emergency_activated_at: null },
  });
  assert.deepEqual(ess, {
    ...{ enabled: true, max_daily_drawdown: 0.05, max_open_loss: 0.1, max_execution_errors: 5 },
    ...{ error_window_min: 15, cooldown_min: 15, allow_manual_reset: true },
  });
  assert.deepEqual(
    volatilityLevels.map((level) => [volatility[level].max_leverage, volatility[level].max_risk]),
    [
      [25, 0.1],
      [20, 0.08],
      [15, 0.05],
      [10, 0.03],
    ],
  );
});

test('a percent where a fraction is meant is refused', () => {
  assert.equal(riskPolicySchema.safeParse({ max_daily_dd: 5 }).success, false);
  assert.equal(riskPolicySchema.safeParse({ modes: { SAFE: { max_risk_per_trade: 0.75, speed: 1 } } }).success, false);
});
