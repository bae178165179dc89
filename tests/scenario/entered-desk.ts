import assert from 'node:assert/strict';
import type { OrderRequest } from '#domain/order.ts';
import type { Module } from '#engine/module.ts';
import { type OpenedDesk, type OpenedOptions, openedDesk, plannedTarget } from '../support/opened-desk.ts';
import { slotModule } from '../support/slot-module.ts';

/** Wants 1000 euros with a stop at 1.09900 and, unless told otherwise, a target at 1.10300; once. */
export function once(targetPrice: number | null = 110_300): Module {
  return slotModule('allocation', 'once', (value, { view }) =>
    view.counts.orders === 0 ? [plannedTarget(1_000, { targetPrice })] : value,
  );
}

export interface Entered {
  readonly desk: OpenedDesk;
  readonly entry: string;
  /** Our id of the newest order with this purpose. */
  idOf(purpose: OrderRequest['purpose']): string;
}

/** A desk whose entry has been taken by a venue that keeps no brackets unless told. */
export function entering(modules: readonly Module[] = [once(null)], options: OpenedOptions = {}): Entered {
  const desk = openedDesk(modules, options);
  desk.minute();
  const entry = desk.newest().clientOrderId;
  desk.accept(entry);
  return { desk, entry, idOf: (purpose) => idOf(desk, purpose) };
}

/** A desk that holds its 1000 euros and whose stop stands. */
export function protectedDesk(modules: readonly Module[] = [once(null)]): Entered {
  const entered = entering(modules);
  entered.desk.fill(entered.entry);
  for (const { request, state } of entered.desk.view.orders.values())
    if (state === 'submitted') entered.desk.accept(request.clientOrderId);
  return entered;
}

export function idOf({ view }: OpenedDesk, purpose: OrderRequest['purpose']): string {
  const record = [...view.orders.values()].findLast(({ request }) => request.purpose === purpose);
  assert.ok(record !== undefined, `there is no '${purpose}'`);
  return record.request.clientOrderId;
}

export const stopFor = (quantity: number, stopPrice = 109_900) =>
  [
    'order.submitted',
    { order: { side: 'sell', quantity, orderType: 'stop', stopPrice, isReduceOnly: true, purpose: 'stopLoss' } },
  ] as const;

export const exitFor = (quantity: number, reason: string) =>
  [
    'order.submitted',
    { order: { side: 'sell', quantity, orderType: 'market', isReduceOnly: true, purpose: 'exit', reason } },
  ] as const;

/** The entry has filled, and its stop is on its way. */
export function filledOnly(): Entered {
  const entered = entering();
  entered.desk.fill(entered.entry);
  return entered;
}
