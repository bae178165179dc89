import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const positiveFraction = z.number().gt(0).max(1);
const leverage = z.number().min(1).max(125);

/** The ladder of risk, from the widest to the narrowest. */
export const riskModes = ['AGGRESSIVE', 'NORMAL', 'SAFE', 'CRITICAL'] as const;

/** Bands of an instrument's volatility, from the calmest. */
export const volatilityLevels = ['LOW', 'NORMAL', 'HIGH', 'EXTREME'] as const;

/** What one mode allows. */
interface ModeFigures {
  readonly leverages: readonly [least: number, most: number];
  readonly risk: number;
  readonly dailyDrawdown: number;
  readonly positions: number;
  readonly confidence: number;
  readonly scaling: number;
  readonly size: number;
  readonly trades: boolean;
  readonly learns: boolean;
}

function modeSchema(figures: ModeFigures) {
  const [least, most] = figures.leverages;
  return z
    .strictObject({
      min_leverage: leverage.default(least).describe('Lowest leverage that is worth a trade in this mode.'),
      max_leverage: leverage.default(most).describe('Highest leverage in this mode; the least of all limits counts.'),
      max_risk_per_trade: positiveFraction
        .default(figures.risk)
        .describe('Share of equity lost where the stop of one trade is hit.'),
      max_daily_dd: positiveFraction
        .default(figures.dailyDrawdown)
        .describe('Loss since the start of the UTC day, as a share of equity, at which entries end.'),
      max_positions: z.int().min(0).default(figures.positions).describe('Positions held at one time.'),
      min_confidence: fraction.default(figures.confidence).describe('Lowest confidence that may enter.'),
      scaling: z.number().min(0).max(2).default(figures.scaling).describe('Factor on the size of every entry.'),
      max_position_usd: z.number().positive().default(figures.size).describe('Largest size of one position, in USDT.'),
      allow_new_trades: z.boolean().default(figures.trades).describe('False leaves open positions to their exits.'),
      enable_clm: z.boolean().default(figures.learns).describe('Whether continuous learning runs in this mode.'),
      enable_retraining: z.boolean().default(figures.learns).describe('Whether models are trained in this mode.'),
    })
    .prefault({});
}

function volatilitySchema(maximumLeverage: number, maximumRisk: number) {
  return z
    .strictObject({
      max_leverage: leverage.default(maximumLeverage).describe('Highest leverage at this volatility.'),
      max_risk: positiveFraction
        .default(maximumRisk)
        .describe('Highest share of equity at risk at this volatility; the mode in force bounds it as well.'),
    })
    .prefault({});
}

const modesSchema = z
  .strictObject({
    AGGRESSIVE: modeSchema({
      ...{ leverages: [2, 7], risk: 0.03, dailyDrawdown: 0.06, positions: 15 },
      ...{ confidence: 0.45, scaling: 1.5, size: 300, trades: true, learns: true },
    }),
    NORMAL: modeSchema({
      ...{ leverages: [1, 5], risk: 0.015, dailyDrawdown: 0.05, positions: 10 },
      ...{ confidence: 0.5, scaling: 1, size: 1_000, trades: true, learns: true },
    }),
    SAFE: modeSchema({
      ...{ leverages: [1, 3], risk: 0.0075, dailyDrawdown: 0.03, positions: 5 },
      ...{ confidence: 0.6, scaling: 0.7, size: 500, trades: true, learns: false },
    }),
    CRITICAL: modeSchema({
      ...{ leverages: [1, 2], risk: 0.0025, dailyDrawdown: 0.02, positions: 3 },
      ...{ confidence: 0.85, scaling: 0.3, size: 250, trades: false, learns: false },
    }),
  })
  .prefault({});

const emergencyStopSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the emergency stop watches.'),
    max_daily_drawdown: positiveFraction.default(0.05).describe("The day's loss that trips it, as a share of equity."),
    max_open_loss: positiveFraction
      .default(0.1)
      .describe('Loss of open positions that trips it, as a share of equity.'),
    max_execution_errors: z.int().min(1).default(5).describe('Failed executions within the window that trip it.'),
    error_window_min: z.int().min(1).default(15).describe('Minutes in which failed executions are counted.'),
    cooldown_min: z.int().min(0).default(15).describe('Minutes between a trip and the next entry.'),
    allow_manual_reset: z.boolean().default(true).describe('Whether an operator may end the cool-down.'),
  })
  .prefault({});

/**
 * How much may be risked, as the crypto desk reads it. Shares are fractions 0 to 1. The field names are those under which other programs
 * know the section `risk_policy`.
 */
export const riskPolicySchema = z.strictObject({
  active_mode: z.enum(riskModes).default('NORMAL').describe('The mode in force.'),
  modes: modesSchema,
  max_positions_per_symbol: z.int().min(1).default(1).describe('Positions in one instrument: one net position.'),
  max_daily_dd: positiveFraction.default(0.05).describe("The day's loss at which entries end, whatever the mode says."),
  max_weekly_dd: positiveFraction.default(0.15).describe("The week's loss at which entries end."),
  max_gross_exposure: z.number().positive().default(2).describe('Worth of all positions as a multiple of equity.'),
  max_symbol_conc: positiveFraction.default(0.3).describe('Share of the gross exposure that one instrument may take.'),
  max_sector_conc: positiveFraction.default(0.4).describe('Share of the gross exposure that one sector may take.'),
  max_corr: positiveFraction.default(0.7).describe('Correlation with an open position above which nothing enters.'),
  losing_streak_limit: z.int().min(1).default(5).describe('Losses in a row after which risk is cut.'),
  ess: emergencyStopSchema,
  volatility: z
    .strictObject({
      LOW: volatilitySchema(25, 0.1),
      NORMAL: volatilitySchema(20, 0.08),
      HIGH: volatilitySchema(15, 0.05),
      EXTREME: volatilitySchema(10, 0.03),
    })
    .prefault({}),
  emergency_mode: z.boolean().default(false).describe('Set by the emergency stop: nothing enters.'),
  allow_new_trades: z.boolean().default(true).describe('False leaves open positions to their exits in every mode.'),
  emergency_reason: z.string().nullable().default(null).describe('Why the emergency mode was set.'),
  emergency_activated_at: z.int().nullable().default(null).describe('When it was set, ms UTC.'),
});
export type RiskPolicy = Readonly<z.infer<typeof riskPolicySchema>>;
