import { isMarketOpen } from '#domain/calendar.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { isTerminal, signOf } from '#domain/order.ts';
import type { ApprovedTarget, Target } from '#domain/pipeline.ts';
import type { DeskPolicy, LimitsPolicy } from '#domain/policies.ts';
import { scaleOf } from '#domain/scale.ts';
import { accountFigures, notionalPerUnit } from './account.ts';
import { midPrice } from './market.ts';
import type { View } from './state.ts';
import { impairmentOf } from './venue-life.ts';

/** A target the hard limits refused, with the code the denial carries. */
export interface Denial {
  readonly target: Target;
  readonly code: string;
  readonly reason: string;
}

export interface LimitResult {
  readonly approved: ApprovedTarget[];
  readonly denied: Denial[];
}

const minuteMs = 60_000;

/**
 * The hard limits: not a module, no mode, and the only maker of approved targets. Reductions always pass. A target on the
 * other side of a held position is first a close; the new side is opened in a later cycle. An increase must pass every check.
 */
export function approveTargets(
  view: View,
  targets: readonly Target[],
  limits: LimitsPolicy,
  desk: DeskPolicy,
): LimitResult {
  const approved: ApprovedTarget[] = [];
  const denied: Denial[] = [];
  if (targets.length === 0) return { approved, denied };
  const check: Check = {
    view,
    limits,
    desk,
    exposure: exposureOf(view, desk),
    orderRoom: limits.maximumOrdersPerMinute - view.submittedAt.filter((at) => at > view.at - minuteMs).length,
  };
  for (const target of targets) {
    const held = heldOf(view, target);
    if (target.signedQuantity === held) continue;
    if (isReduction(held, target.signedQuantity)) {
      approved.push(approve(target.signedQuantity * held < 0 ? { ...target, signedQuantity: 0 } : target));
      continue;
    }
    const refusal = refusalOf(check, target);
    if (refusal === undefined) {
      take(check, target);
      approved.push(approve(target));
    } else denied.push({ target, ...refusal });
  }
  return { approved, denied };
}

/** True where the move brings a position toward zero or through it; the part beyond zero is not part of the reduction. */
export function isReduction(held: number, wanted: number): boolean {
  return held !== 0 && (wanted === 0 || wanted * held < 0 || Math.abs(wanted) < Math.abs(held));
}

function approve(target: Target): ApprovedTarget {
  return target as ApprovedTarget;
}

interface Exposure {
  positions: number;
  notional: number;
  byCurrency: Map<string, number>;
  equity: number;
}

/** One run of the limits: what is asked against what, and the room that targets passed so far have left. */
interface Check {
  readonly view: View;
  readonly limits: LimitsPolicy;
  readonly desk: DeskPolicy;
  readonly exposure: Exposure;
  orderRoom: number;
}

interface Refusal {
  readonly code: string;
  readonly reason: string;
}

function heldOf(view: View, target: Target): number {
  return view.positions[target.instrument]?.signedQuantity ?? 0;
}

function refusalOf(check: Check, target: Target): Refusal | undefined {
  if (!Number.isSafeInteger(target.signedQuantity)) {
    return { code: 'INVALID_QUANTITY', reason: `a target is a whole quantity, found '${target.signedQuantity}'` };
  }
  return (
    standingRefusal(check.view, target) ??
    marketRefusal(check, target) ??
    countRefusal(check, target) ??
    moneyRefusal(check, target)
  );
}

function standingRefusal(view: View, { instrument }: Target): Refusal | undefined {
  if (view.kill.isEngaged) return { code: 'KILL_SWITCH', reason: `the kill switch is engaged: ${view.kill.reason}` };
  if (!view.isWarm) return { code: 'NOT_WARM', reason: 'the desk is still warming up' };
  if (view.venue !== null && !view.isArmed) return { code: 'DISARMED', reason: 'nobody has armed the desk' };
  const impairment = impairmentOf(view, instrument);
  if (impairment !== undefined)
    return { code: 'VENUE_IMPAIRED', reason: `'${impairment.part}' is impaired: ${impairment.reason}` };
  const hold = view.directives.find((item) => item.instrument === null || item.instrument === instrument);
  if (hold === undefined) return undefined;
  return { code: 'DIRECTIVE', reason: `'${hold.module}' holds entries: ${hold.reason}` };
}

function marketRefusal({ view, limits, desk }: Check, { instrument, signedQuantity }: Target): Refusal | undefined {
  if (view.calendar === null || !isMarketOpen(view.calendar, view.at)) {
    return { code: 'MARKET_CLOSED', reason: 'the market is closed, or no calendar says that it is open' };
  }
  if (view.venueMarkets[instrument]?.isTrading === false)
    return { code: 'MARKET_HALTED', reason: `the venue does not trade '${instrument}' at present` };
  const market = view.markets[instrument];
  const mid = midPrice(market);
  if (market === undefined || mid === undefined || notionalPerUnit(view, instrument, desk) === undefined) {
    return { code: 'NO_PRICE', reason: `'${instrument}' has no price in the account currency` };
  }
  const age = view.at - market.arrivedAt;
  if (age > limits.markAgeMsMax)
    return { code: 'STALE_PRICE', reason: `the last bar of '${instrument}' is ${age} ms old` };
  const distance = ((market.askPrice - market.bidPrice) / 2 / mid) * 10_000;
  if (distance > limits.priceCollarBps) {
    return { code: 'PRICE_COLLAR', reason: `the quote is ${distance.toFixed(1)} bps from its mid` };
  }
  const most = market.instrument.maximumQuantity;
  if (Math.abs(signedQuantity) <= most) return undefined;
  return { code: 'MAX_QUANTITY', reason: `the venue takes at most ${most}` };
}

function countRefusal({ view, limits, exposure, orderRoom }: Check, target: Target): Refusal | undefined {
  const units = Math.abs(target.signedQuantity);
  if (exceeds(limits.maximumPositionUnits, units)) {
    return { code: 'MAX_POSITION_UNITS', reason: `at most ${limits.maximumPositionUnits} units` };
  }
  if (exceeds(limits.maximumNetUnits, units)) {
    return { code: 'MAX_NET_UNITS', reason: `at most ${limits.maximumNetUnits} net units` };
  }
  if (heldOf(view, target) === 0 && limits.maximumPositions > 0 && exposure.positions >= limits.maximumPositions) {
    return { code: 'MAX_POSITIONS', reason: `at most ${limits.maximumPositions} positions` };
  }
  if (orderRoom > 0) return undefined;
  return { code: 'ORDER_RATE', reason: `at most ${limits.maximumOrdersPerMinute} orders a minute` };
}

function moneyRefusal(check: Check, target: Target): Refusal | undefined {
  const { view, limits, desk, exposure } = check;
  const scale = scaleOf(desk.moneyDecimals);
  const loss = (view.account.dayStartEquity - exposure.equity) / scale;
  if (exceeds(limits.maximumDailyLoss, loss))
    return { code: 'DAILY_LOSS', reason: `the day has lost ${loss.toFixed(2)}` };
  const unit = notionalPerUnit(view, target.instrument, desk) ?? 0;
  const held = heldOf(view, target);
  const added = (Math.abs(target.signedQuantity) - Math.abs(held)) * unit;
  if (exceeds(limits.maximumOrderNotional, added / scale)) {
    return { code: 'MAX_ORDER_NOTIONAL', reason: `the order is worth ${(added / scale).toFixed(2)}` };
  }
  if (exposure.equity <= 0) return { code: 'NO_EQUITY', reason: 'the account has no equity' };
  const leverage = (exposure.notional + added) / exposure.equity;
  if (leverage > limits.maximumLeverage) {
    return { code: 'MAX_LEVERAGE', reason: `leverage would be ${leverage.toFixed(2)}` };
  }
  return currencyRefusal(check, target, (target.signedQuantity - held) * unit);
}

/** Correlated pairs share a currency: net exposure to each side of the pair must stay under the cap where it would grow. */
function currencyRefusal({ view, limits, exposure }: Check, target: Target, change: number): Refusal | undefined {
  const market = view.markets[target.instrument];
  if (limits.maximumCurrencyExposure === 0 || market === undefined) return undefined;
  const sides: [string, number][] = [
    [market.instrument.baseCurrency, change],
    [market.instrument.quoteCurrency, -change],
  ];
  for (const [currency, difference] of sides) {
    const before = exposure.byCurrency.get(currency) ?? 0;
    const after = before + difference;
    const share = Math.abs(after) / exposure.equity;
    if (Math.abs(after) > Math.abs(before) && share > limits.maximumCurrencyExposure) {
      return {
        code: 'CURRENCY_EXPOSURE',
        reason: `net exposure to '${currency}' would be ${share.toFixed(2)} of equity`,
      };
    }
  }
  return undefined;
}

/** True where a ceiling is on (above zero) and the value is beyond it. */
function exceeds(ceiling: number, value: number): boolean {
  return ceiling > 0 && value > ceiling;
}

/** Exposure at its worst: what is held, and what entries on their way would add if they were filled whole. */
function exposureOf(view: View, desk: DeskPolicy): Exposure {
  const exposure: Exposure = {
    positions: 0,
    notional: 0,
    byCurrency: new Map(),
    equity: accountFigures(view, desk).equity,
  };
  const entering = enteringQuantities(view);
  for (const id of view.instrumentIds) {
    const held = view.positions[id]?.signedQuantity ?? 0;
    const added = entering.get(id) ?? 0;
    if (held === 0 && added === 0) continue;
    exposure.positions += 1;
    const unit = notionalPerUnit(view, id, desk) ?? 0;
    if (held !== 0) addExposure(exposure, view, id, held * unit);
    if (added !== 0) addExposure(exposure, view, id, added * unit);
  }
  return exposure;
}

/** Signed quantities that working entries have yet to fill, by instrument. */
function enteringQuantities(view: View): ReadonlyMap<InstrumentId, number> {
  const entering = new Map<InstrumentId, number>();
  for (const { request, state, filledQuantity } of view.orders.values()) {
    if (request.purpose !== 'entry' || isTerminal(state)) continue;
    const left = Math.max(0, request.quantity - filledQuantity) * signOf(request.side);
    entering.set(request.instrument, (entering.get(request.instrument) ?? 0) + left);
  }
  return entering;
}

/** An approved increase takes up room for the targets after it. */
function take(check: Check, target: Target): void {
  const { view, desk, exposure } = check;
  const held = heldOf(view, target);
  if (held === 0) exposure.positions += 1;
  check.orderRoom -= 1;
  const unit = notionalPerUnit(view, target.instrument, desk) ?? 0;
  addExposure(exposure, view, target.instrument, (target.signedQuantity - held) * unit);
}

function addExposure(exposure: Exposure, view: View, id: InstrumentId, worth: number): void {
  const market = view.markets[id];
  if (market === undefined) return;
  const { baseCurrency, quoteCurrency } = market.instrument;
  exposure.notional += Math.abs(worth);
  exposure.byCurrency.set(baseCurrency, (exposure.byCurrency.get(baseCurrency) ?? 0) + worth);
  exposure.byCurrency.set(quoteCurrency, (exposure.byCurrency.get(quoteCurrency) ?? 0) - worth);
}
