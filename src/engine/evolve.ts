import { assert } from '#base/assert.ts';
import { spreadTicksAt } from '#domain/costs.ts';
import type { Event, EventByType, EventType } from '#domain/events.ts';
import { policyRecordOf } from '#domain/policies/policy-fold.ts';
import { flatPosition } from '#domain/position.ts';
import { accountFigures } from './account.ts';
import { checkPolicy } from './check-policy.ts';
import type { Engine } from './engine.ts';
import { evolveFill, evolveFinancing, markTrips } from './fills.ts';
import { openJob, settleJob } from './job-state.ts';
import { evolveManifold } from './manifold-state.ts';
import { createMarket, evolveBar, evolveQuote } from './market.ts';
import { acceptOrder, addOrder, amendOrder, changeOrder } from './order-life.ts';
import { strategyOf } from './policy-view.ts';
import type { EngineState } from './state.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

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
  'order.rejected': ({ state }, event) => endOrder(state, event.clientOrderId, 'reject', event.at),
  'order.canceled': ({ state }, event) => endOrder(state, event.clientOrderId, 'cancel', event.at),
  'order.expired': ({ state }, event) => endOrder(state, event.clientOrderId, 'expire', event.at),
  'order.amended': ({ state }, event) => amendOrder(state, event),
  'order.filled': (engine, event, publish) => evolveFill(engine.state, event, publish),
  'financing.charged': ({ state }, event) => evolveFinancing(state, event),
  'account.closedOut': ({ state }, event) => engageKill(state, 'venue', `margin close-out: ${event.reason}`, event.at),
  'venue.reconciled': ({ state }, event) => adoptReport(state, event),
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
  'order.cancelRequested': () => undefined,
  'order.amendRequested': () => undefined,
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
    if (position === undefined || (position.signedQuantity === signedQuantity && position.cost === cost)) continue;
    // A trip of a direction that is no longer held has ended out of our sight.
    if (position.signedQuantity * signedQuantity <= 0) {
      delete state.trips[id];
      position.openedAt = event.at;
    }
    position.signedQuantity = signedQuantity;
    position.cost = cost;
  }
}
