import type { Costs } from '../costs.ts';
import type { DeskPolicy, LimitsPolicy, StrategyPolicy } from '../policies.ts';

/**
 * A plain desk for perpetual futures at Binance, made of the modules that read any market. It has no sessions, since the market never
 * closes, and no allocator, since there is no evaluator to choose by: the house allocates.
 */
export const cryptoDesk: Omit<DeskPolicy, 'universe'> = {
  venue: 'BINANCE',
  accountCurrency: 'USDT',
  moneyDecimals: 8,
  decisionGridMs: 30_000,
  barIntervalMs: 60_000,
  barrierWaitMs: 5000,
  slots: {
    universe: [],
    forecast: [],
    signal: ['combined-direction'],
    gate: ['manifold-guards', 'freshness', 'spread-gate', 'margin-gate', 'cooldown-gate'],
    plan: ['atr-bracket'],
    allocation: [],
    risk: ['budget-limit', 'margin-gate'],
    execution: ['market-bracket'],
    position: ['slope-exit', 'pnl-exit'],
    protection: ['margin-overload'],
    supervision: [],
  },
  modes: {},
  modeCap: 'ACTIVE',
  shadowLimit: 4,
};

/** Units are smallest steps of a coin here and mean something else for each, so their number is no limit; worth is. */
export const cryptoLimits = {
  maximumNetUnits: 1_000_000_000_000,
  maximumLeverage: 3,
  maximumOrderNotional: 0,
  maximumOrdersPerMinute: 30,
  priceCollarBps: 100,
  maximumCurrencyExposure: 3,
  markAgeMsMax: 120_000,
} satisfies Partial<LimitsPolicy>;

/** The taker's fee of four basis points, and a spread and a slippage of a few ticks; funding is what the venue says it is. */
export const cryptoCosts: Costs = {
  instruments: {},
  otherwise: { spreadPips: [2], slippagePips: 1, commissionPerMillion: 400 },
  financingRates: {},
  financingMarkup: 0,
  latencyMs: 250,
  closeOutFraction: 0.5,
};

export const cryptoStrategy = {
  sessionTradingEnabled: false,
} satisfies Partial<StrategyPolicy>;
