import { assert } from '#base/assert.ts';
import { pipTicks } from '#domain/instrument.ts';
import { bracketDistances } from '#metrics/bracket-levels.ts';
import type { DrawdownRun } from '#metrics/drawdown-window.ts';
import { historyRange } from './history-range.ts';
import { costsOf, type MarketMoment } from './market-moment.ts';
import { entrySign, isExitDue } from './shadow-decision.ts';
import type { ShadowSettings } from './shadow-settings.ts';
import { addTrip, createTripLedger, type TripLedger } from './trip-ledger.ts';

const MINUTE_MS = 60_000;

/**
 * A strategy run in the shadow on one market, bar after bar without end: plain data (FX desk specification d.1). It holds at most one
 * position, always of one NAV of notional, so that results are fractions of NAV and add up. No gate of the evaluator, no allocator and
 * no budget stands in its way; direction, guards, cooldowns, sessions, bracket and exits are the desk's own.
 *
 * It decides on the closed bar. The desk decides on the same bars half a minute later, so that the bar which opened meanwhile cannot fill
 * its orders; the run waits for the one after in the same way. Results count in the quote currency: the change of the rate into the account's currency
 * during a trip is of second order and left out.
 */
export interface ShadowRun {
  settings: ShadowSettings;
  /** Opening of the first bar the run has seen, null before it. */
  startedAt: number | null;
  /** Fill times that the cooldowns count from, 0 for never. */
  entryAt: number;
  exitAt: number;
  /** An entry on its way: 1 or −1, 0 for none. */
  pendingSign: -1 | 0 | 1;
  isExitPending: boolean;
  /** Close of the bar that the entry or exit on its way was decided on. */
  decidedAt: number;
  sign: -1 | 0 | 1;
  /** Levels in ticks of the position or the pending entry, null where no bracket is laid. */
  stopPrice: number | null;
  targetPrice: number | null;
  /** Ticks, slippage included. */
  entryPrice: number;
  tripEntryAt: number;
  /** Marks of the open trip, from 0 at its entry. */
  path: DrawdownRun;
  trips: TripLedger;
}

export function createShadowRun(settings: ShadowSettings): ShadowRun {
  return {
    settings,
    startedAt: null,
    entryAt: 0,
    exitAt: 0,
    pendingSign: 0,
    isExitPending: false,
    decidedAt: 0,
    sign: 0,
    stopPrice: null,
    targetPrice: null,
    entryPrice: 0,
    tripEntryAt: 0,
    path: { sum: 0, peak: 0, trough: 0, drawdown: 0 },
    trips: createTripLedger(),
  };
}

/**
 * Takes a run through one closed bar: first what was decided earlier and can fill at the open; then the bracket, the stop before the target
 * since the bar hides their order; then the mark and, with nothing on its way, the next decision at the close.
 */
export function stepShadowRun(run: ShadowRun, moment: MarketMoment): void {
  run.startedAt ??= moment.openAt;
  if (moment.openAt > run.decidedAt) fillAtOpen(run, moment);
  if (run.sign !== 0) meetBracket(run, run.sign, moment);
  if (run.sign !== 0) mark(run, run.sign, moment);
  if (run.pendingSign !== 0 || run.isExitPending) return;
  if (run.sign === 0) decideEntry(run, moment);
  else run.isExitPending = isExitDue(run, moment);
  run.decidedAt = moment.closedAt;
}

function fillAtOpen(run: ShadowRun, moment: MarketMoment): void {
  if (run.isExitPending) leaveAtOpen(run, moment);
  else if (run.pendingSign !== 0) enterAtOpen(run, run.pendingSign, moment);
}

function enterAtOpen(run: ShadowRun, sign: -1 | 1, moment: MarketMoment): void {
  const { slippage, commission } = costsOf(moment);
  run.pendingSign = 0;
  run.sign = sign;
  run.entryPrice = facing(moment, sign, moment.open) + sign * slippage;
  assert(run.entryPrice > 0, `an entry has a price above 0, found '${run.entryPrice}'`);
  run.entryAt = moment.openAt;
  run.tripEntryAt = moment.openAt;
  run.path = { sum: 0, peak: 0, trough: 0, drawdown: 0 };
  addMark(run.path, -commission);
}

function leaveAtOpen(run: ShadowRun, moment: MarketMoment): void {
  run.isExitPending = false;
  assert(run.sign !== 0, 'only an open position has an exit to come');
  const price = facing(moment, run.sign === 1 ? -1 : 1, moment.open) - run.sign * costsOf(moment).slippage;
  closeTrip(run, run.sign, { price, at: moment.openAt }, moment);
}

/**
 * A stop is touched, slips and fills at the open where that is already worse. A target must be passed by a full tick, since others wait at
 * its price, and fills at the open where that is already better. The bar of the entry counts from its open on.
 */
function meetBracket(run: ShadowRun, sign: -1 | 1, moment: MarketMoment): void {
  const { stopPrice, targetPrice } = run;
  const closing = sign === 1 ? -1 : 1;
  const open = facing(moment, closing, moment.open);
  const worst = facing(moment, closing, sign === 1 ? moment.low : moment.high);
  const best = facing(moment, closing, sign === 1 ? moment.high : moment.low);
  const { tickSize } = moment.inputs.instrument;
  if (stopPrice !== null && sign * (stopPrice - worst) >= 0) {
    const touched = sign === 1 ? Math.min(stopPrice, open) : Math.max(stopPrice, open);
    const fill = { price: touched - sign * costsOf(moment).slippage, at: moment.closedAt };
    closeTrip(run, sign, fill, moment);
  } else if (targetPrice !== null && sign * (best - targetPrice) >= tickSize) {
    const isBetterAtOpen = sign * (open - targetPrice) >= tickSize;
    closeTrip(run, sign, { price: isBetterAtOpen ? open : targetPrice, at: moment.closedAt }, moment);
  }
}

/** The time of a fill inside a bar is hidden; the bar's close is taken, so that cooldowns err on the long side. */
interface ExitFill {
  readonly price: number;
  readonly at: number;
}

function closeTrip(run: ShadowRun, sign: -1 | 1, fill: ExitFill, moment: MarketMoment): void {
  const { commission } = costsOf(moment);
  addMark(run.path, gain(run, sign, fill.price, commission) - (commission * fill.price) / run.entryPrice);
  addTrip(run.trips, run.tripEntryAt, fill.at, run.path);
  run.exitAt = fill.at;
  run.sign = 0;
  run.isExitPending = false;
  run.stopPrice = null;
  run.targetPrice = null;
}

/** Marks the position at the price it could be closed at, so that drawdown is that of the equity and not of closed trips alone. */
function mark(run: ShadowRun, sign: -1 | 1, moment: MarketMoment): void {
  const price = facing(moment, sign === 1 ? -1 : 1, moment.close);
  addMark(run.path, gain(run, sign, price, costsOf(moment).commission));
}

function gain(run: ShadowRun, sign: -1 | 1, price: number, commission: number): number {
  return (sign * (price - run.entryPrice)) / run.entryPrice - commission;
}

/** Moves a path to a new level. */
function addMark(path: DrawdownRun, level: number): void {
  path.sum = level;
  path.peak = Math.max(path.peak, level);
  path.trough = Math.min(path.trough, level);
  path.drawdown = Math.max(path.drawdown, path.peak - level);
}

function decideEntry(run: ShadowRun, moment: MarketMoment): void {
  const sign = entrySign(run, moment);
  if (sign === 0) return;
  run.pendingSign = sign;
  if (run.settings.bracketEnabled) layBracket(run, sign, moment);
}

/** Lays the bracket around the quote at the decision, as an order that carries it would; the stop clears the spread. */
function layBracket(run: ShadowRun, sign: -1 | 1, moment: MarketMoment): void {
  const { instrument, barIntervalMs } = moment.inputs;
  const { settings } = run;
  const { tickSize } = instrument;
  const { lower, upper } = costsOf(moment);
  const quote = facing(moment, sign, moment.close);
  const range = historyRange(moment.history, moment.index + 1, {
    barIntervalMs,
    intervalMs: settings.bracketIntervalMinutes * MINUTE_MS,
    length: settings.bracketLength,
  });
  const distances = bracketDistances(settings, range, pipTicks(instrument), quote);
  const beyondSpread = Math.ceil((lower + upper + 1) / tickSize) * tickSize;
  run.stopPrice = quote - sign * Math.max(wholeTicks(distances.stop, tickSize), beyondSpread);
  run.targetPrice = quote + sign * wholeTicks(distances.target, tickSize);
}

/** The nearest multiple of the venue's tick, at least one. */
function wholeTicks(distance: number, tickSize: number): number {
  return Math.max(1, Math.round(distance / tickSize)) * tickSize;
}

/** The quote a buyer (1) or a seller (−1) meets where the bar shows a price. */
function facing(moment: MarketMoment, sign: -1 | 1, price: number): number {
  const { lower, upper } = costsOf(moment);
  return sign === 1 ? price + upper : price - lower;
}
