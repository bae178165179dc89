import type { PolicyUpgrade } from '../policies.ts';

/** Where a field of the first schema went: its old name, its new path, and how its value is told now. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly as?: (value: unknown) => unknown;
}

const oldRiskModes: Readonly<Record<string, string>> = { AGGRESSIVE_SMALL_ACCOUNT: 'AGGRESSIVE', DEFENSIVE: 'SAFE' };
const oldModes: Readonly<Record<string, string>> = {
  OFF: 'DISABLED',
  OBSERVE: 'OBSERVATION',
  ADVISORY: 'SHADOW',
  ENFORCED: 'ACTIVE',
  PRIMARY: 'ACTIVE',
};

const modeMoves: readonly Move[] = [
  { from: 'max_risk_pct_per_trade', to: 'max_risk_per_trade', as: ofPercent },
  { from: 'max_daily_drawdown_pct', to: 'max_daily_dd', as: ofPercent },
  { from: 'global_min_confidence', to: 'min_confidence' },
  { from: 'scaling_factor', to: 'scaling' },
  { from: 'position_size_cap_usd', to: 'max_position_usd' },
];

const riskMoves: readonly Move[] = [
  { from: 'active_mode', to: 'active_mode', as: (value) => renamed(oldRiskModes, value) },
  { from: 'modes', to: 'modes', as: riskModesOf },
  { from: 'max_daily_dd_pct', to: 'max_daily_dd', as: ofPercent },
  { from: 'max_weekly_dd_pct', to: 'max_weekly_dd', as: ofPercent },
  { from: 'max_symbol_conc_pct', to: 'max_symbol_conc', as: ofPercent },
  { from: 'max_sector_conc_pct', to: 'max_sector_conc', as: ofPercent },
  { from: 'ess', to: 'ess', as: (value) => ofRecord(value, (fields) => moved(fields, emergencyMoves)) },
];

const emergencyMoves: readonly Move[] = [
  { from: 'max_daily_drawdown_pct', to: 'max_daily_drawdown', as: ofPercent },
  { from: 'max_open_loss_pct', to: 'max_open_loss', as: ofPercent },
];

const aiMoves: readonly Move[] = [
  { from: 'modules', to: 'modules', as: (value) => ofEach(value, (fields) => moved(fields, moduleMoves)) },
  { from: 'policy_min_conf_trending', to: 'min_confidence.TRENDING' },
  { from: 'policy_min_conf_normal', to: 'min_confidence.NORMAL' },
  { from: 'policy_min_conf_ranging', to: 'min_confidence.RANGING' },
  { from: 'confidence_threshold', to: 'global_min_confidence' },
  { from: 'clm', to: 'clm', as: (value) => ofRecord(value, (fields) => moved(fields, learningMoves)) },
  { from: 'rl_v3', to: 'rl_v3', as: (value) => ofRecord(value, (fields) => moved(fields, agentMoves)) },
];

const moduleMoves: readonly Move[] = [
  { from: 'mode', to: 'mode', as: (value) => renamed(oldModes, value) },
  { from: 'interval_seconds', to: 'interval_ms', as: (value) => scaled(value, 1_000) },
];
const learningMoves: readonly Move[] = [{ from: 'min_improvement_pct', to: 'min_improvement', as: ofPercent }];
const agentMoves: readonly Move[] = [{ from: 'mode', to: 'mode', as: (value) => renamed(oldModes, value) }];

const executionMoves: readonly Move[] = [
  { from: 'default_tp_pct', to: 'default_tp', as: ofPercent },
  { from: 'default_sl_pct', to: 'default_sl', as: ofPercent },
  { from: 'trail_pct', to: 'trail', as: ofPercent },
  { from: 'partial_tp_pct', to: 'partial_tp', as: ofPercent },
  { from: 'check_interval_seconds', to: 'scan_interval_s' },
  { from: 'cooldown_seconds', to: 'cooldown_s' },
  { from: 'paper_trading', to: 'paper' },
];

const universeMoves: readonly Move[] = [
  { from: 'universe', to: 'profile' },
  { from: 'universe_refresh_hours', to: 'refresh_hours' },
  { from: 'min_volume_24h_usd', to: 'min_quote_volume' },
  { from: 'allowed_symbols', to: 'allow' },
  { from: 'denied_symbols', to: 'deny' },
];

/**
 * From the first schema to the second. The first is that of the system the desk was modelled on: percents instead of fractions, older
 * names of the risk modes and of the ladder of modes, confidences in a flat list. Fields that moved nowhere keep their names.
 */
export const cryptoUpgrades: Readonly<Record<'risk' | 'ai' | 'execution' | 'universe', PolicyUpgrade>> = {
  risk: (document) => moved(document, riskMoves),
  ai: (document) => moved(document, aiMoves),
  execution: (document) => moved(document, executionMoves),
  universe: (document) => moved(document, universeMoves),
};

function moved(document: Readonly<Record<string, unknown>>, moves: readonly Move[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(document)) {
    const move = moves.find(({ from }) => from === name);
    if (move === undefined) result[name] = value;
    else place(result, move.to, move.as === undefined ? value : move.as(value));
  }
  return result;
}

/** Paths lead one level down at most. */
function place(result: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', inner] = path.split('.');
  if (inner === undefined) result[name] = value;
  else result[name] = { ...(result[name] as object | undefined), [inner]: value };
}

function riskModesOf(value: unknown): unknown {
  return ofRecord(value, (modes) =>
    Object.fromEntries(
      Object.entries(modes).map(([name, fields]) => [
        oldRiskModes[name] ?? name,
        ofRecord(fields, (mode) => moved(mode, modeMoves)),
      ]),
    ),
  );
}

function ofEach(value: unknown, lift: (fields: Record<string, unknown>) => unknown): unknown {
  return ofRecord(value, (entries) =>
    Object.fromEntries(Object.entries(entries).map(([name, fields]) => [name, ofRecord(fields, lift)])),
  );
}

/** What is no object is left for the schema to refuse. */
function ofRecord(value: unknown, lift: (fields: Record<string, unknown>) => unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return lift({ ...value });
}

function renamed(names: Readonly<Record<string, string>>, value: unknown): unknown {
  return typeof value === 'string' ? (names[value] ?? value) : value;
}

function ofPercent(value: unknown): unknown {
  return typeof value === 'number' ? value / 100 : value;
}

function scaled(value: unknown, factor: number): unknown {
  return typeof value === 'number' ? value * factor : value;
}
