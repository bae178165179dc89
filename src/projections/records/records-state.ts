import type { Event, EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { OrderRequest, OrderState } from '#domain/order.ts';
import type { Position } from '#domain/position.ts';
import type { RecordRow } from '#domain/records/record-tables.ts';
import { toDecimal } from '#domain/scale.ts';
import { type AuditState, createAuditState } from '#projections/audit/audit-state.ts';

/** An order whose row may still change: what was asked for, and what came of it in whole steps. */
export interface RecordedOrder {
  request: OrderRequest;
  state: OrderState;
  parentOrderId: string | null;
  venueOrderId: string | null;
  filledQuantity: number;
  /** Fill prices times quantities, in ticks and steps. */
  filledValue: number;
  fees: number;
  realizedPnl: number;
  endCode: string | null;
  endReason: string | null;
  submittedAt: number;
  acceptedAt: number | null;
  changedAt: number;
  sequence: number;
  traceId: string;
}

/** How the account's money is counted; the first desk policy tells it. */
export interface MoneyBasis {
  accountCurrency: string | null;
  decimals: number | null;
}

/** A policy change that the next event may refuse, and how money was counted before it. */
export interface PendingPolicy {
  row: RecordRow<'policy_history'>;
  moneyBefore: MoneyBasis;
}

/** What the fold into the records carries from event to event: plain data, bounded by instruments, open orders and the limits of its parts. */
export interface RecordsState {
  run: { started: EventByType['run.started']; sequence: number; traceId: string } | null;
  money: MoneyBasis;
  decimals: Record<InstrumentId, { readonly price: number; readonly quantity: number }>;
  orders: Record<string, RecordedOrder>;
  endedOrderIds: string[];
  seenFills: Record<string, true>;
  positions: Record<InstrumentId, Position>;
  /** The strategy of the position that the last fill closed. */
  closedStrategies: Record<InstrumentId, string>;
  alerts: Record<string, RecordRow<'alerts'>>;
  policy: PendingPolicy | null;
  /** Jobs whose end is waited for. */
  jobs: Record<string, RecordRow<'job_runs'>>;
  audit: AuditState;
}

export function createRecordsState(): RecordsState {
  return {
    run: null,
    money: { accountCurrency: null, decimals: null },
    decimals: {},
    orders: {},
    endedOrderIds: [],
    seenFills: {},
    positions: {},
    closedStrategies: {},
    alerts: {},
    policy: null,
    jobs: {},
    audit: createAuditState(),
  };
}

/** Learns how figures are counted, as the engine does: an instrument is listed once. */
export function learnFigures(state: RecordsState, event: Event): void {
  if (event.type !== 'instrument.listed') return;
  const { id, priceDecimals, quantityDecimals } = event.instrument;
  state.decimals[id] ??= { price: priceDecimals, quantity: quantityDecimals };
}

/** A price in ticks, or a fraction of them, as a decimal; null where the instrument was never listed. */
export function priceOf(state: RecordsState, instrument: InstrumentId, ticks: number | null): number | null {
  const decimals = state.decimals[instrument];
  return decimals === undefined || ticks === null ? null : toDecimal(ticks, decimals.price);
}

/** A quantity in steps as a decimal; null where the instrument was never listed. */
export function quantityOf(state: RecordsState, instrument: InstrumentId, steps: number): number | null {
  const decimals = state.decimals[instrument];
  return decimals === undefined ? null : toDecimal(steps, decimals.quantity);
}

/** Money steps as an amount of the account currency; null before the desk's policy says how it is counted. */
export function moneyOf(state: RecordsState, steps: number): number | null {
  return state.money.decimals === null ? null : toDecimal(steps, state.money.decimals);
}
