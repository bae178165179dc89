/** The kinds of run that a guard rail tells apart: real money, or none. */
export type GuardedRun = 'live' | 'simulated';

/** How far a figure may go; null where that kind of run has no bound. `never` names a value that is not allowed at all. */
export type GuardRailBound =
  | { readonly type: 'atMost'; readonly live: number; readonly simulated: number | null }
  | { readonly type: 'atLeast'; readonly live: number; readonly simulated: number | null }
  | { readonly type: 'never'; readonly value: string | number | boolean; readonly run: GuardedRun };

/** One hard limit on what policies may say. */
export interface GuardRail {
  readonly domain: string;
  /** Names on the way to the field; `*` stands for every name there. */
  readonly path: string;
  readonly bound: GuardRailBound;
  /** Half a sentence that follows "since". */
  readonly reason: string;
}

const leverageReason = 'leverage ends at 30 on a test venue and at 10 with real money';
const marginReason = 'the desk may use 30 percent of the margin of a real account';

/**
 * The hard limits compiled in: no policy and no caller may go beyond them, and no policy switches one off. They bound what a document
 * may say; the limits that a document states bound what the desk does.
 */
export const guardRails: readonly GuardRail[] = [
  rail('execution', 'max_leverage', atMost(10, 30), leverageReason),
  rail('execution', 'default_leverage', atMost(10, 30), leverageReason),
  rail('risk', 'modes.*.max_leverage', atMost(10, 30), leverageReason),
  rail('risk', 'modes.*.min_leverage', atMost(10, 30), leverageReason),
  rail('risk', 'volatility.*.max_leverage', atMost(10, 30), leverageReason),
  rail('risk', 'modes.*.max_risk_per_trade', atMost(0.03), 'a trade risks at most 3 percent of the equity'),
  rail('risk', 'volatility.*.max_risk', atMost(0.1), 'the envelope narrows and never reaches beyond a tenth'),
  rail('risk', 'modes.*.max_position_usd', atMost(5_000), 'one trade is worth at most 5000 USDT'),
  rail('risk', 'modes.*.max_daily_dd', atMost(0.08), 'every entry is vetoed at a drawdown of 8 percent'),
  rail('risk', 'modes.*.max_positions', atMost(15, 50), 'the widest mode holds 15 positions'),
  rail('risk', 'max_daily_dd', atMost(0.08), 'every entry is vetoed at a drawdown of 8 percent'),
  rail('risk', 'max_weekly_dd', atMost(0.15, 0.25), 'a week may lose 15 percent of a real account'),
  rail('risk', 'max_gross_exposure', atMost(2, 4), 'positions are worth at most twice the equity of a real account'),
  rail('risk', 'max_symbol_conc', atMost(0.6), 'the emergency stop trips at 60 percent in one instrument'),
  rail('risk', 'ess.max_daily_drawdown', atMost(0.1), 'the emergency stop trips at a loss of 10 percent at the latest'),
  rail(
    'risk',
    'ess.max_open_loss',
    atMost(0.15),
    'the emergency stop trips at 15 percent below the peak at the latest',
  ),
  rail('risk', 'ess.enabled', never(false), 'the emergency stop stays on with real money'),
  rail('ai', 'modules.ess.enabled', never(false), 'the emergency stop stays on with real money'),
  rail('ai', 'modules.ess.mode', never('DISABLED'), 'the emergency stop stays on with real money'),
  rail('ai', 'modules.governor.enabled', never(false), 'the veto stays on with real money'),
  rail('ai', 'modules.governor.mode', never('DISABLED'), 'the veto stays on with real money'),
  rail('ai', 'global_min_confidence', atLeast(0.5), 'nothing enters on a calibrated probability below one half'),
  rail('execution', 'default_sl', atMost(0.1), 'a stop is mandatory, and a move of 10 percent closes in any case'),
  rail('execution', 'max_slippage_bps', atMost(50), 'an execution that costs more than half a percent is no plan'),
  rail('execution', 'max_spread_bps', atMost(50), 'a spread of half a percent is no market to enter'),
  rail('limits', 'maximumLeverage', atMost(20, 50), 'the venue lends fifty to one, and the house uses twenty'),
  rail('limits', 'maximumCurrencyExposure', atMost(10, null), 'the whole budget is never one bet on a currency'),
  rail('limits', 'maximumCurrencyExposure', never(0), 'the cap on one currency stays on with real money'),
  rail('limits', 'maximumPositions', atMost(8, null), 'the universe has eight instruments'),
  rail('limits', 'maximumPositions', never(0), 'the ceiling on positions stays on with real money'),
  rail('limits', 'maximumNetUnits', never(0), 'the ceiling on units stays on with real money'),
  rail('limits', 'maximumOrdersPerMinute', atMost(60, 600), 'venues shut out who sends more'),
  rail('limits', 'priceCollarBps', atMost(100, 1_000), 'a price one percent from the middle is a mistake'),
  rail('limits', 'markAgeMsMax', atMost(300_000, null), 'a price of five minutes ago says nothing'),
  rail('budget-limit', 'targetFraction', atMost(0.3, null), marginReason),
  rail('budget-ramp', 'targetFraction', atMost(0.3, null), marginReason),
  rail('top-k-allocator', 'targetFraction', atMost(0.3, null), marginReason),
  rail('margin-gate', 'high', atMost(0.35, null), 'entries end at 35 percent of the margin in use at the latest'),
  rail('margin-overload', 'overload', atMost(0.8, null), 'the switch is engaged at 80 percent of the margin in use'),
  rail('value-at-risk', 'perPositionMaximum', atMost(0.03, null), 'a position risks at most 3 percent of the equity'),
  rail('value-at-risk', 'totalMaximum', atMost(0.06, null), 'all positions risk at most 6 percent of the equity'),
];

/** Which side of a guard rail a run stands on. What is not known to be simulated counts as real money. */
export function guardedRun(kind: string): GuardedRun {
  return kind === 'paper' || kind === 'backtest' ? 'simulated' : 'live';
}

/** The first guard rail that a document of a domain is beyond, as a sentence; undefined where it keeps to all of them. */
export function guardRailProblem(
  domain: string,
  document: Readonly<Record<string, unknown>>,
  kind: string,
): string | undefined {
  const run = guardedRun(kind);
  for (const { path, bound, reason } of guardRails.filter((candidate) => candidate.domain === domain)) {
    for (const [at, value] of valuesAt(document, path.split('.'))) {
      const expected = isBeyond(bound, value, run) ? expectation(bound, run) : undefined;
      if (expected !== undefined)
        return `'${at}': expected ${expected} in a ${run} run, found '${String(value)}', since ${reason}`;
    }
  }
  return undefined;
}

/** A domain's own defaults brought within its guard rails, for a document that nobody has written yet. */
export function withinGuardRails(
  domain: string,
  document: Readonly<Record<string, unknown>>,
  kind: string,
): Record<string, unknown> {
  const run = guardedRun(kind);
  const result = structuredCopy(document);
  for (const { path, bound } of guardRails.filter((candidate) => candidate.domain === domain)) {
    if (bound.type === 'never') continue;
    const names = path.split('.');
    const limit = bound[run];
    for (const [at, value] of valuesAt(result, names)) {
      if (limit !== null && isBeyond(bound, value, run)) putAt(result, at.split('.'), limit);
    }
  }
  return result;
}

/** What a bound allows, in words. */
export function expectation(bound: GuardRailBound, run: GuardedRun): string | undefined {
  if (bound.type === 'never') return bound.run === run ? `anything but '${String(bound.value)}'` : undefined;
  const limit = bound[run];
  if (limit === null) return undefined;
  return bound.type === 'atMost' ? `at most ${limit}` : `at least ${limit}`;
}

function isBeyond(bound: GuardRailBound, value: unknown, run: GuardedRun): boolean {
  if (bound.type === 'never') return bound.run === run && value === bound.value;
  const limit = bound[run];
  if (limit === null || typeof value !== 'number') return false;
  return bound.type === 'atMost' ? value > limit : value < limit;
}

/** Values on a path with their full paths; a part that is not there leads to none. */
function valuesAt(value: unknown, names: readonly string[], before = ''): [string, unknown][] {
  const [name, ...rest] = names;
  if (name === undefined) return [[before, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => name === '*' || key === name)
    .flatMap(([key, inner]) => valuesAt(inner, rest, before === '' ? key : `${before}.${key}`));
}

function putAt(target: Record<string, unknown>, names: readonly string[], value: number): void {
  const [name = '', ...rest] = names;
  if (rest.length === 0) target[name] = value;
  else putAt(target[name] as Record<string, unknown>, rest, value);
}

function structuredCopy(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
}

function rail(domain: string, path: string, bound: GuardRailBound, reason: string): GuardRail {
  return { domain, path, bound, reason };
}

function atMost(live: number, simulated: number | null = live): GuardRailBound {
  return { type: 'atMost', live, simulated };
}

function atLeast(live: number, simulated: number | null = live): GuardRailBound {
  return { type: 'atLeast', live, simulated };
}

function never(value: string | number | boolean): GuardRailBound {
  return { type: 'never', value, run: 'live' };
}
