import type { DeepReadonly } from '#base/deep-readonly.ts';
import { createSha256, type Sha256 } from '#base/sha256.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import type { EventByType, GatesDocument, WeightsDocument } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { OrderRequest, OrderState } from '#domain/order.ts';
import type { SlotName } from '#domain/pipeline.ts';
import type { PolicyRecord } from '#domain/policies/policy-record.ts';
import type { Position } from '#domain/position.ts';
import { createJobState, type JobState } from './job-state.ts';
import type { Market } from './market.ts';

/** An order and what has become of it. A bracket's stop or target has the id of the entry it protects. */
export interface OrderRecord {
  request: OrderRequest;
  state: OrderState;
  filledQuantity: number;
  venueOrderId: string | null;
  parentOrderId: string | null;
  submittedAt: number;
  changedAt: number;
  /** Since when nobody knows what came of the request; null while it is known. */
  unresolvedAt: number | null;
  /** When the venue was last asked to cancel it; null while it was not. */
  cancelRequestedAt: number | null;
}

/** What is known of a real venue's market beyond its quote. Prices in ticks; 0 and empty where they are not known. */
export interface VenueMarket {
  markPrice: number;
  indexPrice: number;
  fundingRate: number;
  nextFundingAt: number;
  isTrading: boolean;
  bids: (readonly [number, number])[];
  asks: (readonly [number, number])[];
}

/** The stop and target that a position at a real venue must have, and since when it lacks them. */
export interface Protection {
  /** Of the position that it is for: one that is turned needs another. */
  direction: 'long' | 'short';
  /** Null where the strategy asks for none. */
  stopPrice: number | null;
  targetPrice: number | null;
  strategy: string;
  /** When the position is closed unless its stop stands by then; null while it does. */
  deadlineAt: number | null;
  /** When a venue's own stop should have come, and one of ours is placed; null where none is waited for. */
  venueStopDueAt: number | null;
  /** Stops, and targets, that the venue refused or ended unasked, since one has stood for a while. */
  refusals: number;
  targetRefusals: number;
  refusedAt: number;
}

/** A part of a real venue that cannot be trusted. */
export interface Impairment {
  part: string;
  instrument: InstrumentId | null;
  reason: string;
  at: number;
}

/** The running in-and-out of a position that is not flat, for the round trip it will become. */
export interface OpenTrip {
  openedAt: number;
  direction: 'long' | 'short';
  openedQuantity: number;
  openedCost: number;
  closedQuantity: number;
  closedValue: number;
  realizedPnl: number;
  fees: number;
  financing: number;
  spreadCost: number;
  maximumAdverse: number;
  maximumFavorable: number;
}

/** Times of the last entry and exit fills of one strategy on one instrument, event time. */
export interface CooldownTimes {
  entryAt: number;
  exitAt: number;
}

/** How often a module's call ended in each outcome, and how often its outcome differed from the one before. */
export interface CallCounts {
  calls: number;
  changed: number;
  refused: number;
  failed: number;
  decided: number;
  /** Values that came in and that its proposals left, over all calls. */
  offered: number;
  passed: number;
}

/** What a module's last call in a slot came to: subjects and codes of the told entries in turn. */
export interface LastOutcome {
  mode: string;
  outcome: string;
  reason: string;
  told: string[];
}

/** The virtual ledger in which a module in SHADOW is scored: unit-free equity of the targets it would have led to. */
export interface ShadowBook {
  slot: SlotName;
  positions: Record<InstrumentId, { signedQuantity: number; price: number }>;
  pnl: number;
  cost: number;
  decisions: number;
}

export interface Directive {
  action: 'holdEntries';
  instrument: InstrumentId | null;
  expiresAt: number;
  module: string;
  reason: string;
}

/** Everything the engine knows: plain data, the fold of all events, changed by nothing but the evolve functions. */
export interface EngineState {
  sequence: number;
  at: number;
  runId: string;
  kind: EventByType['run.started']['kind'] | 'none';
  desk: string;
  recordsFacts: boolean;
  isWarm: boolean;
  policies: Record<string, PolicyRecord>;
  calendar: CalendarDocument | null;
  markets: Record<InstrumentId, Market>;
  /** Listed instruments in ascending order of id: the one iteration order. */
  instrumentIds: InstrumentId[];
  barrier: { pendingAt: number; arrived: number; decidedAt: number };
  orders: Map<string, OrderRecord>;
  endedOrderIds: string[];
  seenFillIds: Set<string>;
  /** Of those, the fills that were told as somebody else's: one may yet turn out to be of an order of ours. */
  strangeFillIds: Set<string>;
  positions: Record<InstrumentId, Position>;
  trips: Record<InstrumentId, OpenTrip>;
  account: {
    balance: number;
    dayStartAt: number;
    dayStartEquity: number;
    fees: number;
    financing: number;
    spreadCost: number;
    realizedPnl: number;
  };
  kill: { isEngaged: boolean; actor: string; reason: string; at: number };
  /** The real venue that the desk trades at; null in simulated runs. */
  venue: Pick<EventByType['venue.opened'], 'venue' | 'account' | 'environment' | 'hasNativeBrackets'> | null;
  /** Whether an operator has allowed this desk to add exposure at a real venue. */
  isArmed: boolean;
  impairments: Record<string, Impairment>;
  venueMarkets: Record<InstrumentId, VenueMarket>;
  protections: Record<InstrumentId, Protection>;
  cooldowns: Record<string, CooldownTimes>;
  directives: Directive[];
  gates: GatesDocument | null;
  weights: WeightsDocument | null;
  manifolds: Record<InstrumentId, EventByType['manifold.published']>;
  evaluations: Record<InstrumentId, EventByType['evaluation.completed']>;
  alerts: Record<string, { raisedAt: number; reason: string }>;
  /** Codes of the last denial by instrument, so that a standing refusal is told once. */
  denials: Record<InstrumentId, string>;
  submittedAt: number[];
  outcomes: Record<string, LastOutcome>;
  calls: Record<string, CallCounts>;
  shadowBooks: Record<string, ShadowBook>;
  modules: Record<string, unknown>;
  jobs: JobState;
  counts: {
    bars: number;
    ticks: number;
    decisions: number;
    orders: number;
    fills: number;
    denials: number;
    roundTrips: number;
  };
  hash: Sha256;
}

/** The engine before its first event: the kill switch is engaged until someone releases it. */
export function createState(): EngineState {
  return {
    sequence: 0,
    at: 0,
    runId: '',
    kind: 'none',
    desk: '',
    recordsFacts: true,
    isWarm: false,
    policies: {},
    calendar: null,
    markets: {},
    instrumentIds: [],
    barrier: { pendingAt: 0, arrived: 0, decidedAt: 0 },
    orders: new Map(),
    endedOrderIds: [],
    seenFillIds: new Set(),
    strangeFillIds: new Set(),
    positions: {},
    trips: {},
    account: { balance: 0, dayStartAt: 0, dayStartEquity: 0, fees: 0, financing: 0, spreadCost: 0, realizedPnl: 0 },
    kill: { isEngaged: true, actor: 'house', reason: 'the switch is engaged until it is released', at: 0 },
    venue: null,
    isArmed: false,
    impairments: {},
    venueMarkets: {},
    protections: {},
    cooldowns: {},
    directives: [],
    gates: null,
    weights: null,
    manifolds: {},
    evaluations: {},
    alerts: {},
    denials: {},
    submittedAt: [],
    outcomes: {},
    calls: {},
    shadowBooks: {},
    modules: {},
    jobs: createJobState(),
    counts: { bars: 0, ticks: 0, decisions: 0, orders: 0, fills: 0, denials: 0, roundTrips: 0 },
    hash: createSha256(),
  };
}

/**
 * Gives a state that an older version left in a snapshot the parts it has not heard of, empty as before the first event. Nothing
 * decides by a part that was not there when the decision was made.
 */
export function addMissingParts(state: EngineState): void {
  for (const [name, value] of Object.entries(createState())) {
    if (!Object.hasOwn(state, name)) Reflect.set(state, name, value);
  }
}

/** The state as everyone but the evolve functions sees it. */
export type View = DeepReadonly<EngineState>;
