import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { applyFill, averagePrice, flatPosition, type Position } from '#domain/position.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { recordOf } from '#domain/records/record-tables.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { recordOrderFill } from './order-records.ts';
import { moneyOf, priceOf, quantityOf, type RecordedOrder, type RecordsState } from './records-state.ts';

/** Fills remembered so that a repeated one changes nothing: as many as the engine remembers. */
export const seenFillsMax = 4096;

type Change = (change: RecordChange) => void;

/** A fill, its order and its position. What the venue tells twice is recorded once. */
export function recordFill(
  state: RecordsState,
  fill: EventByType['order.filled'],
  entry: TailEntry,
  change: Change,
): void {
  if (!isNewFill(state, fill)) return;
  const order = recordOrderFill(state, fill, change);
  change(fillRecord(state, fill, order, entry));
  const position = state.positions[fill.instrument] ?? flatPosition(fill.instrument);
  state.positions[fill.instrument] = position;
  const { strategy } = position;
  const effect = applyFill(position, fill);
  if (effect.closedQuantity > 0) state.closedStrategies[fill.instrument] = strategy;
  if (effect.openedQuantity > 0) position.strategy = order?.request.strategy ?? 'external';
  change(positionRecord(state, position, entry));
}

/** The venue's books win over ours: what it does not report of a listed instrument is flat. */
export function recordReport(
  state: RecordsState,
  report: EventByType['venue.reconciled'],
  entry: TailEntry,
  change: Change,
): void {
  for (const id of Object.keys(state.decimals).sort()) {
    const position = state.positions[id] ?? flatPosition(id);
    const reported = report.positions.find(({ instrument }) => instrument === id);
    const signedQuantity = reported?.signedQuantity ?? 0;
    const cost = reported?.cost ?? 0;
    if (position.signedQuantity === signedQuantity && position.cost === cost) continue;
    if (position.signedQuantity * signedQuantity <= 0) position.openedAt = report.at;
    position.signedQuantity = signedQuantity;
    position.cost = cost;
    state.positions[id] = position;
    change(positionRecord(state, position, entry));
  }
}

export function recordRoundTrip(
  state: RecordsState,
  trip: EventByType['roundTrip.closed'],
  { sequence, root }: TailEntry,
  change: Change,
): void {
  const { instrument, direction, openedAt, reason } = trip;
  change(
    recordOf('round_trips', {
      sequence,
      instrument,
      direction,
      quantity: quantityOf(state, instrument, trip.quantity),
      entry_price: priceOf(state, instrument, trip.entryPrice),
      exit_price: priceOf(state, instrument, trip.exitPrice),
      realized_pnl: moneyOf(state, trip.realizedPnl),
      fees: moneyOf(state, trip.fees),
      financing: moneyOf(state, trip.financing),
      spread_cost: moneyOf(state, trip.spreadCost),
      maximum_adverse: moneyOf(state, trip.maximumAdverse),
      maximum_favorable: moneyOf(state, trip.maximumFavorable),
      strategy: state.closedStrategies[instrument] ?? null,
      reason,
      opened_at: openedAt,
      closed_at: trip.at,
      trace_id: traceIdOf(root),
    }),
  );
}

function isNewFill({ seenFills }: RecordsState, { instrument, fillId }: EventByType['order.filled']): boolean {
  const key = fillKey(instrument, fillId);
  if (Object.hasOwn(seenFills, key)) return false;
  seenFills[key] = true;
  const keys = Object.keys(seenFills);
  if (keys.length > seenFillsMax && keys[0] !== undefined) delete seenFills[keys[0]];
  return true;
}

/** Never the text of a whole number, which plain data would put before all others. */
function fillKey(instrument: InstrumentId, fillId: string): string {
  return `${instrument} ${fillId}`;
}

function fillRecord(
  state: RecordsState,
  fill: EventByType['order.filled'],
  order: RecordedOrder | undefined,
  { sequence, root }: TailEntry,
): RecordChange {
  const { instrument } = fill;
  return recordOf('fills', {
    instrument,
    fill_id: fill.fillId,
    client_order_id: fill.clientOrderId,
    venue_order_id: fill.venueOrderId,
    side: fill.side,
    purpose: order?.request.purpose ?? null,
    quantity: quantityOf(state, instrument, fill.quantity),
    price: priceOf(state, instrument, fill.price),
    fee: moneyOf(state, fill.fee),
    realized_pnl: moneyOf(state, fill.realizedPnl),
    spread_cost: moneyOf(state, fill.spreadCost),
    balance: moneyOf(state, fill.balance),
    is_pessimistic: fill.isPessimistic,
    strategy: order?.request.strategy ?? 'external',
    at: fill.at,
    venue_at: fill.venueAt,
    sequence,
    trace_id: traceIdOf(root),
  });
}

function positionRecord(state: RecordsState, position: Position, { sequence, event, root }: TailEntry): RecordChange {
  const { instrument, signedQuantity, strategy } = position;
  const isFlat = signedQuantity === 0;
  return recordOf('positions', {
    instrument,
    signed_quantity: quantityOf(state, instrument, signedQuantity),
    average_price: priceOf(state, instrument, isFlat ? null : averagePrice(position)),
    strategy,
    opened_at: isFlat ? null : position.openedAt,
    increased_at: isFlat ? null : position.increasedAt,
    changed_at: event.at,
    sequence,
    trace_id: traceIdOf(root),
  });
}
