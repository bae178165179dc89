import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { OrderPurpose, OrderType, Side } from '#domain/order.ts';
import type { Position } from '#domain/position.ts';
import type { TraceRoot } from '#domain/trace.ts';

/** What translating needs of an instrument: its name outside, how it is counted, and its newest price. */
export interface BusInstrument {
  symbol: string;
  quoteCurrency: string;
  priceDecimals: number;
  quantityDecimals: number;
  contractSize: number;
  /** Ticks; null before the first. */
  lastPrice: number | null;
  lastOpenAt: number;
}

/** What is remembered of an order until nothing more is expected of it. */
export interface BusOrder {
  instrument: InstrumentId;
  side: Side;
  orderType: OrderType;
  purpose: OrderPurpose;
  quantity: number;
  filledQuantity: number;
  /** Of an entry the stop and target of its bracket, of a stop or target its own price; ticks. */
  stopPrice: number | null;
  targetPrice: number | null;
  submittedAt: number;
  strategy: string;
  reason: string;
}

/** A position from its opening on. Prices are ticks, quantities steps, money the account's smallest steps. */
export interface OpenTrade {
  tradeId: string;
  position: Position;
  openedQuantity: number;
  openedCost: number;
  closedQuantity: number;
  closedValue: number;
  realizedPnl: number;
  fees: number;
  funding: number;
  stopPrice: number | null;
  targetPrice: number | null;
  /** The first stop the position had: what R is counted in. */
  firstStopPrice: number | null;
  lowestPrice: number;
  highestPrice: number;
}

export interface StandingSignal {
  signalId: string;
  direction: 'LONG' | 'SHORT';
}

/** A policy document as far as changes are told: digests of its fields, and those of its versions so far. */
export interface BusPolicy {
  version: number;
  fields: Record<string, string>;
  versions: { version: number; digest: string }[];
}

/** A policy change whose fate the next entry tells: in force, or refused. */
export interface PendingPolicy {
  sequence: number;
  event: EventByType['policy.changed'];
  root: TraceRoot;
}

/** What the fold carries from entry to entry: plain JSON data, bounded by the desk's instruments, modules and policies. */
export interface BusState {
  desk: string;
  isWarm: boolean;
  /** True between an emergency stop that was told and its end. */
  isStopped: boolean;
  money: { currency: string; decimals: number } | null;
  maximumPositions: number | null;
  barIntervalMs: number | null;
  instruments: Record<InstrumentId, BusInstrument>;
  orders: Record<string, BusOrder>;
  trades: Record<InstrumentId, OpenTrade>;
  seenFills: string[];
  /** By signal module and instrument. */
  signals: Record<string, Record<InstrumentId, StandingSignal>>;
  /** By gate module and instrument: the signal it dropped and the code it gave. */
  verdicts: Record<string, Record<InstrumentId, string>>;
  policies: Record<string, BusPolicy>;
  modes: { cap: string; byModule: Record<string, string> } | null;
  pending: PendingPolicy | null;
}
