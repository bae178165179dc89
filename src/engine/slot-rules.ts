import type { InstrumentId } from '#domain/instrument.ts';
import { signOf } from '#domain/order.ts';
import type { PositionChange, Signal, SlotName, SlotValues } from '#domain/pipeline.ts';
import type { View } from './state.ts';

type Rule<K extends SlotName> = (before: SlotValues[K], after: SlotValues[K], view: View) => string | undefined;

/** Subjects a slot may name at once; more is a fault of the module. */
const subjectsMax = 4096;

/** The rule of each slot on a proposal, as the house gives it. A rule returns what is broken, or nothing. */
const rules: { readonly [K in SlotName]: Rule<K> } = {
  universe: (before, after) => onlyFrom(after, new Set(before), (id) => id),
  forecast: (before, after) =>
    after.length >= before.length && before.every((item, index) => after[index] === item)
      ? undefined
      : 'a forecaster only adds its own',
  signal: (_, after, view) =>
    onlyFrom(after, listed(view), (signal) => signal.instrument) ??
    onlyOnce(after, (signal) => `${signal.strategy} ${signal.instrument}`),
  gate: (before, after) => raisedSignal('gate', before, after),
  plan: (before, after, view) => {
    for (const { instrument, direction, plan } of after) {
      const market = view.markets[instrument];
      if (market === undefined) return `'${instrument}' has no market`;
      const sign = direction === 'long' ? 1 : -1;
      const reference = sign > 0 ? market.bidPrice : market.askPrice;
      if (plan.stopPrice !== null && !(isPrice(plan.stopPrice) && (reference - plan.stopPrice) * sign > 0))
        return `the stop of '${instrument}' is on the wrong side`;
      if (plan.targetPrice !== null && !(isPrice(plan.targetPrice) && (plan.targetPrice - reference) * sign > 0))
        return `the target of '${instrument}' is on the wrong side`;
    }
    // What a gate has dropped stays dropped: a plan adds nothing to the signals.
    return raisedSignal('plan', before, after);
  },
  allocation: (_, after, view) =>
    onlyFrom(after, listed(view), (target) => target.instrument) ??
    onlyOnce(after, (target) => target.instrument) ??
    wholeQuantities(after),
  risk: (before, after, view) => {
    for (const target of after) {
      const was = before.find((item) => item.instrument === target.instrument);
      if (was === undefined) return `risk may only shrink, '${target.instrument}' is new`;
      const held = view.positions[target.instrument]?.signedQuantity ?? 0;
      const isKept = target.signedQuantity === held;
      const isShrunk =
        target.signedQuantity === 0 ||
        (target.signedQuantity * was.signedQuantity > 0 &&
          Math.abs(target.signedQuantity) <= Math.abs(was.signedQuantity));
      if (!isShrunk && !isKept) return `risk may only shrink, '${target.instrument}' grew`;
    }
    return onlyOnce(after, (target) => target.instrument) ?? wholeQuantities(after);
  },
  execution: (before, after) => {
    const net = new Map<InstrumentId, number>();
    for (const plan of before)
      net.set(plan.instrument, (net.get(plan.instrument) ?? 0) + signOf(plan.side) * plan.quantity);
    for (const plan of after)
      net.set(plan.instrument, (net.get(plan.instrument) ?? 0) - signOf(plan.side) * plan.quantity);
    for (const [instrument, difference] of net)
      if (difference !== 0) return `execution changed the net quantity of '${instrument}' by ${difference}`;
    return undefined;
  },
  position: (_, after, view) => {
    for (const change of after) {
      const broken = changeBroken(change, view);
      if (broken !== undefined) return broken;
    }
    return undefined;
  },
  protection: (_, after, view) => {
    for (const action of after) {
      if (action.type !== 'reduce') continue;
      const held = Math.abs(view.positions[action.instrument]?.signedQuantity ?? 0);
      if (!isQuantity(action.quantity, held)) return `protection may only reduce, '${action.instrument}' holds ${held}`;
    }
    return undefined;
  },
  supervision: (_, after, view) => {
    for (const request of after)
      if (request.type === 'directive' && request.expiresAt <= view.at) return 'a directive expires in the future';
    return undefined;
  },
};

/** The first thing about a proposal that its slot does not allow, or undefined. */
export function ruleBroken<K extends SlotName>(
  slot: K,
  before: SlotValues[K],
  after: SlotValues[K],
  view: View,
): string | undefined {
  if (after === before) return undefined;
  if (after.length > subjectsMax) return `a slot holds at most ${subjectsMax} values, found ${after.length}`;
  const rule: Rule<K> = rules[slot];
  return rule(before, after, view);
}

function changeBroken(change: PositionChange, view: View): string | undefined {
  const position = view.positions[change.instrument];
  const held = position?.signedQuantity ?? 0;
  if (held === 0) return `'${change.instrument}' has no position to change`;
  switch (change.type) {
    case 'moveStop':
      if (!isPrice(change.stopPrice)) return `a stop is a positive price, found ${change.stopPrice}`;
      return stopLoosens(change.instrument, change.stopPrice, held, view)
        ? `a stop may only tighten, '${change.instrument}' would loosen`
        : undefined;
    case 'moveTarget':
      return isPrice(change.targetPrice) ? undefined : `a target is a positive price, found ${change.targetPrice}`;
    case 'reduce':
      return isQuantity(change.quantity, Math.abs(held))
        ? undefined
        : `a reduction is 1 to ${Math.abs(held)}, found ${change.quantity}`;
    case 'add':
      return isQuantity(change.quantity, Number.MAX_SAFE_INTEGER)
        ? undefined
        : `an addition is positive, found ${change.quantity}`;
  }
}

/** Whole ticks above zero. */
function isPrice(price: number): boolean {
  return Number.isSafeInteger(price) && price > 0;
}

/** Whole steps from one up to a most. */
function isQuantity(quantity: number, most: number): boolean {
  return Number.isSafeInteger(quantity) && quantity > 0 && quantity <= most;
}

/** The first signal that was not there before or grew; figures that are no numbers count as grown. */
function raisedSignal(slot: 'gate' | 'plan', before: readonly Signal[], after: readonly Signal[]): string | undefined {
  for (const signal of after) {
    const was = before.find(
      (item) =>
        item.instrument === signal.instrument &&
        item.strategy === signal.strategy &&
        item.direction === signal.direction,
    );
    if (was === undefined) return `a ${slot} may only drop or lower, '${signal.instrument}' is new`;
    const isLower = signal.confidence <= was.confidence && signal.sizeFraction <= was.sizeFraction;
    if (!isLower) return `a ${slot} may only lower, '${signal.instrument}' was raised`;
  }
  return undefined;
}

function stopLoosens(instrument: InstrumentId, stopPrice: number, held: number, view: View): boolean {
  for (const order of view.orders.values()) {
    const { request } = order;
    if (request.instrument !== instrument || request.purpose !== 'stopLoss' || request.stopPrice === null) continue;
    if (order.state !== 'accepted' && order.state !== 'partiallyFilled') continue;
    if (held > 0 ? stopPrice < request.stopPrice : stopPrice > request.stopPrice) return true;
  }
  return false;
}

function listed(view: View): ReadonlySet<InstrumentId> {
  return new Set(view.instrumentIds);
}

function onlyFrom<T>(
  values: readonly T[],
  allowed: ReadonlySet<InstrumentId>,
  idOf: (value: T) => InstrumentId,
): string | undefined {
  for (const value of values) if (!allowed.has(idOf(value))) return `'${idOf(value)}' is not in the universe`;
  return undefined;
}

function onlyOnce<T>(values: readonly T[], keyOf: (value: T) => string): string | undefined {
  const keys = new Set<string>();
  for (const value of values) {
    if (keys.has(keyOf(value))) return `'${keyOf(value)}' stands twice`;
    keys.add(keyOf(value));
  }
  return undefined;
}

function wholeQuantities(targets: SlotValues['risk']): string | undefined {
  for (const target of targets)
    if (!Number.isSafeInteger(target.signedQuantity))
      return `'${target.instrument}' has the broken quantity '${target.signedQuantity}'`;
  return undefined;
}
