import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { isTerminal, type OrderPurpose, signOf } from '#domain/order.ts';
import { isUnresolved } from './order-life.ts';
import type { OrderRecord, View } from './state.ts';

type ProtectivePurpose = Extract<OrderPurpose, 'stopLoss' | 'takeProfit'>;

/** Stops and targets of an instrument that have not ended, oldest first. */
export function protectiveOrders(
  view: View,
  instrument: InstrumentId,
  purpose: ProtectivePurpose,
): DeepReadonly<OrderRecord>[] {
  const found: DeepReadonly<OrderRecord>[] = [];
  for (const record of view.orders.values()) {
    if (record.request.instrument === instrument && record.request.purpose === purpose && !isTerminal(record.state))
      found.push(record);
  }
  return found;
}

/** Whether an order stands at the venue as far as is known: it was taken, and nobody has asked to cancel it. */
export function stands(record: DeepReadonly<OrderRecord>): boolean {
  const isTaken = record.state === 'accepted' || record.state === 'partiallyFilled';
  return isTaken && record.cancelRequestedAt === null && !isUnresolved(record);
}

export function remainingOf({ request, filledQuantity }: DeepReadonly<OrderRecord>): number {
  return Math.max(0, request.quantity - filledQuantity);
}

/** How much of a position its standing stops would close. */
export function coveredQuantity(view: View, instrument: InstrumentId): number {
  const held = view.positions[instrument]?.signedQuantity ?? 0;
  let covered = 0;
  for (const record of protectiveOrders(view, instrument, 'stopLoss')) {
    if (stands(record) && signOf(record.request.side) * held < 0) covered += remainingOf(record);
  }
  return covered;
}

/** Our ids of the stops and targets that guard what is held: a kill leaves them, since without them the position stands naked. */
export function protectiveOrderIds(view: View): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { request, state } of view.orders.values()) {
    const isProtective = request.purpose === 'stopLoss' || request.purpose === 'takeProfit';
    const held = view.positions[request.instrument]?.signedQuantity ?? 0;
    if (isProtective && !isTerminal(state) && signOf(request.side) * held < 0) ids.add(request.clientOrderId);
  }
  return ids;
}
