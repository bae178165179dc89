import { isNearClose } from '#domain/calendar.ts';
import { scaleOf } from '#domain/scale.ts';
import { combinedDirection, slopeBps } from '#metrics/combined-direction.ts';
import { profitExit, slopeExit } from '#metrics/exit-rules.ts';
import { calibratedLevels, guardCode } from '#metrics/guard-levels.ts';
import type { BarHistory } from './bar-history.ts';
import { costsOf, type MarketMoment, sessionOf } from './market-moment.ts';
import type { ShadowRun } from './shadow-run.ts';
import type { ShadowSettings } from './shadow-settings.ts';

/**
 * The direction in which the run would enter at the close of the bar, 0 for none. The tests are those of the desk's own modules; the order
 * is by cost, for most bars end at the slope.
 */
export function entrySign(run: ShadowRun, moment: MarketMoment): -1 | 0 | 1 {
  const { settings } = run;
  const slope = slopeAt(settings, moment);
  if (slope === undefined || slope === 0 || Math.abs(slope) < settings.directionThresholdBps) return 0;
  if (moment.windowEnd === moment.history.windows.first) return 0;
  if (moment.barsSinceGap <= settings.gapHoldBars || isCoolingDown(run, moment.closedAt)) return 0;
  const session = sessionOf(moment);
  if (!session.isOpen || isNearClose(session, settings.sessionExitMinutes)) return 0;
  return guardedSign(settings, moment);
}

/**
 * Whether the position is to be closed at the next open: its sessions end, its profit or the slope says so, or the desk would now enter the
 * other way, which begins with closing.
 */
export function isExitDue(run: ShadowRun, moment: MarketMoment): boolean {
  const { settings, sign } = run;
  if (sign === 0) return false;
  const session = sessionOf(moment);
  // In a break of the market nothing could fill: the rule waits for its end.
  if (session.minutesToClose <= settings.sessionExitMinutes && (session.isOpen || session.minutesToClose === 0)) {
    return true;
  }
  if (settings.exitPnlEnabled && isProfitExit(run, sign, moment)) return true;
  const slope = slopeAt(settings, moment);
  if (slope === undefined) return false;
  const threshold = settings.exitSlopeBps ?? settings.directionThresholdBps;
  if (settings.exitSlopeEnabled && slopeExit(sign, slope, threshold)) return true;
  return slope * sign < 0 && entrySign(run, moment) === -sign;
}

/** The slope over the lookback as of the bar, undefined while fewer bars are remembered. Prices are divided as the desk's are. */
function slopeAt(settings: ShadowSettings, moment: MarketMoment): number | undefined {
  const before = moment.index - settings.directionLookback;
  if (before < moment.history.first) return undefined;
  const scale = scaleOf(moment.inputs.instrument.priceDecimals);
  return slopeBps(moment.close / scale, priceOf(moment.history.close, before) / scale);
}

function isCoolingDown(run: ShadowRun, at: number): boolean {
  const { entryCooldownSeconds, exitCooldownSeconds } = run.settings;
  if (run.entryAt > 0 && at - run.entryAt < entryCooldownSeconds * 1000) return true;
  return run.exitAt > 0 && at - run.exitAt < exitCooldownSeconds * 1000;
}

/** Guards and direction on the newest window, as the desk's modules read them. */
function guardedSign(settings: ShadowSettings, moment: MarketMoment): -1 | 0 | 1 {
  const { history, ranks, index } = moment;
  const levels = settings.guardProfile === 'seed' ? settings : calibratedLevels(ranks, settings);
  if (levels === undefined || index - 1 < history.first) return 0;
  const window = (moment.windowEnd - 1) % history.windows.endAt.length;
  const coherence = history.windows.coherence[window] ?? 0;
  const measures = {
    coherence,
    stability: history.windows.stability[window] ?? 0,
    rupture: history.windows.rupture[window] ?? 0,
    entropy: history.windows.entropy[window] ?? 0,
  };
  if (guardCode(measures, levels) !== 'pass') return 0;
  const scale = scaleOf(moment.inputs.instrument.priceDecimals);
  const reading = {
    close: moment.close / scale,
    closeBefore: priceOf(history.close, index - settings.directionLookback) / scale,
    closePrevious: priceOf(history.close, index - 1) / scale,
    highPrevious: priceOf(history.high, index - 1) / scale,
    lowPrevious: priceOf(history.low, index - 1) / scale,
    coherence,
    deltaCoherence: deltaCoherence(settings, history, moment.windowEnd),
  };
  return combinedDirection(reading, {
    thresholdBps: settings.directionThresholdBps,
    minimumCoherence: levels.minimumCoherence,
    deltaMinimum: settings.deltaCoherenceMinimum,
  }).sign;
}

function deltaCoherence(settings: ShadowSettings, { windows }: BarHistory, windowEnd: number): number {
  if (windowEnd - windows.first < 2 || settings.deltaCoherenceMode === 'off') return 0;
  const column = settings.deltaCoherenceMode === 'pattern' ? windows.patternCoherence : windows.coherence;
  return (column[(windowEnd - 1) % column.length] ?? 0) - (column[(windowEnd - 2) % column.length] ?? 0);
}

/** The profit in the unit the strategy counts in. A run without an account knows no amounts: that unit never closes it. */
function isProfitExit(run: ShadowRun, sign: -1 | 1, moment: MarketMoment): boolean {
  const { settings, entryPrice } = run;
  if (settings.exitPnlUnit === 'account_ccy') return false;
  const { lower, upper } = costsOf(moment);
  const change = sign === 1 ? moment.close - lower - entryPrice : entryPrice - moment.close - upper;
  const { marginRate } = moment.inputs.instrument;
  const profit = settings.exitPnlUnit === 'price_pct' ? change / entryPrice : change / (moment.close * marginRate);
  return profitExit(settings, profit * 100) !== undefined;
}

function priceOf(column: Int32Array, index: number): number {
  return column[index % column.length] ?? 0;
}
