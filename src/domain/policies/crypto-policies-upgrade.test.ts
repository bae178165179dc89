import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../policies.ts';
import { type CryptoPolicyName, cryptoPolicies } from './crypto-policies.ts';
import { cryptoUpgrades } from './crypto-policies-upgrade.ts';

function lifted(name: CryptoPolicyName, document: Record<string, unknown>): Record<string, unknown> {
  const parsed = parsePolicy(cryptoPolicies[name], document, 1, false);
  assert.ok('document' in parsed, JSON.stringify(parsed));
  return parsed.document;
}

test('risk modes get their names and percents become fractions', () => {
  const first = {
    active_mode: 'AGGRESSIVE_SMALL_ACCOUNT',
    modes: {
      AGGRESSIVE_SMALL_ACCOUNT: { max_leverage: 6, max_risk_pct_per_trade: 2.5, scaling_factor: 1.25 },
      DEFENSIVE: { max_daily_drawdown_pct: 2, global_min_confidence: 0.7, position_size_cap_usd: 400 },
      NORMAL: { max_positions: 8 },
    },
    max_daily_dd_pct: 4,
    max_weekly_dd_pct: 12,
    max_symbol_conc_pct: 25,
    max_sector_conc_pct: 35,
    ess: { max_daily_drawdown_pct: 4, max_open_loss_pct: 8, cooldown_min: 20 },
    max_corr: 0.6,
  };
  assert.deepEqual(cryptoUpgrades.risk(first), {
    active_mode: 'AGGRESSIVE',
    modes: {
      AGGRESSIVE: { max_leverage: 6, max_risk_per_trade: 0.025, scaling: 1.25 },
      SAFE: { max_daily_dd: 0.02, min_confidence: 0.7, max_position_usd: 400 },
      NORMAL: { max_positions: 8 },
    },
    max_daily_dd: 0.04,
    max_weekly_dd: 0.12,
    max_symbol_conc: 0.25,
    max_sector_conc: 0.35,
    ess: { max_daily_drawdown: 0.04, max_open_loss: 0.08, cooldown_min: 20 },
    max_corr: 0.6,
  });
  assert.equal(lifted('risk', first)['active_mode'], 'AGGRESSIVE');
  assert.equal(lifted('risk', { active_mode: 'DEFENSIVE' })['active_mode'], 'SAFE');
});

test('modes of modules, intervals and confidences get their names', () => {
  const first = {
    modules: { hfos: { mode: 'ENFORCED', interval_seconds: 90 }, pil: { mode: 'OFF' }, pal: { mode: 'ADVISORY' } },
    policy_min_conf_trending: 0.3,
    policy_min_conf_ranging: 0.45,
    confidence_threshold: 0.7,
    clm: { min_improvement_pct: 3 },
    rl_v3: { mode: 'PRIMARY' },
  };
  assert.deepEqual(cryptoUpgrades.ai(first), {
    modules: { hfos: { mode: 'ACTIVE', interval_ms: 90_000 }, pil: { mode: 'DISABLED' }, pal: { mode: 'SHADOW' } },
    min_confidence: { TRENDING: 0.3, RANGING: 0.45 },
    global_min_confidence: 0.7,
    clm: { min_improvement: 0.03 },
    rl_v3: { mode: 'ACTIVE' },
  });
  assert.deepEqual(lifted('ai', first)['min_confidence'], { TRENDING: 0.3, NORMAL: 0.38, RANGING: 0.45 });
});

test('execution and universe get their names', () => {
  assert.deepEqual(
    cryptoUpgrades.execution({
      ...{ default_tp_pct: 5, default_sl_pct: 2, trail_pct: 1.5, partial_tp_pct: 40 },
      ...{ check_interval_seconds: 10, cooldown_seconds: 120, paper_trading: false, max_leverage: 30 },
    }),
    {
      ...{ default_tp: 0.05, default_sl: 0.02, trail: 0.015, partial_tp: 0.4 },
      ...{ scan_interval_s: 10, cooldown_s: 120, paper: false, max_leverage: 30 },
    },
  );
  assert.deepEqual(
    lifted('universe', {
      ...{ universe: 'megacap', universe_refresh_hours: 12, min_volume_24h_usd: 500_000 },
      ...{ allowed_symbols: ['BTCUSDT'], denied_symbols: ['X'], max_symbols: 20 },
    }),
    {
      ...{ profile: 'megacap', max_symbols: 20, refresh_hours: 12, min_quote_volume: 500_000 },
      ...{ allow: ['BTCUSDT'], deny: ['X'] },
    },
  );
});

test('what is no object is left for the schema to refuse', () => {
  assert.deepEqual(cryptoUpgrades.risk({ modes: 3, ess: [1], max_daily_dd_pct: 'much' }), {
    modes: 3,
    ess: [1],
    max_daily_dd: 'much',
  });
  assert.ok('problem' in parsePolicy(cryptoPolicies.risk, { modes: 3 }, 1, false));
});
