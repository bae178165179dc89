import { assert } from '#base/assert.ts';
import { spreadTicksAt } from '#domain/costs.ts';
import type { Event, EventByType, EventType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { policyRecordOf } from '#domain/policies/policy-fold.ts';
import { flatPosition, type Position } from '#domain/position.ts';
import { accountFigures } from './account.ts';
import { checkPolicy } from './check-policy.ts';
import type { Engine } from './engine.ts';
import { evolveFill, evolveFinancing, markTrips } from './fills.ts';
import { openJob, settleJob } from './job-state.ts';
import { evolveManifold } from './manifold-state.ts';
import { createMarket, evolveBar, evolveQuote } from './market.ts';
import {
  acceptOrder,
  addOrder,
  adoptOrder,
  amendOrder,
  changeOrder,
  claimFill,
  isClaim,
  leaveUnresolved,
  noteStrangeFill,
} from './order-life.ts';
import { strategyOf } from './policy-view.ts';
import {
  adoptProtection,
  moveProtection,
  noteProtection,
  noteRefusal,
  passDeadline,
  refreshProtections,
  renewDeadlines,
} from './protection-life.ts';
import type { EngineState } from './state.ts';
import {
  arm,
  changeInstrument,
  endReported,
  evolveDepth,
  evolveMark,
  impair,
  isOpening,
  restore,
} from './venue-life.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const overfillAlert = 'order.overfilled';

/** Folds one event into the state. Facts that follow from it are handed to `publish` and folded next. */
export type Evolve<T extends EventType> = (
  engine: Engine,
  event: EventByType[T],
  publish: (fact: Event) => void,
) => void;

/** How each event changes the state; an event that changes nothing but the journal stands here with an empty row. */
const evolvers: { readonly [T in EventType]: Evolve<T> } = {
  'run.started': ({ state }, event) => {
    state.runId = event.runId;
    state.kind = event.kind;
    state.desk = event.desk;
    state.recordsFacts = event.recordsFacts;
    state.account.balance = event.startBalance;
    state.account.dayStartEquity = event.startBalance;
  },
  'policy.changed': (engine, event, publish) => {
    const problem = changePolicy(engine, event);
    if (problem !== undefined)
      publish({ type: 'policy.refused', at: event.at, key: event.key, actor: event.actor, reason: problem });
  },
  'policy.refused': () => undefined,
  'calendar.loaded': ({ state }, event) => {
    state.calendar = event.calendar;
  },
  'instrument.listed': ({ state }, event) => {
    const { id } = event.instrument;
    if (state.markets[id] !== undefined) return;
    state.markets[id] = createMarket(event);
    state.positions[id] = flatPosition(id);
    state.instrumentIds = Object.keys(state.markets).sort();
  },
  'warmup.completed': ({ state }, event) => {
    state.isWarm = true;
    state.jobs.schedulesFromAt = event.at;
  },
  'time.ticked': (engine, event) => {
    const { state } = engine;
    state.counts.ticks += 1;
    if (state.directives.length > 0)
      state.directives = state.directives.filter((directive) => directive.expiresAt > event.at);
    while ((state.submittedAt[0] ?? Infinity) <= event.at - minuteMs) state.submittedAt.shift();
    if (event.at - state.account.dayStartAt >= dayMs) startDay(engine, event.at);
  },
  'bar.closed': (engine, event, publish) => takeBar(engine, event, publish),
  'quote.updated': ({ state }, event) => {
    const market = state.markets[event.instrument];
    if (market !== undefined) evolveQuote(market, event);
  },
  'feed.stalled': () => undefined,
  'order.accepted': ({ state }, event) => acceptOrder(state, event),
  'order.adopted': ({ state }, event) => {
    if (!adoptOrder(state, event)) return;
    const { instrument } = event.order;
    impair(state, { at: event.at, part: 'external', instrument, reason: 'an order that this desk did not send' });
  },
  'order.unresolved': ({ state }, event) => leaveUnresolved(state, event),
  'order.rejected': ({ state }, event) => {
    noteRefusal(state, event.clientOrderId);
    endOrder(state, event.clientOrderId, 'reject', event.at);
  },
  'order.canceled': ({ state }, event) => {
    noteRefusal(state, event.clientOrderId);
    endOrder(state, event.clientOrderId, 'cancel', event.at);
  },
  'order.expired': ({ state }, event) => {
    noteRefusal(state, event.clientOrderId);
    endOrder(state, event.clientOrderId, 'expire', event.at);
  },
  'order.amended': ({ state }, event) => amendOrder(state, event),
  'order.filled': (engine, event, publish) => {
    const { state } = engine;
    if (isClaim(state, event)) claimFill(state, event);
    else if (!evolveFill(state, event, publish)) return;
    if (state.venue !== null) noteLiveFill(engine, event, publish);
  },
  'financing.charged': ({ state }, event) => evolveFinancing(state, event),
  'account.closedOut': ({ state }, event) => engageKill(state, 'venue', `margin close-out: ${event.reason}`, event.at),
  'balance.changed': ({ state }, event) => {
    state.account.balance = event.balance;
    // Money that was brought or taken is neither won nor lost.
    state.account.dayStartEquity += event.amount;
  },
  'venue.opened': ({ state }, { venue, account, environment, hasNativeBrackets }) => {
    state.venue = { venue, account, environment, hasNativeBrackets };
  },
  'venue.impaired': ({ state }, event) => impair(state, event),
  'venue.restored': ({ state }, event) => restore(state, event.part, event.instrument),
  'message.quarantined': () => undefined,
  'mark.updated': ({ state }, event) => evolveMark(state, event),
  'depth.updated': ({ state }, event) => evolveDepth(state, event),
  'instrument.changed': ({ state }, event) => changeInstrument(state, event),
  'deadline.reached': ({ state }, event) => passDeadline(state, event),
  'desk.armed': ({ state }, { at }, publish) => {
    arm(state);
    if (state.alerts[overfillAlert] !== undefined) publish({ type: 'alert.cleared', at, name: overfillAlert });
  },
  'desk.disarmed': ({ state }) => {
    state.isArmed = false;
  },
  'venue.reconciled': (engine, event) => {
    const { state } = engine;
    adoptReport(state, event);
    endReported(state);
    for (const id of state.instrumentIds) adoptProtection(state, id, asksForStops(engine, id));
    if (isOpening(state)) renewDeadlines(state);
  },
  'kill.engaged': ({ state }, event) => engageKill(state, event.actor, event.reason, event.at),
  'kill.released': ({ state }, event) => {
    state.kill = { isEngaged: false, actor: event.actor, reason: event.reason, at: event.at };
  },
  'flatten.requested': () => undefined,
  'reduction.requested': () => undefined,
  'module.overran': () => undefined,
  'job.requested': ({ state }, event) => openJob(state.jobs, event),
  'job.completed': ({ state }, event) => settleJob(state.jobs, event),
  'job.failed': ({ state }, event) => settleJob(state.jobs, event),
  'job.canceled': ({ state }, event) => settleJob(state.jobs, event),
  'module.decided': () => undefined,
  'directive.issued': ({ state }, event) => {
    state.directives.push({
      action: event.action,
      instrument: event.instrument,
      expiresAt: event.expiresAt,
      module: event.module,
      reason: event.reason,
    });
  },
  'order.submitted': ({ state }, event) => {
    changeOrder(state, addOrder(state, event.order, event.at, null), 'submit', event.at);
    state.submittedAt.push(event.at);
    state.counts.orders += 1;
  },
  'order.denied': ({ state }) => {
    state.counts.denials += 1;
  },
  'order.cancelRequested': ({ state }, event) => {
    const record = state.orders.get(event.clientOrderId);
    if (record !== undefined) record.cancelRequestedAt = event.at;
  },
  'order.amendRequested': ({ state }, event) => moveProtection(state, event),
  'manifold.published': ({ state }, event) => {
    state.manifolds[event.instrument] = event;
  },
  'evaluation.completed': ({ state }, event) => {
    state.evaluations[event.instrument] = event;
  },
  'gates.published': ({ state }, event) => {
    state.gates = event.document;
  },
  'weights.published': ({ state }, event) => {
    state.weights = event.document;
  },
  'alert.raised': ({ state }, event) => {
    state.alerts[event.name] = { raisedAt: event.at, reason: event.reason };
  },
  'alert.cleared': ({ state }, event) => {
    delete state.alerts[event.name];
  },
  'roundTrip.closed': ({ state }) => {
    state.counts.roundTrips += 1;
  },
};

/** Folds an event of any type; the time of the state never runs backwards. */
export function evolve(engine: Engine, event: Event, publish: (fact: Event) => void): void {
  const { state } = engine;
  assert(event.at >= state.at, `event '${event.type}' is of ${event.at}, before ${state.at}`);
  state.at = event.at;
  const evolver = evolvers[event.type] as Evolve<EventType>;
  evolver(engine, event, publish);
  if (state.venue !== null && !isMarketData(event)) refreshProtections(state);
}

function isMarketData({ type }: Event): boolean {
  return type === 'bar.closed' || type === 'quote.updated' || type === 'mark.updated' || type === 'depth.updated';
}

/** What a fill at a real venue means beside its figures: protection for what it opened, and trouble where it was not ours or too much. */
function noteLiveFill(engine: Engine, fill: EventByType['order.filled'], publish: (fact: Event) => void): void {
  const { state } = engine;
  const { at, instrument } = fill;
  const record = state.orders.get(fill.clientOrderId);
  noteProtection(state, fill, record, asksForStops(engine, instrument));
  if (record === undefined) {
    noteStrangeFill(state, fill);
    impair(state, {
      at,
      part: 'external',
      instrument,
      reason: `a fill of '${fill.clientOrderId}', which this desk did not send`,
    });
    return;
  }
  if (record.filledQuantity <= record.request.quantity) return;
  const reason = `'${fill.clientOrderId}' filled ${record.filledQuantity} of ${record.request.quantity}`;
  impair(state, { at, part: 'overfill', instrument, reason });
  publish({ type: 'alert.raised', at, name: overfillAlert, reason });
}

function asksForStops({ policies }: Engine, instrument: InstrumentId): boolean {
  return policies !== undefined && strategyOf(policies, instrument).bracketEnabled;
}

function takeBar(engine: Engine, bar: EventByType['bar.closed'], publish: (fact: Event) => void): void {
  const { state } = engine;
  const policies = engine.policies;
  const market = state.markets[bar.instrument];
  if (market === undefined || policies === undefined) return;
  if (market.barCount > 0 && bar.openAt <= market.lastOpenAt) return;
  const spread = bar.spread > 0 ? bar.spread : spreadTicksAt(policies.costs, market.instrument, bar.openAt);
  evolveBar(market, bar, spread, policies.desk.barIntervalMs);
  state.counts.bars += 1;
  const { barrier } = state;
  if (market.closedAt > barrier.pendingAt) {
    barrier.pendingAt = market.closedAt;
    barrier.arrived = 0;
  }
  if (market.closedAt === barrier.pendingAt) barrier.arrived += 1;
  const fact = evolveManifold(market.manifold, bar, market.instrument.priceDecimals, strategyOf(policies));
  if (fact !== undefined) publish(fact);
  if (state.trips[bar.instrument] !== undefined) markTrips(state, bar, policies.desk);
}

function changePolicy(engine: Engine, event: EventByType['policy.changed']): string | undefined {
  const { state } = engine;
  const judgement = checkPolicy(engine, event);
  if ('problem' in judgement) return judgement.problem;
  state.policies[event.key] = policyRecordOf(event, judgement.document, state.sequence);
  engine.refresh();
  return undefined;
}

function endOrder(state: EngineState, id: string, change: 'reject' | 'cancel' | 'expire', at: number): void {
  const record = state.orders.get(id);
  if (record !== undefined) changeOrder(state, record, change, at);
}

function engageKill(state: EngineState, actor: string, reason: string, at: number): void {
  if (!state.kill.isEngaged) state.kill = { isEngaged: true, actor, reason, at };
}

/** A trading day begins at midnight UTC; the daily loss limit counts from its first tick. */
function startDay({ state, policies }: Engine, at: number): void {
  state.account.dayStartAt = Math.floor(at / dayMs) * dayMs;
  if (policies !== undefined) state.account.dayStartEquity = accountFigures(state, policies.desk).equity;
}

/**
 * The venue's books win over ours: balances and positions that differ are taken over. Venues report what is held, so an
 * instrument that is not in the report is flat.
 */
function adoptReport(state: EngineState, event: EventByType['venue.reconciled']): void {
  state.account.balance = event.balance;
  for (const id of state.instrumentIds) {
    const position = state.positions[id];
    const reported = event.positions.find(({ instrument }) => instrument === id);
    const signedQuantity = reported?.signedQuantity ?? 0;
    const cost = reported?.cost ?? 0;
    if (position === undefined || isHeldAlike(state, position, { signedQuantity, cost })) continue;
    // A trip of a direction that is no longer held has ended out of our sight.
    if (position.signedQuantity * signedQuantity <= 0) {
      delete state.trips[id];
      position.openedAt = event.at;
    }
    position.signedQuantity = signedQuantity;
    position.cost = cost;
  }
}

/** How far a cost may be from the venue's, which a real one works out of a rounded average price (reliability, I-04). */
const costTolerance = 1e-4;

function isHeldAlike(
  { venue }: EngineState,
  position: Readonly<Position>,
  reported: Pick<Position, 'signedQuantity' | 'cost'>,
): boolean {
  if (position.signedQuantity !== reported.signedQuantity) return false;
  const difference = Math.abs(position.cost - reported.cost);
  return difference === 0 || (venue !== null && difference <= reported.cost * costTolerance);
}
