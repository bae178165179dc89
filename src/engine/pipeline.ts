import type { Event } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { isTerminal } from '#domain/order.ts';
import type {
  ApprovedTarget,
  OrderPlan,
  PositionChange,
  ProtectionAction,
  SupervisionRequest,
  Target,
} from '#domain/pipeline.ts';
import { contextFor, type Engine } from './engine.ts';
import { allocationDefault, executionDefault, gateDefault, planDefault } from './house-defaults.ts';
import { clientOrderId, closingOrder, isUnresolved, workingOrders } from './order-life.ts';
import { strategyOf } from './policy-view.ts';
import { approveTargets, isReduction } from './risk-limits.ts';
import { noteCall, runSlot, type SlotEntry, type SlotRun } from './run-slot.ts';
import { type ShadowProposal, scoreShadows } from './shadow-book.ts';
import type { View } from './state.ts';

export type Emit = (event: Event) => void;

/** Modules are asked for protection at the clock's tick unless they name other events. */
const protectsByDefault: readonly string[] = ['time.ticked'];
/** Events of the house itself after which protection has work of its own. */
const houseProtects: readonly string[] = [
  'kill.engaged',
  'flatten.requested',
  'reduction.requested',
  'account.closedOut',
];

/**
 * One decision. Supervision comes first, then changes to open positions, then the way from universe to orders. Changes to
 * positions join the targets before risk: a reduction wins over any entry of the same instrument.
 */
export function decide(engine: Engine, emit: Emit): void {
  const { state } = engine;
  state.counts.decisions += 1;
  const shadows: ShadowProposal[] = [];
  const run = slotRun(engine, emit, shadows);
  supervise(engine, runSlot('supervision', engine.slots.supervision, [], run), emit);
  const changes = runSlot('position', engine.slots.position, [], run);
  moveBrackets(engine, changes, emit);
  const targets = withChanges(engine, allocate(engine, run), changes);
  const approved = limit(engine, runSlot('risk', engine.slots.risk, targets, run), emit);
  submitAll(engine, runSlot('execution', engine.slots.execution, executionDefault(state, approved), run), emit);
  scoreShadows(engine, shadows);
}

/** The part of the flow from universe to targets. */
function allocate(engine: Engine, run: SlotRun): readonly Target[] {
  const { state, slots, policies } = engine;
  if (policies === undefined) return [];
  const universe = new Set(runSlot('universe', slots.universe, state.instrumentIds, run));
  runSlot('forecast', slots.forecast, [], run);
  const signals = runSlot('signal', slots.signal, [], run).filter((signal) => universe.has(signal.instrument));
  const gated = runSlot('gate', slots.gate, gateDefault(state, signals, policies.limits), run);
  const planned = runSlot(
    'plan',
    slots.plan,
    planDefault(state, gated, (id) => strategyOf(policies, id)),
    run,
  );
  return runSlot('allocation', slots.allocation, allocationDefault(state, planned, policies.desk), run);
}

function slotRun(engine: Engine, emit: Emit, shadows: ShadowProposal[]): SlotRun {
  const { state } = engine;
  return {
    state,
    contextOf: (module) => contextFor(engine, module.name),
    onCall: (made) => {
      engine.trace?.(made);
      const entries = noteCall(state, made, engine.quietCodes.get(made.module));
      if (entries === undefined) return;
      const { module, slot, mode, outcome, reason } = made;
      emit({ type: 'module.decided', at: state.at, module, slot, mode, outcome, reason, entries });
    },
    onShadow: (entry, slot, value) => {
      shadows.push({ module: entry.module.name, slot, value });
    },
  };
}

function supervise(engine: Engine, requests: readonly SupervisionRequest[], emit: Emit): void {
  const { state } = engine;
  for (const request of requests) {
    if (request.type === 'directive') {
      const { action, instrument, expiresAt, reason } = request;
      emit({ type: 'directive.issued', at: state.at, module: 'supervision', action, instrument, expiresAt, reason });
      continue;
    }
    const held = state.policies[request.key];
    const domain = engine.domains[request.key.split('/')[0] ?? ''];
    emit({
      type: 'policy.changed',
      at: state.at,
      key: request.key,
      version: (held?.version ?? 0) + 1,
      schemaVersion: domain?.version ?? 1,
      document: { ...held?.document, ...request.changes },
      actor: 'supervision',
      reason: request.reason,
    });
  }
}

/** Targets of the cycle with the changes to positions worked in. */
function withChanges(
  engine: Engine,
  targets: readonly Target[],
  changes: readonly PositionChange[],
): readonly Target[] {
  if (changes.length === 0) return targets;
  const byInstrument = new Map(targets.map((target) => [target.instrument, target]));
  for (const change of changes) {
    const position = engine.state.positions[change.instrument];
    if (position === undefined || (change.type !== 'reduce' && change.type !== 'add')) continue;
    const sign = position.signedQuantity < 0 ? -1 : 1;
    const held = Math.abs(position.signedQuantity);
    const quantity = change.type === 'reduce' ? held - change.quantity : held + change.quantity;
    const before = byInstrument.get(change.instrument);
    const isShrunkAlready = before !== undefined && before.signedQuantity * sign < quantity;
    if (isShrunkAlready || (change.type === 'add' && before !== undefined)) continue;
    byInstrument.set(change.instrument, {
      instrument: change.instrument,
      signedQuantity: quantity === 0 ? 0 : sign * quantity,
      sizeFraction: 1,
      plan: null,
      strategy: position.strategy,
      reason: change.reason,
    });
  }
  return [...byInstrument.values()];
}

function limit(engine: Engine, targets: readonly Target[], emit: Emit): readonly ApprovedTarget[] {
  const { state, policies } = engine;
  if (policies === undefined) return [];
  const ready = targets.filter((target) => !isWaiting(engine, target));
  const { approved, denied } = approveTargets(state, ready, policies.limits, policies.desk);
  const standing: Record<string, string> = {};
  for (const { target, code, reason } of denied) {
    standing[target.instrument] = code;
    if (state.denials[target.instrument] === code) continue;
    emit({
      type: 'order.denied',
      at: state.at,
      instrument: target.instrument,
      code,
      reason,
      signedQuantity: target.signedQuantity,
    });
  }
  state.denials = standing;
  return approved;
}

/** True while an earlier order of the instrument is on its way: a second one would double it. A close may overtake an entry. */
function isWaiting(engine: Engine, target: Target): boolean {
  const working = workingOrders(engine.state, target.instrument);
  const held = engine.state.positions[target.instrument]?.signedQuantity ?? 0;
  const mayOvertake = isReduction(held, target.signedQuantity);
  return working.some((order) => !mayOvertake || order.purpose === 'exit');
}

function submitAll(engine: Engine, plans: readonly OrderPlan[], emit: Emit): void {
  for (const plan of plans) submit(engine, plan, emit);
}

/** Gives a plan its identity, a function of the run and the place of the intent in it. */
export function submit(engine: Engine, plan: OrderPlan, emit: Emit): void {
  const { state } = engine;
  emit({
    type: 'order.submitted',
    at: state.at,
    order: { clientOrderId: clientOrderId(state.runId, state.sequence + 1), ...plan },
  });
}

function moveBrackets(engine: Engine, changes: readonly PositionChange[], emit: Emit): void {
  const { state } = engine;
  for (const change of changes) {
    if (change.type !== 'moveStop' && change.type !== 'moveTarget') continue;
    for (const record of state.orders.values()) {
      const { request } = record;
      const purpose = change.type === 'moveStop' ? 'stopLoss' : 'takeProfit';
      if (request.instrument !== change.instrument || request.purpose !== purpose || isTerminal(record.state)) continue;
      emit({
        type: 'order.amendRequested',
        at: state.at,
        clientOrderId: request.clientOrderId,
        stopPrice: change.type === 'moveStop' ? change.stopPrice : request.stopPrice,
        limitPrice: change.type === 'moveTarget' ? change.targetPrice : request.limitPrice,
        reason: change.reason,
      });
    }
  }
}

/** Protection, after every event that asks for it: reductions only, with no signal needed and whatever the gates say. */
export function protect(engine: Engine, input: Event, emit: Emit): void {
  const { slots } = engine;
  if (houseProtects.includes(input.type)) protectHouse(engine, input, emit);
  const isAsked = ({ module }: SlotEntry): boolean => (module.protectsOn ?? protectsByDefault).includes(input.type);
  if (!slots.protection.some(isAsked)) return;
  const asked = slots.protection.filter(isAsked);
  let hasFailed = false;
  const base = slotRun(engine, emit, []);
  const run: SlotRun = {
    ...base,
    onCall: (made) => {
      hasFailed ||= made.mode === 'ACTIVE' && (made.outcome === 'failed' || made.outcome === 'refused');
      base.onCall(made);
    },
  };
  const actions = runSlot('protection', asked, [], run);
  if (hasFailed) holdEntries(engine, emit);
  for (const action of actions) carryOut(engine, action, emit);
}

const protectionHoldMs = 120_000;

/** Protection that fails cannot vouch for new exposure: entries are held until it has worked again. */
function holdEntries(engine: Engine, emit: Emit): void {
  const { state } = engine;
  if (
    state.directives.some(
      (directive) => directive.module === 'protection' && directive.expiresAt > state.at + protectionHoldMs / 2,
    )
  )
    return;
  emit({
    type: 'directive.issued',
    at: state.at,
    module: 'protection',
    action: 'holdEntries',
    instrument: null,
    expiresAt: state.at + protectionHoldMs,
    reason: 'a protection module failed',
  });
}

function protectHouse(engine: Engine, input: Event, emit: Emit): void {
  const { state } = engine;
  if (input.type === 'reduction.requested') {
    const { instrument, quantity, reason } = input;
    closeRest(engine, { instrument, quantity, reason }, emit);
    return;
  }
  for (const record of state.orders.values()) {
    const { request } = record;
    if (request.purpose !== 'entry' || isTerminal(record.state)) continue;
    emit({ type: 'order.cancelRequested', at: state.at, clientOrderId: request.clientOrderId, reason: input.type });
  }
  if (input.type !== 'flatten.requested') return;
  for (const instrument of state.instrumentIds)
    carryOut(engine, { type: 'close', instrument, reason: `flatten: ${input.reason}` }, emit);
}

function carryOut(engine: Engine, action: ProtectionAction, emit: Emit): void {
  const { state } = engine;
  switch (action.type) {
    case 'cancel':
      emit({ type: 'order.cancelRequested', at: state.at, clientOrderId: action.clientOrderId, reason: action.reason });
      return;
    case 'engageKill':
      if (!state.kill.isEngaged) engageKill(engine, action.reason, emit);
      return;
    case 'reduce':
      // A module asks at every tick: while its last reduction is on its way, a second one would reduce twice.
      if (leavingQuantity(state, action.instrument) === 0) closeRest(engine, action, emit);
      return;
    case 'close':
      closeRest(engine, { ...action, quantity: Number.MAX_SAFE_INTEGER }, emit);
      return;
  }
}

/** A switch thrown by protection cancels entries as one thrown by an operator does. */
function engageKill(engine: Engine, reason: string, emit: Emit): void {
  const event: Event = { type: 'kill.engaged', at: engine.state.at, actor: 'protection', reason };
  emit(event);
  protectHouse(engine, event, emit);
}

interface Reduction {
  readonly instrument: InstrumentId;
  readonly quantity: number;
  readonly reason: string;
}

/** Reduces a position by a market order, by no more than what exits on their way leave of it. */
export function closeRest(engine: Engine, { instrument, quantity, reason }: Reduction, emit: Emit): void {
  const { state } = engine;
  const held = Math.abs(state.positions[instrument]?.signedQuantity ?? 0);
  const left = Math.min(quantity, held - leavingQuantity(state, instrument));
  const plan = left > 0 ? closingOrder(state, instrument, left, reason) : undefined;
  if (plan !== undefined) submit(engine, plan, emit);
}

/** What exits on their way have yet to close. Stops and targets wait for their price and do not count, nor do exits nobody knows of. */
function leavingQuantity(state: View, instrument: InstrumentId): number {
  let leaving = 0;
  for (const record of state.orders.values()) {
    const { request } = record;
    if (request.instrument !== instrument || request.purpose !== 'exit' || isTerminal(record.state)) continue;
    if (isUnresolved(record)) continue;
    leaving += Math.max(0, request.quantity - record.filledQuantity);
  }
  return leaving;
}
