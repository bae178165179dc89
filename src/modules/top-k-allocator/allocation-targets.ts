import type { DecisionEntry, WeightsDocument } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Target } from '#domain/pipeline.ts';
import type { ModuleContext, Proposal } from '#engine/module.ts';
import { riskBudget } from '#metrics/risk-budget.ts';
import { unitsForMargin } from '#metrics/units-for-margin.ts';
import type { AllocatorParameters } from './allocator-parameters.ts';

type Context = ModuleContext<AllocatorParameters>;

/** How far the weights may be acted on. */
export type AllocationStanding = 'fresh' | 'held' | 'hold-expired' | 'fallback' | 'no-allocation';

/**
 * Sizes each signal by its instrument's weight and closes what has left the weights. Held weights keep every position; once they
 * have been held too long they let positions shrink, never grow. `unjudged` are symbols whose old data kept them out of the
 * weights: they are kept as well.
 */
export function allocationTargets(
  value: readonly Target[],
  unjudged: readonly string[],
  context: Context,
): Proposal<'allocation'> {
  const { weights } = context.view;
  const standing = allocationStanding(weights, context.parameters(), context.at);
  const entries: DecisionEntry[] = [];
  if (weights === null || standing === 'held' || standing === 'fallback' || standing === 'no-allocation') {
    for (const { instrument } of value) entries.push({ subject: instrument, code: standing, value: null });
    return { value: value.length === 0 ? value : [], entries, reason: standing };
  }
  const isFresh = standing === 'fresh';
  const targets = isFresh ? closesOf(weights, unjudged, context, entries) : [];
  const budget = budgetOf(context);
  for (const target of value) {
    const weight = weights.weights[symbolOf(target.instrument, context)];
    if (weight === undefined) {
      if (!entries.some(({ subject }) => subject === target.instrument))
        entries.push({ subject: target.instrument, code: 'no-weight', value: null });
      continue;
    }
    const perUnit = context.marginPerUnit(target.instrument);
    if (perUnit === undefined || perUnit <= 0) {
      entries.push({ subject: target.instrument, code: 'no-price', value: null });
      continue;
    }
    const units = Math.sign(target.signedQuantity) * unitsForMargin(weight * budget, perUnit);
    const sized = withQuantity(target, units);
    const kept = isFresh ? sized : reductionOf(sized, context);
    entries.push({
      subject: target.instrument,
      code: isFresh ? 'sized' : kept === undefined ? 'hold-expired' : 'hold-reduced',
      value: kept?.signedQuantity ?? null,
    });
    if (kept !== undefined) targets.push(kept);
  }
  const isSame = targets.length === value.length && targets.every((target, index) => target === value[index]);
  const result = { value: isSame ? value : targets, entries };
  return isFresh ? result : { ...result, reason: standing };
}

/** What the weights in force allow at a time; an empty vector allows nothing. */
export function allocationStanding(
  weights: WeightsDocument | null,
  parameters: AllocatorParameters,
  at: number,
): AllocationStanding {
  if (weights === null || Object.keys(weights.weights).length === 0) return 'no-allocation';
  if (weights.isFallback && !parameters.fallbackTradable) return 'fallback';
  if (!weights.isHeld) return 'fresh';
  const heldMs = at - (weights.heldSinceAt ?? at);
  return heldMs >= parameters.holdMaximumSeconds * 1000 ? 'hold-expired' : 'held';
}

/** A close for each position whose instrument has left the weights; they come first, since they free margin. */
function closesOf(
  weights: WeightsDocument,
  unjudged: readonly string[],
  context: Context,
  entries: DecisionEntry[],
): Target[] {
  const closes: Target[] = [];
  for (const instrument of context.universe) {
    const position = context.view.positions[instrument];
    const symbol = symbolOf(instrument, context);
    if (position === undefined || position.signedQuantity === 0 || weights.weights[symbol] !== undefined) continue;
    if (unjudged.includes(symbol)) {
      entries.push({ subject: instrument, code: 'stale-kept', value: null });
      continue;
    }
    const { strategy } = position;
    entries.push({ subject: instrument, code: 'left-allocation', value: 0 });
    closes.push({ instrument, signedQuantity: 0, sizeFraction: 1, plan: null, strategy, reason: 'left-allocation' });
  }
  return closes;
}

/** The target where it makes a position smaller, as a close where it is on the other side, and nothing otherwise. */
function reductionOf(target: Target, context: Context): Target | undefined {
  const held = context.view.positions[target.instrument]?.signedQuantity ?? 0;
  if (held === 0) return undefined;
  if (target.signedQuantity * held <= 0) return withQuantity(target, 0);
  return Math.abs(target.signedQuantity) < Math.abs(held) ? target : undefined;
}

function withQuantity(target: Target, signedQuantity: number): Target {
  const quantity = signedQuantity === 0 ? 0 : signedQuantity;
  return quantity === target.signedQuantity ? target : { ...target, signedQuantity: quantity };
}

function budgetOf(context: Context): number {
  const { targetFraction, budgetBase } = context.parameters();
  return riskBudget(context.account(), targetFraction, budgetBase).budget;
}

function symbolOf(instrument: InstrumentId, context: Context): string {
  return context.view.markets[instrument]?.instrument.symbol ?? '';
}
